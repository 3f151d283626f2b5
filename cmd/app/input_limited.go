package app

// Limited is the input as a reader that returns an error once it has read more than the limit.
func (in *Input) Limited() *LimitedReader { return &LimitedReader{in: in} }

// LimitedReader reads an Input up to its limit.
type LimitedReader struct {
	in   *Input
	read int64
}

func (b *LimitedReader) Read(p []byte) (int, error) {
	n, err := b.in.Read(p)
	if b.read += int64(n); b.read > b.in.want.Limit {
		return 0, tooLarge(b.in.want)
	}
	return n, err
}
