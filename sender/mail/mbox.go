package mail

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"io"
	"strconv"
)

// MaxKept is how much of a mail of a mailbox is kept, in octets; the rest is passed over.
const MaxKept = 4 << 20

// Mbox takes a mailbox file apart, whatever its kind (RFC 4155; mboxo, mboxrd, mboxcl): a mail begins with a line
// "From sender date", and Content-Length is believed where such a line follows. Memory does not grow with the file.
type Mbox struct {
	Most int // octets that are kept of a mail; 0 is MaxKept
	r    *bufio.Reader
	open bool // the From line of the mail was read
	err  error
}

// NewMbox reads a mailbox file.
func NewMbox(r io.Reader) *Mbox {
	buffered, ok := r.(*bufio.Reader)
	if !ok {
		buffered = bufio.NewReaderSize(r, 64<<10)
	}
	return &Mbox{r: buffered}
}

// IsMbox reports whether a file that begins with head is a mailbox file.
func IsMbox(head []byte) bool {
	head = bytes.TrimLeft(head, "\r\n")
	line, after := cutLine(head)
	return isFromLine(line) && (startsField(after) || bytes.HasPrefix(after, []byte(">From ")) || len(after) == 0)
}

// Next appends the next mail to buf, without its From line. cut reports that it was longer than Most. The error is io.EOF
// at the end, or that of the reader.
func (m *Mbox) Next(buf []byte) (mail []byte, cut bool, err error) {
	start, header, length := len(buf), true, -1
	blank, inside := true, false // the line before was empty; this is the rest of a line
	for m.err == nil {
		line, err := m.r.ReadSlice('\n')
		whole := !errors.Is(err, bufio.ErrBufferFull)
		if err != nil && whole {
			m.err = err
		}
		taken := false
		empty := whole && !inside && len(bytes.TrimRight(line, "\r\n")) == 0
		if !inside && whole && m.begins(line, blank) {
			if m.open {
				return trimEnd(buf, start), cut, nil
			}
			m.open = true
			continue
		}
		if !m.open && empty {
			continue // before the first From line
		}
		m.open = true
		if cut = cut || len(buf)-start+len(line) > m.most(); !cut {
			buf = append(buf, line...)
		}
		if header && whole {
			length = max(length, contentLength(line))
			header = !empty
			if empty && length > 0 {
				before := len(buf)
				buf, cut = m.takeLength(buf, start, length, cut)
				taken = len(buf) > before
			}
		}
		blank, inside = empty || taken, !whole
	}
	if len(buf) > start {
		m.open = false
		return trimEnd(buf, start), cut, nil
	}
	return buf, cut, m.err
}

func (m *Mbox) most() int { return cmp.Or(m.Most, MaxKept) }

// begins reports whether a line begins a mail: a From line after an empty one, or one right before a field that mails begin with.
func (m *Mbox) begins(line []byte, blank bool) bool {
	if len(line) < 20 || line[0] != 'F' || !isFromLine(bytes.TrimRight(line, "\r\n")) {
		return false
	}
	if blank {
		return true
	}
	next, _ := m.r.Peek(80)
	for _, name := range [...]string{"Return-Path:", "Received:", "Delivered-To:", "X-Original-To:", "From:", "Date:", "Message-ID:"} {
		if len(next) > len(name) && bytes.EqualFold(next[:len(name)], []byte(name)) {
			return true
		}
	}
	return false
}

// takeLength takes as much of a mail as its Content-Length says, if a From line or the end follows there.
func (m *Mbox) takeLength(buf []byte, start, length int, cut bool) ([]byte, bool) {
	if length > 32<<10 { // only what can be looked at before it is believed
		return buf, cut
	}
	ahead, err := m.r.Peek(length + 64)
	if len(ahead) < length {
		return buf, cut
	}
	rest := bytes.TrimLeft(ahead[length:], "\r\n")
	line, _ := cutLine(rest)
	if !(isFromLine(line) || bytes.HasPrefix(rest, []byte("From ")) || len(rest) == 0 && errors.Is(err, io.EOF)) || ahead[length-1] != '\n' {
		return buf, cut
	}
	if cut = cut || len(buf)-start+length > m.most(); !cut {
		buf = append(buf, ahead[:length]...)
	}
	_, _ = m.r.Discard(length)
	return buf, cut
}

func trimEnd(buf []byte, start int) []byte {
	if len(buf) <= start+1 || buf[len(buf)-1] != '\n' {
		return buf
	}
	if end := bytes.TrimRight(buf[start:], "\r\n"); len(end) < len(buf)-start-1 {
		buf = append(buf[:start+len(end)], '\n')
	}
	return buf
}

var contentLengthName = []byte("content-length:")

// contentLength is the value of the field; -1 where a line is another.
func contentLength(line []byte) int {
	if len(line) < len(contentLengthName) || line[0]|0x20 != 'c' || !bytes.EqualFold(line[:len(contentLengthName)], contentLengthName) {
		return -1
	}
	n, err := strconv.Atoi(string(bytes.TrimSpace(line[len(contentLengthName):])))
	if err != nil {
		return -1
	}
	return n
}

// isFromLine reports whether a line begins a mail: "From sender Mon Feb  2 10:00:05 2026", with a zone or without.
func isFromLine(line []byte) bool {
	if len(line) < 20 || line[0] != 'F' || !bytes.HasPrefix(line, []byte("From ")) {
		return false
	}
	colon := bytes.LastIndexByte(line, ':')
	if colon < 5 || !isDigitByte(line[colon-1]) {
		return false
	}
	words := bytes.Fields(line)
	for _, w := range words[2:] {
		if len(w) == 4 && (w[0] == '1' && w[1] == '9' || w[0] == '2' && w[1] == '0') && isDigitByte(w[2]) && isDigitByte(w[3]) {
			return true
		}
	}
	return false
}

func isDigitByte(c byte) bool { return c >= '0' && c <= '9' }
