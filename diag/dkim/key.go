// Package dkim reads the key records of DKIM (RFC 6376 §3.6.1, RFC 8301,
// RFC 8463) with all their faults, and verifies the signatures of mails (RFC 6376
// §6). ParseKey, Mend and their like ask nothing and judge nothing but the text.
package dkim

import (
	"crypto"
	"encoding/base64"
	"slices"
	"strings"
)

// Key is a key record as far as it can be read.
type Key struct {
	Text     string
	Type     string   // "rsa", "ed25519", "mldsa44", or what k says, in lower case
	Bits     int      // size of the key, 0 when there is none that we know
	Hashes   []string // h; empty: all
	Services []string // s; empty: all
	Flags    []string // t
	Notes    string   // n, as written
	Revoked  bool     // p is there and empty
	Data     []byte   // p decoded

	useless bool             // a key with which nothing verifies
	public  crypto.PublicKey // of a key that FetchKey gave: *rsa.PublicKey or ed25519.PublicKey
}

// Testing reports t=y: verifiers treat a failure like unsigned mail.
func (k *Key) Testing() bool { return slices.Contains(k.Flags, "y") }

// Mended writes the record anew without its faults, or gives "" where the key itself cannot be read.
func (k *Key) Mended() string {
	if k.Bits == 0 || k.useless {
		return ""
	}
	var b strings.Builder
	b.WriteString("v=DKIM1; ")
	list := func(tag string, words []string) {
		if len(words) > 0 {
			b.WriteString(tag + "=" + strings.Join(words, ":") + "; ")
		}
	}
	if slices.Contains(k.Hashes, "sha256") {
		list("h", k.Hashes)
	}
	b.WriteString("k=" + k.Type + "; ")
	if k.Notes != "" && !strings.ContainsFunc(k.Notes, func(r rune) bool { return r < ' ' || r > '~' || r == ';' }) {
		list("n", []string{k.Notes})
	}
	if serves(k.Services) {
		list("s", k.Services)
	}
	list("t", k.Flags)
	b.WriteString("p=" + base64.StdEncoding.EncodeToString(k.Data))
	return b.String()
}

// Live is the key without t=y.
func (k Key) Live() *Key {
	k.Flags = slices.DeleteFunc(slices.Clone(k.Flags), func(f string) bool { return f == "y" })
	return &k
}

// serves reports whether s admits mail or reports (RFC 8460 §3).
func serves(s []string) bool {
	return slices.Contains(s, "*") || slices.Contains(s, "email") || slices.Contains(s, "tlsrpt")
}

// ForDKIM2 reports whether the key is of a type that only DKIM2 has, a draft (draft-ietf-dkim-dkim2-dns-03): verifiers of
// DKIM ignore it.
func (k *Key) ForDKIM2() bool { return k.Type == "mldsa44" || k.Type == "mldsa44-ed25519-sha512" }
