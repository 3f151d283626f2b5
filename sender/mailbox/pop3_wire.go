package mailbox

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// over goes on over a connection.
func (b *popBox) over(c net.Conn) {
	b.conn = c
	b.r = bufio.NewReaderSize(stepReader{b}, 64<<10)
}

// step is a step of the wire. octets are expected beside what goes without saying.
func (b *popBox) step(octets int64, do func() error) error {
	b.in = true
	defer func() { b.in = false }()
	return b.wire.step(b.ctx, octets, do)
}

// stepReader reads from the server, each read as a step where none is under way.
type stepReader struct{ box *popBox }

// Read reads what is there.
func (s stepReader) Read(p []byte) (n int, err error) {
	if s.box.in {
		return s.box.conn.Read(p)
	}
	began := time.Now()
	defer func() { s.box.waited += time.Since(began) }()
	err = s.box.wire.step(s.box.ctx, int64(len(p)), func() (err error) { n, err = s.box.conn.Read(p); return err })
	return n, err
}

// refusal is what a server said in place of +OK.
type refusal struct{ text string }

// Error is the text.
func (r refusal) Error() string { return r.text }

// errQuestion says that the server wants to know more (RFC 5034 §4).
var errQuestion = errors.New("the server asked a question")

// answer reads one line (RFC 1939 §3). A refusal is an error.
func (b *popBox) answer() (string, error) {
	line, err := b.line()
	if err != nil {
		return "", err
	}
	word, text, _ := strings.Cut(line, " ")
	switch word {
	case "+OK":
		return text, nil
	case "-ERR":
		return "", refusal{hidden(text, b.user, b.secret)}
	case "+":
		return "", errQuestion
	}
	return "", b.odd("this is no POP3 server", line)
}

// odd is the error of a line that nobody understands.
func (b *popBox) odd(what, line string) error {
	line = hidden(line, b.user, b.secret)
	return fmt.Errorf("%s: %q", what, line[:min(len(line), 80)])
}

// line reads a line without its end, of a length that is read at once.
func (b *popBox) line() (string, error) {
	raw, err := b.r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		err = errEndless
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return strings.TrimRight(string(raw), "\r\n"), err
}

// say sends a command and reads the first line of the answer.
func (b *popBox) say(command string) (text string, err error) {
	err = b.step(0, func() error {
		if _, err := io.WriteString(b.conn, command+"\r\n"); err != nil {
			return err
		}
		text, err = b.answer()
		return err
	})
	return text, err
}

// lines sends a command whose answer has several lines, and hands these on. octets are expected beside what goes without
// saying.
func (b *popBox) lines(command string, octets int64, each func(string) error) error {
	if _, err := b.say(command); err != nil {
		return err
	}
	return b.step(octets, func() error {
		for {
			line, err := b.line()
			if err != nil || line == "." {
				return err
			}
			if err := each(line); err != nil {
				return err
			}
		}
	})
}
