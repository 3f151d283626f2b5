package aggregate

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
)

// unpacked is what comes out of something packed. Its own faults end it, and are told; it never fails.
type unpacked struct {
	in   *reader
	r    io.Reader
	bare bool // its octets were counted already: an entry of a tar that came out of something packed
	done bool
}

func (u *unpacked) Read(p []byte) (int, error) {
	if u.done {
		return 0, io.EOF
	}
	if err := u.in.src.ctx.Err(); err != nil { // the source may be at its end already
		u.in.src.err = err
		return 0, io.EOF
	}
	if !u.bare && int64(len(p)) > u.in.left+1 {
		p = p[:u.in.left+1]
	}
	n, err := u.r.Read(p)
	if !u.bare {
		u.in.left -= int64(n)
	}
	if u.in.left < 0 {
		n--
		u.in.left = 0
		u.in.full = true
		u.in.tooLarge(u.in.o.MaxUnpacked)
		err = io.EOF
	}
	if err == nil {
		return n, nil
	}
	u.done = true
	if !errors.Is(err, io.EOF) && u.in.src.failed() == nil {
		u.in.damaged(err)
	}
	return n, io.EOF
}

// tooLarge tells that a bound was reached: what was read of the input, the bound, and their ratio where it was packed.
func (in *reader) tooLarge(bound int64) {
	value := fmt.Sprintf("> %d MiB", bound>>20)
	if ratio := bound / max(in.src.n, 1); ratio > 1 {
		value = fmt.Sprintf("%d KiB %s, 1:%d", in.src.n>>10, value, ratio)
	}
	in.faults.add(TooLarge, 0, value, true)
}

// damaged tells that something cannot be unpacked.
func (in *reader) damaged(err error) {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		in.faults.add(Truncated, 0, "", true)
		return
	}
	in.faults.add(Damaged, 0, err.Error(), true)
}

// inner reads what comes out of something packed.
func (in *reader) inner(r io.Reader) error {
	return in.open(&unpacked{in: in, r: r}, "")
}

// deflated reads what gzip (RFC 1952) or zlib (RFC 1950) packed.
func (in *reader) deflated(r *bufio.Reader, k kind) error {
	if in.deflates++; in.deflates > 1 && !in.archive {
		in.faults.add(Repacked, 0, "", false)
	}
	defer func() { in.deflates-- }()
	if k == kindZlib {
		packed, err := zlib.NewReader(r)
		if err != nil {
			in.damaged(err)
			return in.tell()
		}
		return in.inner(packed)
	}
	packed := in.memory.gzip()
	defer in.memory.keepGzip(packed)
	if err := packed.Reset(r); err != nil {
		in.damaged(err)
		return in.tell()
	}
	packed.Multistream(false)
	return in.inner(&members{in, r, packed})
}

// gzip is a reader that is not in use; it is made where there is none.
func (m *Reader) gzip() *gzip.Reader {
	if n := len(m.gzips); n > 0 {
		z := m.gzips[n-1]
		m.gzips = m.gzips[:n-1]
		return z
	}
	return new(gzip.Reader)
}

func (m *Reader) keepGzip(z *gzip.Reader) { m.gzips = append(m.gzips, z) }

// members are what gzip packed, one member after another. What follows that is none ends it.
type members struct {
	in *reader
	r  *bufio.Reader
	z  *gzip.Reader
}

func (m *members) Read(p []byte) (int, error) {
	for {
		n, err := m.z.Read(p)
		if n > 0 || !errors.Is(err, io.EOF) {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return n, err
		}
		more, _ := m.r.Peek(512)
		if len(bytes.TrimLeft(more, "\x00")) == 0 {
			return 0, io.EOF
		}
		if !bytes.HasPrefix(more, []byte("\x1f\x8b")) || m.z.Reset(m.r) != nil {
			m.in.faults.add(Trailing, 0, "", false)
			return 0, io.EOF
		}
		m.z.Multistream(false)
	}
}

// base64 reads what is written in base64 (RFC 4648) once more.
func (in *reader) base64(r *bufio.Reader) error {
	if in.mails > 0 {
		in.faults.add(Repacked, 0, "", false)
	}
	return in.inner(base64.NewDecoder(base64.StdEncoding, &noBlanks{r}))
}

// noBlanks leaves out blanks, which the decoder does not pass over.
type noBlanks struct{ r io.Reader }

func (b *noBlanks) Read(p []byte) (int, error) {
	for {
		n, err := b.r.Read(p)
		k := 0
		for _, c := range p[:n] {
			if !isBlank(c) {
				p[k] = c
				k++
			}
		}
		if k > 0 || err != nil {
			return k, err
		}
	}
}

// whole reads something into memory; false where it is too large, which is told. What it gives lasts until keepWhole.
func (in *reader) whole(r io.Reader) ([]byte, bool) {
	b := bytes.NewBuffer(in.memory.packed[:0])
	in.memory.packed = nil
	_, err := b.ReadFrom(io.LimitReader(r, in.o.MaxPacked+1))
	data := b.Bytes()
	if err != nil {
		return nil, false // of the source, which is told at the end
	}
	if int64(len(data)) > in.o.MaxPacked {
		in.tooLarge(in.o.MaxPacked)
		return data[:in.o.MaxPacked], false
	}
	return data, true
}

// maxKept is how much memory is kept for what is read whole, in octets: most mails and zips with a report are small.
const maxKept = 256 << 10

// keepWhole takes the memory of what whole gave for the next.
func (m *Reader) keepWhole(data []byte) {
	if cap(data) <= maxKept {
		m.packed = data[:0]
	}
}
