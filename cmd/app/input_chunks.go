package app

// chunks collects octets whose number is not known before. Adding more copies none of those that it has.
type chunks struct {
	full [][]byte
	last []byte
	size int64 // octets in all
}

func (p *chunks) add(b []byte) {
	if len(p.last)+len(b) > cap(p.last) {
		if len(p.last) > 0 {
			p.full = append(p.full, p.last)
		}
		p.last = make([]byte, 0, max(16*chunk, len(b)))
	}
	p.last = append(p.last, b...)
	p.size += int64(len(b))
}

// join returns all octets in one slice. It frees each part as soon as it is copied, so that memory is not needed twice.
func (p *chunks) join() []byte {
	if len(p.full) == 0 {
		return p.last
	}
	out := make([]byte, 0, p.size)
	for i, part := range p.full {
		out, p.full[i] = append(out, part...), nil
	}
	return append(out, p.last...)
}
