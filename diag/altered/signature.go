package altered

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"math/big"
	"slices"

	"todoku/diag/dkim"
)

// signed is what is needed of a signature.
type signed struct {
	*dkim.Signature
	length int64       // l=; -1 for none
	value  []byte      // b=
	keys   []*dkim.Key // that can verify it
}

// signedBy takes what is needed of a signature. It reports false where the field does not say what was signed: its own faults are then
// the reason why it does not hold.
func signedBy(s *dkim.Signature) (signed, bool) {
	out := signed{Signature: s, length: -1, keys: s.Answer.Keys}
	if s.Limited {
		out.length = s.Limit
	}
	if len(out.keys) == 0 && s.Key != nil {
		out.keys = []*dkim.Key{s.Key}
	}
	out.keys = slices.DeleteFunc(slices.Clone(out.keys), func(k *dkim.Key) bool { return k.Unfit(s.Algorithm) != "" })
	b, _ := s.Tags.Get("b")
	var err error
	out.value, err = base64.StdEncoding.DecodeString(dkim.Plain(b))
	return out, err == nil && len(out.value) > 0 && len(s.BodyHash) == sha256.Size && len(s.Signed) > 0 && (!s.Limited || s.Limit >= 0)
}

// sha256Info stands before the hash in an RSA signature (RFC 8017 §9.2).
var sha256Info = [...]byte{0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20}

// signedSum gives back the hash that an RSA signature was made of (RFC 8017 §8.2.2). ok is false where the key is no RSA key, fits is
// false where this key did not make the signature.
func signedSum(k *dkim.Key, sig []byte) (sum [32]byte, fits, ok bool) {
	pub := k.RSA()
	if pub == nil || pub.N.BitLen() < 512 || pub.N.BitLen() > 8192 || pub.E < 3 {
		return sum, false, false
	}
	s := new(big.Int).SetBytes(sig)
	if s.Cmp(pub.N) >= 0 {
		return sum, false, true
	}
	m := make([]byte, (pub.N.BitLen()+7)/8)
	new(big.Int).Exp(s, big.NewInt(int64(pub.E)), pub.N).FillBytes(m)
	tail := len(m) - len(sha256Info) - len(sum)
	if tail < 11 || m[0] != 0 || m[1] != 1 || m[tail-1] != 0 || !bytes.Equal(m[tail:tail+len(sha256Info)], sha256Info[:]) {
		return sum, false, true
	}
	for _, c := range m[2 : tail-1] {
		if c != 0xff {
			return sum, false, true
		}
	}
	copy(sum[:], m[tail+len(sha256Info):])
	return sum, true, true
}
