package dkim

import (
	"encoding/base64"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"todoku/sender/mail"
)

const (
	maxSigned = 1000 // names of h=
	lastYear  = 253402300799
)

// parseSignature reads a field, and notes what is wrong with it alone: all but key, body and signature (RFC 6376 §6.1.1).
func parseSignature(f mail.RawField, now time.Time) *Signature {
	s := &Signature{Field: f, Canon: "simple/simple"}
	s.Tags, s.Faults = ParseTags(string(f.RawValue()))
	for _, fault := range s.Faults {
		if fault.Kind == Duplicate {
			s.add(DuplicateTag)
		} else {
			s.add(MalformedSignature)
		}
	}
	for _, name := range [...]string{"v", "a", "b", "bh", "d", "h", "s"} {
		if _, ok := s.Tags.Get(name); !ok {
			s.add(MissingTag)
		}
	}
	for i := range s.Tags {
		if t := &s.Tags[i]; t.Value == "" && isSignatureTag(t.Name) {
			s.add(MalformedSignature)
		} else if t.Value != "" {
			s.read(t.Name, t.Value)
		}
	}
	s.identity()
	s.times(now)
	s.shown = !s.hasAny(UnsupportedVersion, UnsupportedCanon, DuplicateTag) && s.Signed != nil
	return s
}

// isSignatureTag reports whether a tag is one whose value may not be empty.
func isSignatureTag(name string) bool {
	return len(name) == 1 && strings.Contains("vabcdhilqstx", name) || name == "bh"
}

func (s *Signature) hasAny(reasons ...Reason) bool {
	return slices.ContainsFunc(s.Reasons, func(r Reason) bool { return slices.Contains(reasons, r) })
}

func (s *Signature) add(r Reason) { s.Reasons = addReason(s.Reasons, r) }

// read takes one value that is not empty. Of a tag that is there twice the last one counts; such a signature is refused.
func (s *Signature) read(name, value string) {
	switch name {
	case "v":
		if value != "1" {
			s.add(UnsupportedVersion)
		}
	case "a":
		switch s.Algorithm = Algorithm(value); s.Algorithm {
		case RSASHA256, Ed25519SHA256:
		case RSASHA1:
			s.add(WeakHash)
		default:
			s.add(UnsupportedAlgorithm)
		}
	case "b":
		s.signature = s.base64(value)
	case "bh":
		s.BodyHash = s.base64(value)
	case "c":
		s.canon(value)
	case "d":
		s.Domain = s.name(value, 2)
	case "s":
		s.Selector = s.name(value, 1)
	case "h":
		s.names(value)
	case "i":
		s.Identity = value
	case "l":
		s.readLimit(value)
	case "q":
		s.query(value)
	case "z":
		s.Copied = parseCopied(value)
	}
}

func (s *Signature) base64(value string) []byte {
	data, err := base64.StdEncoding.DecodeString(Plain(value))
	if err != nil || len(data) == 0 {
		s.add(MalformedSignature)
		return nil
	}
	return data
}

// canon reads c=: one word, or two with a slash; the body is simple where only the header's is given.
func (s *Signature) canon(value string) {
	header, body, both := strings.Cut(value, "/")
	if !both {
		body = "simple"
	}
	var known [2]bool
	s.Header, known[0] = canonOf(header)
	s.Body, known[1] = canonOf(body)
	if known[0] && known[1] {
		s.Canon = header + "/" + body
		return
	}
	s.Canon = value
	s.add(UnsupportedCanon)
}

func canonOf(word string) (c Canon, known bool) {
	if word == "relaxed" {
		return Relaxed, true
	}
	return Simple, word == "simple"
}

// names reads h=, which must have From.
func (s *Signature) names(value string) {
	s.Signed = strings.Split(value, ":")
	for i, name := range s.Signed {
		s.Signed[i] = strings.Trim(name, blanks)
		if !isFieldName(s.Signed[i]) {
			s.add(MalformedSignature)
		}
	}
	if len(s.Signed) > maxSigned {
		s.Signed = s.Signed[:maxSigned]
		s.add(MalformedSignature)
	}
	if !s.Covers("From") {
		s.add(FromNotSigned)
	}
}

// isFieldName is field-name of RFC 5322 §3.6.8.
func isFieldName(name string) bool {
	for i := range len(name) {
		if c := name[i]; c <= ' ' || c > '~' || c == ':' {
			return false
		}
	}
	return name != ""
}

// readLimit reads l=, up to 76 digits.
func (s *Signature) readLimit(value string) {
	if !isNumber(value) || len(value) > 76 {
		s.add(MalformedSignature)
		s.Limited, s.Limit = true, -1
		return
	}
	s.Limited, s.Limit = true, number(value)
}

func isNumber(value string) bool {
	for i := range len(value) {
		if value[i] < '0' || value[i] > '9' {
			return false
		}
	}
	return value != ""
}

// number is the value of digits; math.MaxInt64 for all that is more.
func number(digits string) int64 {
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return math.MaxInt64
	}
	return n
}

// query reads q=: of several ways to get the key one has to be known.
func (s *Signature) query(value string) {
	for method := range strings.SplitSeq(value, ":") {
		if strings.Trim(method, blanks) == "dns/txt" {
			return
		}
	}
	s.add(UnsupportedQuery)
}

// times reads t= and x=. More than twelve digits mean never (RFC 6376 §3.5).
func (s *Signature) times(now time.Time) {
	signed, hasSigned := s.time("t")
	expires, hasExpires := s.time("x")
	if hasSigned {
		s.Time, s.FromFuture = moment(signed), signed > now.Unix()
	}
	if !hasExpires {
		return
	}
	s.Expires = moment(expires)
	if hasSigned && expires <= signed {
		s.add(MalformedSignature)
	}
	if now.Unix() > expires {
		s.add(Expired)
	}
}

func (s *Signature) time(tag string) (seconds int64, ok bool) {
	value, ok := s.Tags.Get(tag)
	if !ok || value == "" {
		return 0, false
	}
	if !isNumber(value) {
		s.add(MalformedSignature)
		return 0, false
	}
	return number(value), true
}

func moment(seconds int64) time.Time {
	if seconds > lastYear {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}
