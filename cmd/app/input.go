package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"

	"todoku/codes"
)

// Want says how much is read of an input and of what kind it is.
type Want struct {
	Limit int64      // octets; more is refused, but not by Read
	Text  bool       // what is no text is refused
	Less  codes.Text // what to do where the input is larger
}

// chunk is how much is read at a time, in octets.
const chunk = 64 << 10

// input is an opened file, pipe or device, or standard input. Its reads end
// with the context: nobody waits for a writer that never comes.
type input struct {
	ctx  context.Context
	file io.ReadCloser
	want Want
	size int64 // of a regular file, else 0
	buf  []byte
	rest []byte // of buf, not handed out yet
	err  error
}

// Open opens a file to read from, "-" is standard input. The error is a
// *codes.UserError, or the cause of the context's end.
func (a *App) Open(ctx context.Context, name string, w Want) (*input, error) {
	if name == "-" {
		return &input{ctx: ctx, file: io.NopCloser(a.Stdin), want: w}, nil
	}
	f, err := OpenFile(ctx, name, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	in := &input{ctx: ctx, file: f, want: w}
	switch info, err := f.Stat(); {
	case err != nil:
		_ = f.Close()
		return nil, FileFault(err)
	case info.IsDir():
		_ = f.Close()
		return nil, FileFault(syscall.EISDIR)
	case info.Mode().IsRegular():
		in.size = info.Size()
	}
	return in, nil
}

// OpenFile is os.OpenFile for names that may be pipes: opening one waits for
// the other side, and here no longer than the context lasts.
func OpenFile(ctx context.Context, name string, flag int, mode os.FileMode) (*os.File, error) {
	type opened struct {
		file *os.File
		err  error
	}
	done := make(chan opened, 1)
	go func() {
		f, err := os.OpenFile(name, flag, mode)
		done <- opened{f, err}
	}()
	select {
	case o := <-done:
		return o.file, FileFault(o.err)
	case <-ctx.Done():
		go func() {
			if o := <-done; o.err == nil {
				_ = o.file.Close()
			}
		}()
		return nil, context.Cause(ctx)
	}
}

// Read waits for what comes next, but no longer than the context lasts.
func (in *input) Read(p []byte) (int, error) {
	if len(in.rest) == 0 && in.err == nil {
		in.next()
	}
	if len(in.rest) == 0 {
		return 0, in.err
	}
	n := copy(p, in.rest)
	in.rest = in.rest[n:]
	return n, nil
}

// next reads the next chunk.
func (in *input) next() {
	if in.buf == nil {
		in.buf = make([]byte, chunk)
		if in.size > 0 && in.size < chunk {
			in.buf = in.buf[:in.size+1]
		}
	}
	type part struct {
		n   int
		err error
	}
	done := make(chan part, 1)
	go func() {
		n, err := in.file.Read(in.buf)
		done <- part{n, err}
	}()
	select {
	case got := <-done:
		in.rest, in.err = in.buf[:got.n], got.err
		if got.err != nil && got.err != io.EOF {
			in.err = FileFault(got.err)
		}
		if in.want.Text && notText(in.rest) {
			in.rest, in.err = nil, codes.Wrong(
				codes.Say(codes.Text{EN: "this is no text (binary data, or UTF-16)", JA: "テキストではありません(バイナリーデータ、または UTF-16)"}),
				codes.Say(codes.Text{EN: "give plain text in UTF-8", JA: "UTF-8のテキストを指定してください"}))
		}
	case <-in.ctx.Done():
		in.err = context.Cause(in.ctx)
	}
}

// failed reports whether the input ended before its end.
func (in *input) failed() bool { return in.err != nil && !errors.Is(in.err, io.EOF) }

func (in *input) Close() error { return in.file.Close() }

// Fits fails where the size of a file tells that it is larger than wanted.
func (in *input) Fits() error {
	if in.size > in.want.Limit {
		return tooLarge(in.want)
	}
	return nil
}

// all reads an input to its end, which must come within the limit.
func (in *input) all() ([]byte, error) {
	if err := in.Fits(); err != nil {
		return nil, err
	}
	got, more, err := in.gather()
	if more {
		return nil, tooLarge(in.want)
	}
	return got.join(), err
}

// First reads an input to its end, or as far as its limit; more tells that
// there is more.
func (in *input) First() (out []byte, more bool, err error) {
	got, more, err := in.gather()
	return got.join(), more, err
}

func (in *input) gather() (got gathered, more bool, err error) {
	limit := in.want.Limit
	got.last = make([]byte, 0, min(in.size, limit)+1)
	for {
		if len(in.rest) == 0 && in.err == nil {
			in.next()
		}
		if room := limit - got.size; int64(len(in.rest)) > room {
			got.add(in.rest[:room])
			return got, true, nil
		}
		got.add(in.rest)
		in.rest = nil
		if errors.Is(in.err, io.EOF) {
			return got, false, nil
		}
		if in.err != nil {
			return gathered{}, false, in.err
		}
	}
}

// Within is an input as a reader that fails once more is read than is wanted.
func (in *input) Within() *bounded { return &bounded{in: in} }

type bounded struct {
	in   *input
	seen int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.in.Read(p)
	if b.seen += int64(n); b.seen > b.in.want.Limit {
		return 0, tooLarge(b.in.want)
	}
	return n, err
}

// Rest reads to the end, and drops what it reads.
func (b *bounded) Rest() error {
	buf := make([]byte, chunk)
	for {
		if _, err := b.Read(buf); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// Read reads a whole file, or standard input for "-". The errors are those of
// open, and a *codes.UserError where the input is not what is wanted.
func (a *App) Read(ctx context.Context, name string, w Want) ([]byte, error) {
	in, err := a.Open(ctx, name, w)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return in.all()
}

// notText reports whether octets are no text: more than one of 16 is a control
// character that no text has. Short ones get the benefit of the doubt.
func notText(b []byte) bool {
	controls := 0
	for _, c := range b {
		if c < 0x20 && (c < '\b' || c > '\r') && c != 0x0e && c != 0x0f && c != 0x1b { // SO, SI and ESC switch charsets (ISO 2022)
			controls++
		}
	}
	return controls > 8 && controls > len(b)/16
}

func tooLarge(w Want) error {
	return codes.Wrong(codes.Say(codes.Text{EN: "it is larger than the {size} that are read", JA: "読み取れる上限({size})を超えています"}, codes.Str("size", Amount(w.Limit))),
		codes.Say(w.Less))
}

// FileFault puts the system's error into words; nil stays nil.
func FileFault(err error) error {
	if err == nil {
		return nil
	}
	for _, known := range []struct {
		is    error
		words codes.Text
	}{
		{fs.ErrNotExist, codes.Text{EN: "no such file or directory", JA: "ファイルがありません"}},
		{fs.ErrPermission, codes.Text{EN: "permission denied", JA: "アクセス権がありません"}},
		{syscall.EISDIR, codes.Text{EN: "is a directory", JA: "ディレクトリです"}},
		{syscall.ELOOP, codes.Text{EN: "too many levels of symbolic links", JA: "シンボリックリンクが循環しています"}},
		{syscall.ENOTDIR, codes.Text{EN: "not a directory", JA: "途中の名前がディレクトリではありません"}},
		{syscall.ENAMETOOLONG, codes.Text{EN: "file name too long", JA: "ファイル名が長すぎます"}},
		{syscall.ENOSPC, codes.Text{EN: "no space left on device", JA: "ディスクの空き容量がありません"}},
		{syscall.ENXIO, codes.Text{EN: "no such device or address", JA: "デバイスがありません"}},
		{syscall.EIO, codes.Text{EN: "input/output error", JA: "入出力エラーです"}},
	} {
		if errors.Is(err, known.is) {
			return &codes.UserError{Says: codes.Say(known.words), Kind: err, Unable: true}
		}
	}
	return bare(err)
}

// Amount is a number of octets in words: "16 MiB".
func Amount(n int64) string {
	switch {
	case n >= 1<<20 && n%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 1<<10 && n%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d B", n)
}

// Unread is the error of an input that could not be read: a usage error with
// its place, or the end of the run.
func (a *App) Unread(place string, err error, says, remedy codes.Text) error {
	switch {
	case errors.Is(err, ErrInterrupted):
		return err
	case errors.Is(err, ErrDeadline), errors.Is(err, context.DeadlineExceeded):
		return &codes.UserError{Place: place, Unable: true, Says: codes.Say(codes.Text{EN: "the deadline of {limit} came while this was read", JA: "期限({limit})までに読み取れませんでした"}, codes.Str("limit", a.Limit.String())),
			Remedy: codes.Say(codes.Text{EN: "give more time with --deadline, or a file that has an end", JA: "--deadline を長くするか、終わりのあるファイルを指定してください"})}
	}
	unread := &codes.UserError{Place: place, Cause: err, Says: codes.Say(says), Remedy: codes.Say(remedy)}
	var known *codes.UserError
	if errors.As(err, &known) && !known.Remedy.IsZero() {
		unread.Remedy = known.Remedy
	}
	return unread
}

// IsFile reports whether there is a file that can be read as one.
func IsFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

// MaxInput bounds an input, in octets.
const MaxInput = 16 << 20
