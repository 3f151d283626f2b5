package arc

import (
	"crypto/sha256"
	"hash"

	"todoku/diag/dkim"
)

// maxBodies bounds how often a body is hashed: once for each canonicalization and length that an AMS names. The newest AMS
// comes first; older ones beyond the bound stay unjudged.
const maxBodies = 6

// bodyHashes are the hashes of one body, each made once.
type bodyHashes struct {
	body []byte
	made map[bodyForm]bodySum
}

type bodyForm struct {
	canon dkim.Canon
	limit int64
}

type bodySum struct {
	hash   [32]byte
	length int64 // of the whole canonical body
}

// get hashes the first limit octets of the canonical body, all of it where limit is negative.
func (b *bodyHashes) get(c dkim.Canon, limit int64) (bodySum, bool) {
	form := bodyForm{c, max(limit, -1)}
	if s, there := b.made[form]; there {
		return s, true
	}
	if len(b.made) == maxBodies {
		return bodySum{}, false
	}
	h := &limited{sha256.New(), form.limit}
	w := dkim.NewBody(h, c)
	w.Write(b.body)
	w.Close()
	s := bodySum{length: w.Len()}
	h.Sum(s.hash[:0])
	b.made[form] = s
	return s, true
}

// limited is a hash that takes left octets and drops the rest; without a bound where left is negative.
type limited struct {
	hash.Hash
	left int64
}

func (l *limited) Write(p []byte) (int, error) {
	part := p
	if l.left >= 0 {
		part = p[:min(int64(len(p)), l.left)]
		l.left -= int64(len(part))
	}
	l.Hash.Write(part)
	return len(p), nil
}
