package lab

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"sync"
)

// The two primes of rsa2048, to the base 36. With this key the lab signs its mails; it is public, and good for nothing else.
const (
	primeP = "16r0ljhu0xvu5m8mnffs6ka5q8btxkwhv07501olfwok9m17237j0lvjxn8m4m7rvg2lqny8jsn2xqsau8o0qoylado3uuekyfu2im3k1" +
		"0hpmnx2ej78eiagd8et7rkdgqbz38o3xcrgaascd4x0fzqfl9rdltu8gpng6ul8uei7iy94xyi2bapdzvm50q7924twwoj"
	primeQ = "17sgwsi1ehy7inf4uxph188jdb9htzy3buwsqwx29wh0j2ha7iu7nrf1436f42mwgf14wepi7r188iv53ha628g4avxd4hebr7sl3qdx9" +
		"1kxedwn9b1zk78luydp762pzonrpild84bg4txgnpjy2bze3i7y5644pv8xygn7mux67o4rsgbzeppojj1flkz01k7248d"
)

// privateKey is the private half of rsa2048 as a PEM file.
var privateKey = sync.OnceValues(func() ([]byte, error) {
	p, okP := new(big.Int).SetString(primeP, 36)
	q, okQ := new(big.Int).SetString(primeQ, 36)
	if !okP || !okQ {
		return nil, fmt.Errorf("the lab's primes are no numbers")
	}
	one, e := big.NewInt(1), big.NewInt(65537)
	phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	k := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: int(e.Int64())}, D: new(big.Int).ModInverse(e, phi),
		Primes: []*big.Int{p, q}}
	k.Precompute()
	if err := k.Validate(); err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
})
