package dkim

import (
	"cmp"
	"crypto/sha256"
	"hash"
	"math"
	"slices"
	"sync"

	"todoku/sender/mail"
)

// work is the room in which a mail is judged, used again for the next one.
type work struct {
	header []byte
	fields []mail.RawField
	hash   hash.Hash
	body   BodyWriter
	sums   []bodySum
}

// bodySum is the SHA-256 sum of a canonical body up to a limit.
type bodySum struct {
	limit int64 // in octets, math.MaxInt64 for the whole body
	sum   [sha256.Size]byte
}

// bodies hashes the body for all signatures, once for each canonicalization, however many limits there are.
func (w *work) bodies(list []*Signature, body []byte) {
	for _, c := range [...]Canon{Simple, Relaxed} {
		w.sums = w.sums[:0]
		for _, s := range list {
			if s.hashes(c) && w.at(s.limit()) == nil {
				w.sums = append(w.sums, bodySum{limit: s.limit()})
			}
		}
		if len(w.sums) == 0 {
			continue
		}
		slices.SortFunc(w.sums, func(a, b bodySum) int { return cmp.Compare(a.limit, b.limit) })
		total := w.sum(c, body)
		for _, s := range list {
			if s.hashes(c) {
				s.Computed = slices.Clone(w.at(s.limit()).sum[:])
				if s.Limited {
					s.Unsigned = total - s.Limit
				}
			}
		}
	}
}

// hashes reports whether the signature says how the body is hashed, by this canonicalization.
func (s *Signature) hashes(c Canon) bool {
	return s.shown && s.Body == c && s.limit() >= 0 && (s.Algorithm == RSASHA256 || s.Algorithm == Ed25519SHA256)
}

func (s *Signature) limit() int64 {
	if s.Limited {
		return s.Limit
	}
	return math.MaxInt64
}

func (w *work) at(limit int64) *bodySum {
	for i := range w.sums {
		if w.sums[i].limit == limit {
			return &w.sums[i]
		}
	}
	return nil
}

// sum fills w.sums, which are sorted, and gives the length of the canonical body. A limit behind its end gets the sum of all.
func (w *work) sum(c Canon, body []byte) int64 {
	w.hash.Reset()
	h := limitHash{hash: w.hash, sums: w.sums}
	w.body.reset(&h, c)
	w.body.Write(body) // a hash has no errors
	w.body.Close()
	for len(h.sums) > 0 {
		h.note()
	}
	return w.body.Len()
}

// limitHash notes the sums at some lengths of what is written.
type limitHash struct {
	hash hash.Hash
	n    int64
	sums []bodySum // that are still to come
}

func (h *limitHash) Write(p []byte) (int, error) {
	n := len(p)
	for len(h.sums) > 0 && h.sums[0].limit-h.n <= int64(len(p)) {
		part := p[:h.sums[0].limit-h.n]
		h.hash.Write(part)
		h.n += int64(len(part))
		p = p[len(part):]
		h.note()
	}
	h.hash.Write(p)
	h.n += int64(len(p))
	return n, nil
}

func (h *limitHash) note() {
	h.hash.Sum(h.sums[0].sum[:0])
	h.sums = h.sums[1:]
}

// keyCache has the keys that were read, by their text.
type keyCache struct {
	mu   sync.Mutex
	keys map[string]*Key
}

const maxCached = 2000

func (c *keyCache) read(text string) *Key {
	c.mu.Lock()
	k, ok := c.keys[text]
	c.mu.Unlock()
	if ok {
		return k
	}
	k = readKey(text)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.keys == nil || len(c.keys) >= maxCached {
		c.keys = make(map[string]*Key)
	}
	c.keys[text] = k
	return k
}
