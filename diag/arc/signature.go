package arc

import (
	"encoding/base64"
	"strconv"

	"todoku/diag/dkim"
)

// signed is an AMS or AS while it is judged.
type signed struct {
	*Signature
	part *part
	step step
	alg  dkim.Algorithm
	b    []byte // b= decoded; nil where it is no base64
}

// tagFault is a fault of a tag list as one of a chain. For a list that cannot be read there is no word of its own: the tags
// that stand there are missing.
func tagFault(f dkim.Fault) Fault {
	out := Fault{Reason: MissingTag, Tag: f.Tag, Text: f.Text}
	if f.Kind == dkim.Duplicate {
		out.Reason = DuplicateTag
	}
	return out
}

// fault adds what is wrong with the signature.
func (s *signed) fault(r Reason, tag, text string) {
	s.State = Broken
	s.Faults = append(s.Faults, Fault{Instance: s.part.instance, Kind: s.part.kind, Reason: r, Tag: tag, Text: short(text), step: s.step})
}

// read takes what both kinds of signatures have, and reports the faults of the tags needed (RFC 6376 §3.5). A tag without a
// value counts as missing, except for h=.
func (s *signed) read(needed ...string) {
	p := s.part
	for _, f := range p.syntax {
		s.fault(f.Reason, f.Tag, f.Text)
	}
	for _, name := range needed {
		if v, there := p.tag(name); !there || v == "" && name != "h" {
			s.fault(MissingTag, name, "")
		}
	}
	s.Domain, _ = p.tag("d")
	s.Selector, _ = p.tag("s")
	s.Algorithm, _ = p.tag("a")
	if t, there := p.tag("t"); there {
		var ok bool
		if s.Time, ok = seconds(t); !ok {
			s.fault(MissingTag, "t", t)
		}
	}
	switch s.alg = dkim.Algorithm(s.Algorithm); s.alg { // RFC 8301 §3.1 forbids rsa-sha1; values have their case (RFC 6376 §3.2)
	case dkim.RSASHA256, dkim.Ed25519SHA256, "":
	default:
		s.fault(BadAlgorithm, "a", s.Algorithm)
	}
	b, _ := p.tag("b")
	s.b = decoded(b)
}

// usable reports whether nothing was found that makes the signature meaningless.
func (s *signed) usable() bool { return len(s.Faults) == 0 }

// verify holds the signature against the sum of what it signs, or tells why its key cannot be used.
func (s *signed) verify(k keyAnswer, sum [32]byte, mismatch Reason) {
	s.KeyBits = k.bits
	switch reason := k.verify(s.alg, sum, s.b); reason {
	case "":
		if s.State != Broken {
			s.State = Holds
		}
	case dkim.DNSTemporary:
		s.unknown(k.Err)
	case dkim.SignatureMismatch:
		s.fault(mismatch, "b", "")
	case dkim.KeyRevoked:
		s.fault(KeyRevoked, "", "")
	case dkim.KeyTooSmall:
		s.fault(KeyTooSmall, "", strconv.Itoa(k.bits))
	default: // there is none, or none that may be used
		s.fault(NoKey, "", string(reason))
	}
}

// unknown notes why the signature could not be verified. What is broken stays so.
func (s *Signature) unknown(err error) {
	if s.Err = err; s.State != Broken {
		s.State = Unknown
	}
}

// decoded reads base64 with folds in it; nil where it is none.
func decoded(v string) []byte {
	b, err := base64.StdEncoding.DecodeString(dkim.Plain(v))
	if err != nil {
		return nil
	}
	return b
}
