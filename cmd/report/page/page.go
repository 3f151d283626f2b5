// Package page writes everything that todoku prints.
//
// Out is a place where output goes. Each medium has one writer over it: Text for terminals, Markdown, Table for CSV, Stream
// for JSON, Screen for the menus of a dialogue. The writers escape hidden characters and markup that data may hold, or make
// them visible; so no other package has to clean a value. Command is the only function that turns a codes.Command into
// text, Wrap the only one that breaks lines.
//
// A Document lists the formats (Form) of one kind of output; cmd/report fills these tables. Options say how a document
// looks.
package page

import (
	"bytes"
	"io"
	"sync"

	"golang.org/x/term"
)

// Out is a place where output goes: standard output, standard error, a file. It is no io.Writer on purpose: only the
// writers of this package write to it. Several goroutines may.
type Out struct {
	mu  sync.Mutex
	w   io.Writer
	err error // the first one; after it nothing is written

	passing bool // a line of Status stands there
}

// To makes an Out of a stream.
func To(w io.Writer) *Out { return &Out{w: w} }

// Err is the first error of writing, nil when all was written.
func (o *Out) Err() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.err
}

// put writes a text that one of the writers has made.
func (o *Out) put(s string) error { return o.putBytes([]byte(s)) }

func (o *Out) putBytes(b []byte) error { return o.write(b, false) }

// write takes the passing line away, and writes. passing says that a passing line is written.
func (o *Out) write(b []byte, passing bool) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.passing && !passing && len(b) > 0 {
		b = append([]byte(clearLine), b...)
	}
	if o.err == nil && len(b) > 0 {
		_, o.err = o.w.Write(b)
		o.passing = passing
	}
	return o.err
}

// Terminal reports whether the place is a terminal, and its width in columns: 80 where it does not tell.
func (o *Out) Terminal() (columns int, ok bool) {
	f, isFile := o.w.(interface{ Fd() uintptr })
	if !isFile || !term.IsTerminal(int(f.Fd())) {
		return 0, false
	}
	columns, _, err := term.GetSize(int(f.Fd()))
	if err != nil || columns <= 0 {
		columns = 80
	}
	return columns, true
}

// Lines writes text of several lines that is laid out already: a help, a schema, a script. Hidden characters but line
// breaks and tabs become visible.
func (o *Out) Lines(s string) error { return o.put(cleaned(s, "\n\t")) }

// Mail writes a mail, with its CRLF. Its other control characters become visible; a draft of ours has none.
func (o *Out) Mail(s string) error { return o.put(cleaned(s, "\r\n\t")) }

// Writer is Lines for libraries that write by themselves; each Write must hold whole characters.
func (o *Out) Writer() io.Writer { return printer{o} }

type printer struct{ out *Out }

func (p printer) Write(b []byte) (int, error) {
	if err := p.out.Lines(string(b)); err != nil {
		return 0, err
	}
	return len(b), nil
}

// parts passes a text on in parts of about 32 KiB.
type parts struct {
	out *Out
	b   bytes.Buffer
}

func (p *parts) Write(b []byte) (int, error) {
	p.b.Write(b)
	if p.b.Len() < 32<<10 {
		return len(b), nil
	}
	return len(b), p.flush()
}

func (p *parts) flush() error {
	err := p.out.putBytes(p.b.Bytes())
	p.b.Reset()
	return err
}
