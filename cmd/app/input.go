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

// Want says how much of an input is read, and what kind of input it must be.
type Want struct {
	Limit  int64      // octets; every reader but Input.Read returns an error beyond it
	Text   bool       // binary data is an error
	Remedy codes.Text // the remedy where the input is larger than Limit
}

// chunk is the number of octets that one read asks for.
const chunk = 64 << 10

// Input is an opened file, pipe or device, or standard input. Its reads end when the context ends, so that a pipe without
// a writer cannot block the program.
type Input struct {
	ctx  context.Context
	file io.ReadCloser
	want Want
	size int64 // of a regular file, in octets; else 0
	// direct says that a read of the file waits for nobody.
	direct bool
	buf    []byte
	rest   []byte // part of buf that Read has not returned yet
	err    error
}

// Open opens a file to read from; "-" is standard input, which can be opened once: the second reader would find nothing in
// it. The error is a *codes.UserError, or the cause of the context's end.
func (a *App) Open(ctx context.Context, name string, w Want) (*Input, error) {
	if name == "-" {
		if a.stdinOpened {
			return nil, codes.Wrong(
				codes.Say(codes.Text{EN: "standard input is named twice", JA: "標準入力が2か所に指定されています"}),
				codes.Say(codes.Text{EN: "give - once, and files elsewhere", JA: "- は1か所だけに指定し、ほかはファイルを指定してください"}))
		}
		a.stdinOpened = true
		return &Input{ctx: ctx, file: io.NopCloser(a.Stdin), want: w}, nil
	}
	if a.Seam != nil {
		if file, size, replaced, err := a.Seam.Open(name); replaced {
			return &Input{ctx: ctx, file: file, want: w, size: size}, FileFault(err)
		}
	}
	f, err := a.OpenFile(ctx, name, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	in := &Input{ctx: ctx, file: f, want: w}
	switch info, err := f.Stat(); {
	case err != nil:
		_ = f.Close()
		return nil, FileFault(err)
	case info.IsDir():
		_ = f.Close()
		return nil, FileFault(syscall.EISDIR)
	case info.Mode().IsRegular():
		in.size, in.direct = info.Size(), waitsForNobody(info)
	}
	if a.Seam != nil {
		in.file = a.Seam.Keep(name, in.file)
	}
	return in, nil
}

// OpenFile is os.OpenFile for names that may be pipes. Opening a pipe waits for the other side; here it ends when the
// context ends. A guest opens none.
func (a *App) OpenFile(ctx context.Context, name string, flag int, mode os.FileMode) (*os.File, error) {
	if a.guest != nil {
		return nil, NoFiles()
	}
	return openFile(ctx, name, flag, mode)
}

func openFile(ctx context.Context, name string, flag int, mode os.FileMode) (*os.File, error) {
	if info, err := os.Stat(name); err == nil && waitsForNobody(info) {
		if err := context.Cause(ctx); err != nil {
			return nil, err
		}
		f, err := os.OpenFile(name, flag, mode)
		return f, FileFault(err)
	}
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

// waitsForNobody reports whether a file is a regular one that has something in it: opening and reading it is a matter of the
// disk alone, so that no goroutine is needed to end it. Files of /proc are regular too, and empty, and some of them wait.
func waitsForNobody(info fs.FileInfo) bool { return info.Mode().IsRegular() && info.Size() > 0 }

// Read is that of io.Reader; it returns the context's cause if the context ends while it waits.
func (in *Input) Read(p []byte) (int, error) {
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

// next reads the next chunk into rest and err.
func (in *Input) next() {
	if in.buf == nil {
		size := int64(chunk)
		if in.size > 0 && in.size < chunk {
			size = in.size + 1
		}
		in.buf = make([]byte, size)
	}
	if in.direct {
		if err := context.Cause(in.ctx); err != nil {
			in.err = err
			return
		}
		in.take(in.file.Read(in.buf))
		return
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
		in.take(got.n, got.err)
	case <-in.ctx.Done():
		in.err = context.Cause(in.ctx)
	}
}

// take makes rest and err of what a read of the file gave.
func (in *Input) take(n int, err error) {
	in.rest, in.err = in.buf[:n], err
	if err != nil && err != io.EOF {
		in.err = FileFault(err)
	}
	if in.want.Text && notText(in.rest) {
		in.rest, in.err = nil, codes.Wrong(
			codes.Say(codes.Text{EN: "this is no text (binary data, or UTF-16)", JA: "テキストではありません(バイナリーデータ、または UTF-16)"}),
			codes.Say(codes.Text{EN: "give plain text in UTF-8", JA: "UTF-8のテキストを指定してください"}))
	}
}

// failed reports whether reading ended by an error, not by the end of the input.
func (in *Input) failed() bool { return in.err != nil && !errors.Is(in.err, io.EOF) }

// Close closes the file; standard input stays open.
func (in *Input) Close() error { return in.file.Close() }

// CheckSize returns an error if a regular file is larger than the limit. Nothing is read.
func (in *Input) CheckSize() error {
	if in.size > in.want.Limit {
		return tooLarge(in.want)
	}
	return nil
}

// readAll reads an input to its end; it is an error if the input is larger than the limit.
func (in *Input) readAll() ([]byte, error) {
	if err := in.CheckSize(); err != nil {
		return nil, err
	}
	got, more, err := in.readChunks()
	if more {
		return nil, tooLarge(in.want)
	}
	return got.join(), err
}

// ReadFirst reads an input up to its end or the limit; more reports whether the input has more than that.
func (in *Input) ReadFirst() (out []byte, more bool, err error) {
	got, more, err := in.readChunks()
	return got.join(), more, err
}

// readChunks does the work of readAll and ReadFirst.
func (in *Input) readChunks() (got chunks, more bool, err error) {
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
			return chunks{}, false, in.err
		}
	}
}

// Read reads a whole file; "-" is standard input. The error is that of Open, or a *codes.UserError where the input is not
// as w says.
func (a *App) Read(ctx context.Context, name string, w Want) ([]byte, error) {
	in, err := a.Open(ctx, name, w)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return in.readAll()
}

// notText reports whether octets are binary data: more than 8, and more than one of 16, are control characters that text
// does not have.
func notText(b []byte) bool {
	controls := 0
	for _, c := range b {
		if c < 0x20 && (c < '\b' || c > '\r') && c != 0x0e && c != 0x0f && c != 0x1b { // SO, SI and ESC switch charsets (ISO 2022)
			controls++
		}
	}
	return controls > 8 && controls > len(b)/16
}

// FormatSize writes a number of octets for people: "16 MiB".
func FormatSize(n int64) string {
	switch {
	case n >= 1<<20 && n%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 1<<10 && n%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d B", n)
}

// IsFile reports whether a name is that of a regular file. For a guest there is none.
func (a *App) IsFile(name string) bool {
	if a.guest != nil && a.Seam == nil {
		return false
	}
	info, err := Stat(a, name)
	return err == nil && info.Mode().IsRegular()
}

// MaxInput is the limit of an input for which nothing else is said, in octets.
const MaxInput = 16 << 20
