package dkim

import (
	"io"
	"slices"
	"time"

	"todoku/sender/mail"
)

// Signature is one DKIM-Signature of a mail and what became of it.
type Signature struct {
	Field mail.RawField // as it stands
	Index int           // of the field in the mail

	Domain     string // d=, in ASCII and lower case; as written where it is no domain name
	Selector   string // s=, likewise
	Identity   string // i=, decoded; "@" and the domain where it is not given
	Algorithm  Algorithm
	Header     Canon // of the header, where c= can be read
	Body       Canon
	Canon      string   // c= in full, "simple/simple" where it is not given; as written where it is unknown
	Signed     []string // h=, as written
	Absent     []string // names of h= for which no field was left: a field of that name that comes later breaks the signature
	BodyHash   []byte   // bh=
	Computed   []byte   // the hash of the body as it is; nil where it was not computed
	Limited    bool     // l= is given
	Limit      int64    // l= in octets of the canonical body; math.MaxInt64 for all that is more, -1 where it is no number
	Unsigned   int64    // octets of the canonical body behind l=
	Time       time.Time
	Expires    time.Time // zero where not given, and beyond the year 9999
	FromFuture bool      // t= is later than now: told, no reason to refuse (RFC 6376 §3.5)
	Copied     []Copied  // z=

	Key    *Key      // that was used, or the one that comes nearest; nil for none
	Answer KeyAnswer // of DNS; zero where nothing was asked
	Result Result
	// Reason is the first of Reasons, which are all in the order of their constants; both empty for Pass and Neutral.
	Reason  Reason
	Reasons []Reason
	Tags    Tags    // of the field, offsets behind its colon
	Faults  []Fault // of the tag list

	signature []byte // b=
	held      bool   // the body hash is that of the body
	verified  bool   // the key verified the signature over the header
	shown     bool   // the tags are those of version 1, and say which octets are signed
}

// Testing reports that the key has t=y: receivers treat a failure like a mail without a signature (RFC 6376 §3.6.1).
func (s *Signature) Testing() bool { return s.Key != nil && s.Key.Testing() }

// KeyBits is the size of the key, 0 where none is known.
func (s *Signature) KeyBits() int {
	if s.Key == nil {
		return 0
	}
	return s.Key.Bits
}

// HeaderHolds reports that the key verified the signature over the header, whatever the body is; a body hash that does not
// hold is then the only thing that changed.
func (s *Signature) HeaderHolds() bool { return s.verified }

// BodyHolds reports that the body is the one that was signed, as far as l= goes.
func (s *Signature) BodyHolds() bool { return s.held }

// Covers reports whether h= has a name, in any case.
func (s *Signature) Covers(name string) bool {
	return slices.ContainsFunc(s.Signed, func(n string) bool { return equalFold(n, name) })
}

// Oversigned reports whether one more field of a name would break the signature (RFC 6376 §8.15).
func (s *Signature) Oversigned(name string) bool {
	return slices.ContainsFunc(s.Absent, func(n string) bool { return equalFold(n, name) })
}

// SignedFields lists the fields that are signed, in the order of h=, the field of the signature itself left out.
func (s *Signature) SignedFields(r mail.Raw) []mail.RawField {
	fields, _ := selectFields(nil, r, s.Signed, s.Index)
	return fields
}

// HeaderBytes are the canonical octets of the header that the signature covers, its own field last (RFC 6376 §3.7); nil where
// its tags do not say which.
func (s *Signature) HeaderBytes(r mail.Raw) []byte {
	if !s.shown {
		return nil
	}
	return s.appendHeader(nil, s.SignedFields(r))
}

func (s *Signature) appendHeader(dst []byte, fields []mail.RawField) []byte {
	for _, f := range fields {
		dst = AppendField(dst, s.Header, f)
	}
	return AppendSignatureField(dst, s.Header, s.Field)
}

// WriteBody writes the octets of the body that the signature covers: canonical, and cut at l=.
func (s *Signature) WriteBody(w io.Writer, r mail.Raw) error {
	if s.Limited && s.Limit >= 0 {
		w = &cutWriter{w, s.Limit}
	}
	b := NewBody(w, s.Body)
	if _, err := b.Write(r.Body); err != nil {
		return err
	}
	return b.Close()
}

// cutWriter passes on so many octets and drops the rest.
type cutWriter struct {
	w    io.Writer
	left int64
}

func (c *cutWriter) Write(p []byte) (int, error) {
	n := min(int64(len(p)), c.left)
	c.left -= n
	if n == 0 {
		return len(p), nil
	}
	if _, err := c.w.Write(p[:n]); err != nil {
		return 0, err
	}
	return len(p), nil
}
