package arc

import (
	"crypto/sha256"
	"hash"
	"strings"

	"todoku/diag/dkim"
)

// newSeal reads an AS (RFC 8617 §4.1.3), and tells the faults that its text shows.
func newSeal(p *part, out *Signature) *signed {
	s := &signed{Signature: out, part: p, step: stepStructure}
	s.read("a", "b", "d", "s") // cv= is judged with the structure
	if h, there := p.tag("h"); there {
		s.fault(SealHTag, "h", h)
	}
	if c, there := p.tag("c"); there { // no tag of an AS: it is always relaxed
		if header, _, _ := strings.Cut(c, "/"); header != dkim.Relaxed.String() {
			s.fault(BadCanonicalization, "c", c)
		}
	}
	return s
}

// sealSums makes the SHA-256 of what each seal signs, by instance: the sets up to its own (RFC 8617 §5.1.1). A seal that says
// cv=fail signs its own set alone (§5.1.2). A seal over a set that is missing or not whole has none.
func sealSums(slots []*slot) map[int][32]byte {
	out := map[int][32]byte{}
	before, unbroken := sha256.New(), true // before: of the sets that came already
	for i, s := range slots {
		whole := s.whole()
		unbroken = unbroken && whole && s.instance == i+1
		switch {
		case whole && s.declaresFail():
			out[s.instance] = s.sum(sha256.New())
		case unbroken:
			out[s.instance] = s.sum(before)
		}
		if unbroken {
			s.write(before, AAR, AMS, AS)
		}
	}
	return out
}

// declaresFail reports whether the seal says that the chain was broken when it came here.
func (s *slot) declaresFail() bool {
	p := s.only(AS)
	if p == nil {
		return false
	}
	cv, _ := p.tag("cv")
	return cv == "fail"
}

// sum is the sum of a seal over its set, where before has taken the sets that come before; that stays as it is.
func (s *slot) sum(before hash.Hash) (out [32]byte) {
	copied, err := before.(hash.Cloner).Clone()
	if err != nil {
		return out
	}
	s.write(copied, AAR, AMS)
	copied.Write(dkim.AppendSignatureField(nil, dkim.Relaxed, s.only(AS).field))
	copied.Sum(out[:0])
	return out
}

// write gives a hash the fields of a whole set in canonical form.
func (s *slot) write(h hash.Hash, kinds ...Kind) {
	for _, k := range kinds {
		h.Write(dkim.AppendField(nil, dkim.Relaxed, s.only(k).field))
	}
}
