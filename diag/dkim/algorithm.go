package dkim

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"errors"
	"math/big"
)

// Algorithm is the value of a= (RFC 6376 §3.3).
type Algorithm string

// The algorithms that exist. RSASHA1 is known and never verified (RFC 8301 §3.1).
const (
	RSASHA256     Algorithm = "rsa-sha256"
	RSASHA1       Algorithm = "rsa-sha1"
	Ed25519SHA256 Algorithm = "ed25519-sha256" // RFC 8463
)

// KeyType is what k= of a key for this algorithm says; "" for an algorithm that does not exist.
func (a Algorithm) KeyType() string {
	switch a {
	case RSASHA256, RSASHA1:
		return "rsa"
	case Ed25519SHA256:
		return "ed25519"
	}
	return ""
}

// hash is what h= of a key says of it.
func (a Algorithm) hash() string {
	if a == RSASHA1 {
		return "sha1"
	}
	return "sha256"
}

// Why Key.Verify refuses.
var (
	ErrMismatch = errors.New("the signature does not belong to this data and key")
	ErrUnfit    = errors.New("the key does not fit the algorithm")
	ErrSmallKey = errors.New("the RSA key has less than 1024 bits") // RFC 8301 §3.2
)

// MinBits is the size of the smallest RSA key that counts (RFC 8301 §3.2).
const MinBits = 1024

// RSA is the key as one of RSA; nil where it is none.
func (k *Key) RSA() *rsa.PublicKey {
	pub, _ := k.public.(*rsa.PublicKey)
	return pub
}

// Verify reports whether sig is a signature of the key over data with this SHA-256 sum; nil means that it is. With Ed25519 the
// sum itself is what was signed (RFC 8463 §3). Errors: ErrMismatch, ErrUnfit, ErrSmallKey.
func (k *Key) Verify(alg Algorithm, sum [32]byte, sig []byte) error {
	switch pub := k.public.(type) {
	case *rsa.PublicKey:
		switch {
		case alg != RSASHA256:
			return ErrUnfit
		case pub.N.BitLen() < MinBits:
			return ErrSmallKey
		case rsa.VerifyPKCS1v15(pub, crypto.SHA256, sum[:], sig) != nil:
			return ErrMismatch
		}
		return nil
	case ed25519.PublicKey:
		switch {
		case alg != Ed25519SHA256:
			return ErrUnfit
		case !ed25519.Verify(pub, sum[:], sig):
			return ErrMismatch
		}
		return nil
	}
	return ErrUnfit
}

// smallOrder reports an Ed25519 key of a small order, with which one signature fits many messages (RFC 8032 §5.1: its y is one
// of five numbers).
func smallOrder(pub ed25519.PublicKey) bool {
	var y [32]byte
	for i, c := range pub {
		y[31-i] = c
	}
	y[0] &= 0x7f
	n := new(big.Int).SetBytes(y[:])
	p := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 255), big.NewInt(19))
	if n.Mod(n, p); n.Cmp(big.NewInt(1)) <= 0 || n.Cmp(new(big.Int).Sub(p, big.NewInt(1))) == 0 {
		return true
	}
	// Of order 8: twice such a point has y = 0, so that x² = -y², and by the equation of the curve d·y⁴ + 2y² = 1.
	y2 := new(big.Int).Mul(n, n)
	y2.Mod(y2, p)
	d := new(big.Int).ModInverse(big.NewInt(121666), p)
	d.Mul(d, big.NewInt(-121665)).Mod(d, p)
	left := new(big.Int).Mul(d, new(big.Int).Mul(y2, y2))
	left.Add(left, new(big.Int).Lsh(y2, 1))
	return left.Sub(left, big.NewInt(1)).Mod(left, p).Sign() == 0
}
