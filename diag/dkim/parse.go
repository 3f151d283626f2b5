package dkim

import (
	"cmp"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	blanks   = " \t\r\n" // FWS of RFC 6376 §2.8, unfolded or not
	maxText  = 16 << 10  // an RSA key of 65536 bits has 11 KiB
	maxList  = 32        // words of a list
	maxQuote = 60        // bytes of Fault.Text
	maxFault = 64
)

// IsKey reports whether a TXT text is meant as a key: it starts with v=DKIM1,
// or it has a tag p and does not say that it is something else, or a key can be
// read in it.
func IsKey(txt string) bool {
	if isTagged(txt) {
		return true
	}
	_, ok := read(txt)
	return ok
}

// isTagged reports whether a text has the tags of a key.
func isTagged(txt string) bool {
	txt = txt[:min(len(txt), maxText)]
	for n, seg := 0, ""; txt != ""; n++ {
		seg, txt, _ = strings.Cut(txt, ";")
		name, value, ok := strings.Cut(seg, "=")
		name = strings.Trim(name, blanks+`"'\`)
		value = strings.Trim(value, blanks)
		switch {
		case !ok:
		case n == 0 && strings.EqualFold(name, "v"):
			if hasFold(value, "DKIM1") {
				return true
			}
			if isOther(value) {
				return false
			}
		case strings.EqualFold(name, "p"):
			return true
		}
	}
	return false
}

func hasFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// isOther knows the versions of the other records of mail.
func isOther(v string) bool {
	for _, w := range [...]string{"spf1", "spf2", "DMARC", "BIMI", "STS", "TLSRPT"} {
		if hasFold(v, w) {
			return true
		}
	}
	return false
}

// ParseKey reads a record and tells all its faults, in their order. It reads
// what can be read, also of a text that is no key record.
func ParseKey(txt string) (*Key, []Fault) {
	p := parser{txt: txt, key: &Key{Text: txt, Type: "rsa"}, pAt: -1}
	if len(txt) > maxText {
		p.fault(TooLong, maxText, "", txt[maxText:], strconv.Itoa(maxText))
		p.txt = txt[:maxText]
	}
	for start, n := 0, 0; start <= len(p.txt); n++ {
		end := strings.IndexByte(p.txt[start:], ';')
		if end < 0 {
			end = len(p.txt)
		} else {
			end += start
		}
		p.segment(start, end, n)
		start = end + 1
	}
	if p.pAt < 0 {
		p.fault(MissingP, len(p.txt), "p", p.txt, "p=…")
	} else {
		p.public()
	}
	slices.SortStableFunc(p.faults, func(a, b Fault) int { return a.Offset - b.Offset })
	return p.key, p.faults
}

type parser struct {
	txt    string
	key    *Key
	faults []Fault
	seen   uint32
	others []string
	pAt    int // where the value of p starts
	pEnd   int
}

const known = "vkhstnpg"

func (p *parser) fault(k Kind, at int, tag, text, expected string) {
	if len(p.faults) < maxFault {
		n := min(len(text), maxQuote)
		for n < len(text) && n > maxQuote-utf8.UTFMax && !utf8.RuneStart(text[n]) {
			n--
		}
		p.faults = append(p.faults, Fault{Kind: k, Offset: at, Tag: tag, Text: text[:n], Expected: expected})
	}
}

func isBlank(c byte) bool { return strings.IndexByte(blanks, c) >= 0 }

// segment reads what stands between two semicolons.
func (p *parser) segment(start, end, n int) {
	last := end == len(p.txt)
	for start < end && isBlank(p.txt[start]) {
		start++
	}
	for end > start && isBlank(p.txt[end-1]) {
		end--
	}
	if start == end {
		if !last { // a semicolon at the end is allowed
			p.fault(EmptyTag, start, "", ";", "tag=value")
		}
		return
	}
	if p.txt[end-1] == '\\' && !last {
		p.fault(Escaped, end-1, "", `\;`, ";")
		for end > start && (p.txt[end-1] == '\\' || isBlank(p.txt[end-1])) {
			end--
		}
		if start == end {
			return
		}
	}
	p.tag(start, end, n)
}

// tag reads one tag=value.
func (p *parser) tag(start, end, n int) {
	s := p.txt[start:end]
	eq := strings.IndexByte(s, '=')
	if eq < 0 {
		p.fault(NoEquals, start, "", s, "tag=value")
		return
	}
	raw := strings.TrimRight(s[:eq], blanks)
	if !isName(raw) {
		p.fault(BadName, start, "", cmp.Or(raw, s), "tag=value")
		return
	}
	at := start + eq + 1
	for at < end && isBlank(p.txt[at]) {
		at++
	}
	name, value := raw, p.txt[at:end]
	i := tagIndex(name)
	if i < 0 {
		if i = tagIndex(strings.ToLower(name)); i >= 0 {
			name = strings.ToLower(name)
			p.fault(UpperCase, start, name, raw, name)
		}
	}
	if i < 0 {
		if slices.Contains(p.others, name) {
			p.fault(Duplicate, start, name, s, "1 × "+name+"=")
			return
		}
		if len(p.others) < maxList {
			p.others = append(p.others, name)
		}
		p.plain(name, value, at)
		p.fault(UnknownTag, start, name, s, "")
		return
	}
	if p.seen&(1<<i) != 0 {
		p.fault(Duplicate, start, name, s, "1 × "+name+"=")
		return
	}
	p.seen |= 1 << i
	if name != "p" {
		p.plain(name, value, at)
	}
	p.value(name, value, start, at, end, n)
}

func tagIndex(name string) int {
	if len(name) != 1 {
		return -1
	}
	return strings.IndexByte(known, name[0])
}

// isName is tag-name of RFC 6376 §3.2.
func isName(s string) bool {
	for i := range len(s) {
		c := s[i] | 0x20
		if !('a' <= c && c <= 'z' || i > 0 && ('0' <= s[i] && s[i] <= '9' || s[i] == '_')) {
			return false
		}
	}
	return s != ""
}

// plain checks the characters of a value.
func (p *parser) plain(name, value string, at int) {
	for i := range len(value) {
		if c := value[i]; (c < ' ' || c > '~') && !isBlank(c) {
			_, size := utf8.DecodeRuneInString(value[i:])
			p.fault(BadCharacter, at+i, name, value[i:i+size], "%x20-7E")
			return
		}
	}
}

func (p *parser) value(name, value string, start, at, end, n int) {
	k := p.key
	switch name {
	case "v":
		if value != "DKIM1" {
			p.fault(BadVersion, at, name, value, "v=DKIM1;")
			p.glued(value, at, end)
		}
		if n > 0 {
			p.fault(LateVersion, start, name, p.txt[start:end], "v=DKIM1; …")
		}
	case "k":
		switch t := strings.ToLower(value); t {
		case "rsa", "ed25519", "mldsa44", "mldsa44-ed25519-sha512":
			k.Type = t
			if t != value {
				p.fault(ValueCase, at, name, value, t)
			}
		case "":
			p.fault(EmptyValue, at, name, p.txt[start:end], "rsa | ed25519")
		default:
			k.Type = t[:min(len(t), maxQuote)]
			p.fault(UnknownType, at, name, value, "rsa | ed25519")
			p.glued(value, at, end)
		}
	case "h":
		k.Hashes = p.list(name, value, at)
		if len(k.Hashes) > 0 && !slices.Contains(k.Hashes, "sha256") {
			p.fault(BadHash, at, name, value, "h=sha256")
		}
	case "s":
		k.Services = p.list(name, value, at)
		if len(k.Services) > 0 && !serves(k.Services) {
			p.fault(BadService, at, name, value, "s=email")
		}
	case "t":
		k.Flags = p.list(name, value, at)
	case "n":
		k.Notes = value
	case "p":
		p.pAt, p.pEnd = at, end
	case "g":
		p.fault(RemovedTag, start, name, p.txt[start:end], "")
	}
}

// glued reads what follows a value without its semicolon: "v=DKIM1 k=rsa".
func (p *parser) glued(value string, at, end int) {
	if i := strings.IndexAny(value, blanks); i >= 0 && strings.IndexByte(value[i:], '=') > 0 {
		if last := len(p.faults) - 1; p.faults[last].Kind == UnknownType && p.faults[last].Offset == at {
			if w := strings.Trim(strings.ToLower(value[:i]), ":,."); w == "rsa" || w == "ed25519" || w == "mldsa44" {
				p.key.Type, p.faults[last].Kind = w, NoEquals // the semicolon is what lacks
			}
		}
		p.segment(at+i, end, 1)
	}
}

// list reads words with colons between them.
func (p *parser) list(name, value string, at int) []string {
	var out []string
	if value == "" {
		kind := EmptyValue
		if name == "t" {
			kind = EmptyFlags
		}
		p.fault(kind, at, name, name+"=", name+"=…")
		return nil
	}
	for w := range strings.SplitSeq(value, ":") {
		t := strings.Trim(w, blanks)
		l := strings.ToLower(t)
		switch {
		case t == "":
			p.fault(EmptyValue, at, name, value, name+"=…")
		case len(out) == maxList:
			p.fault(TooLong, at, name, value, strconv.Itoa(maxList))
			return out
		case strings.Trim(l, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" && t != "*": // hyphenated-word of RFC 6376 §3.6.1
			p.fault(BadWord, at+strings.Index(w, t), name, t, name+"=…:…;")
		default:
			if l != t {
				p.fault(ValueCase, at+strings.Index(w, t), name, t, l)
			}
			if !slices.Contains(out, l) {
				out = append(out, l)
			}
		}
		at += len(w) + 1
	}
	return out
}

// public reads the key itself.
func (p *parser) public() {
	raw := p.txt[p.pAt:p.pEnd]
	if raw == "" {
		p.key.Revoked = true
		return
	}
	b := make([]byte, 0, len(raw))
	pad := 0
	for i := range len(raw) {
		c := raw[i]
		switch {
		case isBlank(c):
		case c == '=' && len(b) > 0:
			pad++
		case pad > 0 || !isBase64(c):
			p.fault(BadBase64, p.pAt+i, "p", raw[i:], "A-Z a-z 0-9 + / =")
			return
		default:
			b = append(b, c)
		}
	}
	data := make([]byte, base64.RawStdEncoding.DecodedLen(len(b)))
	n, err := base64.RawStdEncoding.Decode(data, b)
	if err != nil || pad != (4-len(b)%4)%4 {
		p.fault(BadBase64, p.pEnd, "p", raw[max(0, len(raw)-8):], "4 × n [A-Za-z0-9+/=]")
		if err != nil {
			return
		}
	}
	p.key.Data = data[:n]
	p.size()
}

func isBase64(c byte) bool {
	return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '+' || c == '/'
}

// size finds the bits of the key.
func (p *parser) size() {
	k := p.key
	if text := p.txt[p.pAt:p.pEnd]; k.Type == "ed25519" && oneCase(text) { // any 32 bytes look like a key
		p.fault(NotKey, p.pAt, "p", text, "A-Z a-z")
		return
	}
	switch k.Type {
	case "rsa":
		if pub := rsaKey(k.Data); pub != nil {
			k.Bits = pub.N.BitLen()
			if pub.E < 3 || pub.E%2 == 0 {
				k.useless = true
				p.fault(BadExponent, p.pAt, "p", "e="+strconv.Itoa(pub.E), "e=65537")
			}
			return
		}
		expected := "RSAPublicKey | SubjectPublicKeyInfo"
		if len(k.Data) == ed25519Bytes {
			expected = "k=ed25519"
		}
		p.fault(NotKey, p.pAt, "p", p.txt[p.pAt:p.pEnd], expected)
	case "ed25519":
		if len(k.Data) == ed25519Bytes {
			k.Bits = 256
			return
		}
		expected := "32 bytes"
		if rsaKey(k.Data) != nil {
			expected = "k=rsa"
		}
		p.fault(NotKey, p.pAt, "p", p.txt[p.pAt:p.pEnd], expected)
	}
}

const ed25519Bytes = 32 // RFC 8463 §4: the bare key

// rsaKey takes both forms in use: SubjectPublicKeyInfo and RSAPublicKey
// (RFC 6376 §3.6.1, erratum 3017). An exponent beyond 31 bits makes no key
// here: few verifiers take one.
func rsaKey(der []byte) *rsa.PublicKey {
	if pub, err := x509.ParsePKIXPublicKey(der); err == nil {
		k, _ := pub.(*rsa.PublicKey)
		return k
	}
	k, err := x509.ParsePKCS1PublicKey(der)
	if err != nil {
		return nil
	}
	return k
}
