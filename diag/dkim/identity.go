package dkim

import (
	"strings"

	"todoku/diag/resolve"
)

// name is a domain name or selector in ASCII (RFC 8616 §3), with so many labels at least. Of what is none it gives what stands
// there.
func (s *Signature) name(value string, labels int) string {
	ascii, err := resolve.ToASCII(value)
	if err != nil || !isDomain(ascii, labels) || strings.HasSuffix(value, ".") {
		s.add(MalformedSignature)
		return value
	}
	return ascii
}

// isDomain is domain-name of RFC 6376 §3.5, with underscores, which some selectors have.
func isDomain(name string, labels int) bool {
	n := 0
	for label := range strings.SplitSeq(name, ".") {
		n++
		if label == "" || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			if c := label[i]; !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '_') {
				return false
			}
		}
	}
	return n >= labels
}

// identity reads i= beside d=: an address or "@" and a domain, in quoted-printable; the domain is d= or below it.
func (s *Signature) identity() {
	if s.Identity == "" {
		s.Identity = "@" + s.Domain
		return
	}
	text, ok := decodeQP(s.Identity)
	if !ok {
		s.add(MalformedSignature)
		return
	}
	s.Identity = text
	at := strings.LastIndexByte(text, '@')
	if at < 0 {
		s.add(MalformedSignature)
		return
	}
	domain, err := resolve.ToASCII(text[at+1:])
	if err != nil || !isDomain(domain, 1) { // a top-level domain is outside of d= rather than no domain
		s.add(MalformedSignature)
		return
	}
	if isDomain(s.Domain, 2) && !resolve.Within(domain, s.Domain) {
		s.add(IdentityOutside)
	}
}

// identityDomain is the domain of i= in ASCII; that of d= where i= cannot be read.
func (s *Signature) identityDomain() string {
	domain, err := resolve.ToASCII(s.Identity[strings.LastIndexByte(s.Identity, '@')+1:])
	if err != nil {
		return s.Domain
	}
	return domain
}

// decodeQP decodes DKIM-Quoted-Printable (RFC 6376 §2.11): blanks and folds count for nothing.
func decodeQP(value string) (string, bool) {
	value = Plain(value)
	if strings.IndexByte(value, '=') < 0 {
		return value, true
	}
	b := make([]byte, 0, len(value))
	for i := 0; i < len(value); i++ {
		if value[i] != '=' {
			b = append(b, value[i])
			continue
		}
		if i+2 >= len(value) {
			return value, false
		}
		high, low := hexDigit(value[i+1]), hexDigit(value[i+2])
		if high < 0 || low < 0 {
			return value, false
		}
		b = append(b, byte(high<<4|low))
		i += 2
	}
	return string(b), true
}

// hexDigit is the value of a digit, -1 for another octet. The grammar has capitals only; small letters are read too.
func hexDigit(c byte) int {
	if 'a' <= c && c <= 'f' {
		c -= 'a' - 'A'
	}
	return strings.IndexByte("0123456789ABCDEF", c)
}

// Copied is a field as it was when the mail was signed (z= of RFC 6376 §3.5). It says nothing for sure: verifiers do not use it.
type Copied struct{ Name, Value string }

const maxCopied = 200

// parseCopied reads z=; what cannot be read is left out.
func parseCopied(value string) (list []Copied) {
	for part := range strings.SplitSeq(value, "|") {
		name, text, ok := strings.Cut(part, ":")
		if !ok || len(list) == maxCopied {
			continue
		}
		name = Plain(name)
		if text, ok = decodeQP(text); ok && isFieldName(name) {
			list = append(list, Copied{name, text})
		}
	}
	return list
}

// equalFold compares names of fields: ASCII letters have no case.
func equalFold(a, b string) bool { return len(a) == len(b) && strings.EqualFold(a, b) }
