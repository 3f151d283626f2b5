package mailbox

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
)

// over goes on over a connection.
func (b *popBox) over(c net.Conn) {
	b.conn = c
	b.r = bufio.NewReaderSize(stepReader{b}, 64<<10)
}

// stepReader reads from the server, each read as a step.
type stepReader struct{ box *popBox }

// Read reads what is there.
func (s stepReader) Read(p []byte) (n int, err error) {
	err = s.box.wire.step(s.box.ctx, int64(len(p)), func() (err error) { n, err = s.box.conn.Read(p); return err })
	return n, err
}

// refusal is what a server said in place of +OK.
type refusal struct{ text string }

// Error is the text.
func (r refusal) Error() string { return r.text }

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
	}
	return "", fmt.Errorf("this is no POP3 server: %q", hidden(line[:min(len(line), 80)], b.user, b.secret))
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
func (b *popBox) say(command string) (string, error) {
	err := b.wire.step(b.ctx, 0, func() error {
		_, err := io.WriteString(b.conn, command+"\r\n")
		return err
	})
	if err != nil {
		return "", err
	}
	return b.answer()
}

// lines sends a command whose answer has several lines, and hands these on.
func (b *popBox) lines(command string, each func(string) error) error {
	if _, err := b.say(command); err != nil {
		return err
	}
	for {
		line, err := b.line()
		if err != nil || line == "." {
			return err
		}
		if err := each(line); err != nil {
			return err
		}
	}
}
