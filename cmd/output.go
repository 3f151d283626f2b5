package cmd

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"todoku/codes"
)

// deliver prints one thing in the form that --format asks for, to where -o
// says: text for people, or the value as JSON.
func (a *app) deliver(text func(io.Writer) error, value func() any) error {
	format := a.global.format
	if format == "" {
		format = "text"
	}
	if _, err := oneOf("text", "json", "ndjson")(format); err != nil {
		return at("--format", err)
	}
	return a.write(func(w io.Writer) error {
		if format == "text" {
			return text(w)
		}
		return writeJSON(w, value(), format == "ndjson")
	})
}

// write runs print on the place of the output. A file is replaced only when
// the output is complete.
func (a *app) write(print func(io.Writer) error) error {
	name := a.global.output
	if name == "" || name == "-" {
		return print(a.stdout)
	}
	f, err := create(name)
	if err != nil {
		return &usageError{place: name, cause: err,
			says: say(codes.Text{EN: "the output file cannot be written", JA: "出力ファイルに書き込めません"}),
			fix:  say(codes.Text{EN: "give a file in a directory that exists and can be written", JA: "書き込みできるディレクトリのファイルを指定してください"})}
	}
	if err := print(f); err != nil {
		f.abandon()
		return err
	}
	if err := f.commit(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// outfile is a file under way: it stands beside its final name until commit.
type outfile struct {
	*os.File
	target string // "" when File is the target itself: a pipe, a device
}

func create(name string) (*outfile, error) {
	if real, err := filepath.EvalSymlinks(name); err == nil {
		name = real
	}
	mode := os.FileMode(0o666)
	if info, err := os.Stat(name); err == nil {
		if !info.Mode().IsRegular() {
			f, err := os.OpenFile(name, os.O_WRONLY, 0)
			return &outfile{File: f}, bare(err)
		}
		mode = info.Mode().Perm()
	}
	f, err := os.OpenFile(fmt.Sprintf("%s.%d.part", name, os.Getpid()), os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	return &outfile{File: f, target: name}, bare(err)
}

// bare leaves the path out of an error: it is told already.
func bare(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

func (f *outfile) commit() error {
	if err := f.Close(); err != nil || f.target == "" {
		return err
	}
	return os.Rename(f.Name(), f.target)
}

func (f *outfile) abandon() {
	_ = f.Close()
	if f.target != "" {
		_ = os.Remove(f.Name())
	}
}
