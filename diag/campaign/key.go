package campaign

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"strings"

	"todoku/codes"
	"todoku/diag/dkim"
)

// ownKey is the key that key: names: the public half, as a key record holds it (RFC 6376 §3.6.1, RFC 8463 §4).
type ownKey struct{ data, bare []byte }

var errNoKey = errors.New("no key of DKIM")

// readKey reads a private or public key in PEM, a key record, or a public key in base64.
func readKey(text []byte) (*ownKey, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		s := strings.Join(strings.Fields(string(text)), "")
		if k, _ := dkim.ParseKey(string(text)); k != nil && len(k.Data) > 0 {
			return &ownKey{data: k.Data}, nil
		}
		raw, err := base64.StdEncoding.DecodeString(s)
		if err != nil || len(raw) < 32 {
			return nil, errNoKey
		}
		return &ownKey{data: raw}, nil
	}
	var public crypto.PublicKey
	if key, err := x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
		if signer, ok := key.(crypto.Signer); ok {
			public = signer.Public()
		}
	} else if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		public = key.Public()
	} else if key, err := x509.ParsePKIXPublicKey(block.Bytes); err == nil {
		public = key
	} else if key, err := x509.ParsePKCS1PublicKey(block.Bytes); err == nil {
		public = key
	}
	switch key := public.(type) {
	case *rsa.PublicKey:
		der, err := x509.MarshalPKIXPublicKey(key)
		return &ownKey{data: der, bare: x509.MarshalPKCS1PublicKey(key)}, err
	case ed25519.PublicKey:
		return &ownKey{data: key}, nil
	}
	return nil, errNoKey
}

// is reports whether a key record holds the key.
func (k *ownKey) is(record string) bool {
	published, _ := dkim.ParseKey(record)
	return published != nil && len(published.Data) > 0 &&
		(bytes.Equal(published.Data, k.data) || k.bare != nil && bytes.Equal(published.Data, k.bare))
}

// dkimByKey judges DKIM by the key that signs: it has to be published.
func (s *sender) dkimByKey() (v verdict, passing []string) {
	found := false
	for i := range s.dkim {
		k := &s.dkim[i]
		for _, sel := range k.usable() {
			found = true
			if s.key.is(sel.Record) {
				return passed(codes.Say(codes.Text{EN: "the key is published at {name}", JA: "この鍵は {name} で公開されています"},
					codes.Str("name", sel.Selector+"._domainkey."+k.domain))), append(passing, k.domain)
			}
		}
	}
	told := len(s.c.Selectors) > 0
	switch {
	case s.dkimErr() != nil:
		return unknown(noAnswer(), s.dkimErr()), nil
	case told && found:
		return failed(codes.Say(codes.Text{EN: "the keys at the selectors are others than the one that signs", JA: "セレクターで公開されている鍵は、署名に使う鍵と異なります"})).
			mend(codes.Say(codes.Text{EN: "publish the public half of the key that signs, or sign with the key of the published record", JA: "署名に使う鍵の公開鍵を公開するか、公開済みの鍵と対になる秘密鍵で署名してください"})), nil
	case told:
		return s.noUsableKey(), nil
	}
	return open(codes.Say(codes.Text{EN: "the key was not found at any usual selector: give selectors", JA: "一般的なセレクターではこの鍵が見つかりません。selectors を指定してください"})), nil
}
