package event

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"

	"golang.org/x/text/encoding/unicode"

	"todoku/codes"
)

// A packed input that unpacks to more than this, and to more than so many times its size, is no log: a log shrinks to a tenth or
// to a twentieth.
const (
	bombSize  = 64 << 20
	bombRatio = 300
)

// open makes in.r of in.Reader: it unpacks gzip, and turns UTF-16 into UTF-8. A byte order mark is taken off.
func (in *input) open() error {
	in.r = bufio.NewReaderSize(in.Reader, headSize)
	if magic, _ := in.r.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		packed := &counted{r: in.r}
		z, err := gzip.NewReader(packed)
		if err != nil {
			return in.damaged(err)
		}
		in.packed = true
		in.r = bufio.NewReaderSize(&unpacked{in: in, packed: packed, r: z}, headSize)
	}
	mark, err := in.r.Peek(3)
	switch {
	case bytes.HasPrefix(mark, []byte{0xff, 0xfe}), bytes.HasPrefix(mark, []byte{0xfe, 0xff}):
		utf16 := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)
		in.r = bufio.NewReaderSize(utf16.NewDecoder().Reader(in.r), headSize)
	case bytes.Equal(mark, []byte{0xef, 0xbb, 0xbf}):
		_, _ = in.r.Discard(3)
	case err != nil && !errors.Is(err, io.EOF):
		return err
	}
	return in.skipZeros()
}

// manyZeros is how many zeros a log begins with at least that was emptied while it was written to.
const manyZeros = 512

// skipZeros passes over them.
func (in *input) skipZeros() error {
	if first, _ := in.r.Peek(1); len(first) == 0 || first[0] != 0 { // of a short log that grows, no more than is there is waited for
		return nil
	}
	if head, _ := in.r.Peek(manyZeros); len(head) < manyZeros || len(bytes.TrimLeft(head, "\x00")) > 0 {
		return nil
	}
	for in.ctx.Err() == nil {
		if _, err := in.r.Peek(1); err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return err
		}
		here, _ := in.r.Peek(in.r.Buffered())
		zeros := len(here) - len(bytes.TrimLeft(here, "\x00"))
		if zeros == 0 {
			return nil
		}
		_, _ = in.r.Discard(zeros)
	}
	return in.ctx.Err()
}

// damaged is the error of a .gz that cannot be unpacked, or not to its end.
func (in *input) damaged(err error) error {
	says := codes.Text{EN: "the .gz file is damaged or incomplete; what was read before counts",
		JA: ".gzファイルが壊れているか、途中で切れています。そこまでに読み込んだ内容は有効です"}
	return &codes.UserError{Place: in.Name, Says: codes.Say(says), Cause: err, Unable: true}
}

// bomb is the error of a .gz that unpacks to far more than a log does.
func (in *input) bomb() error {
	says := codes.Text{EN: "the .gz file unpacks to more than 300 times its size, as no log does; todoku stopped reading it",
		JA: ".gzファイルの展開後の大きさが300倍を超え、ログとは考えられないため、読み込みを中止しました"}
	return &codes.UserError{Place: in.Name, Says: codes.Say(says), Unable: true}
}

// counted counts the octets that are read.
type counted struct {
	r io.Reader
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// unpacked is what gzip gives, within the bounds of a log.
type unpacked struct {
	in     *input
	packed *counted
	r      io.Reader
	n      int64
}

func (u *unpacked) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	u.n += int64(n)
	if u.n > bombSize && u.n/bombRatio > u.packed.n {
		return n, u.in.bomb()
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = u.in.damaged(err)
	}
	return n, err
}
