package page

import "bytes"

// Copy keeps what is written to its Out, up to a number of octets.
type Copy struct{ b capped }

// NewCopy makes a copy of at most so many octets.
func NewCopy(most int) *Copy { return &Copy{capped{most: most}} }

// Out is where to write. It never fails.
func (c *Copy) Out() *Out { return To(&c.b) }

// Bytes is what was written; nil where it was more than the copy holds.
func (c *Copy) Bytes() []byte {
	if c.b.over {
		return nil
	}
	return c.b.Bytes()
}

// Again writes what writers of this package made before.
func (o *Out) Again(made []byte) error { return o.putBytes(made) }

// capped drops what is beyond its bound.
type capped struct {
	bytes.Buffer
	most int
	over bool
}

func (b *capped) Write(p []byte) (int, error) {
	if b.over = b.over || b.Len()+len(p) > b.most; !b.over {
		_, _ = b.Buffer.Write(p)
	}
	return len(p), nil
}
