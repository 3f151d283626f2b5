package smtp

import (
	"bufio"
	"bytes"
	"io"
	"strconv"
	"strings"

	"todoku/codes"
)

// Bounds of one reply. RFC 5321 §4.5.3.1.5 allows lines of 512 octets; real
// servers write longer ones.
const (
	maxLine  = 2 << 10 // kept of a line
	maxLines = 128
	maxReply = 64 << 10 // read of a reply in all
)

// ReplyLines are the lines of a reply as the server wrote them, each with its codes: "550-5.1.1 no", "550 5.1.1 such
// box". There are none where no server spoke.
func ReplyLines(r codes.Reply) []string {
	if r.Code == 0 {
		return nil
	}
	lines := r.Lines
	if len(lines) == 0 {
		lines = []string{""}
	}
	out := make([]string, len(lines))
	for i, l := range lines {
		mark := "-"
		if i == len(lines)-1 {
			mark = " "
		}
		out[i] = strconv.Itoa(r.Code) + mark
		if !r.Enhanced.IsZero() {
			out[i] += r.Enhanced.String() + " "
		}
		out[i] = strings.TrimRight(out[i]+l, " ")
	}
	return out
}

// readReply reads one reply (RFC 5321 §4.2.1). A bare LF ends a line too. Where its lines have several codes, the last one
// counts, unless one line says yes and another one no. The error tells what came instead of a reply.
func readReply(r *bufio.Reader) (codes.Reply, error) {
	var reply codes.Reply
	for left := maxReply; ; {
		line, n, err := readLine(r, left)
		if err != nil {
			if len(reply.Lines) == 0 {
				err = cutOff(line, err)
			}
			return reply, err
		}
		left -= n
		code, more, text, ok := splitLine(line)
		if !ok || reply.Code != 0 && (code >= 400) != (reply.Code >= 400) {
			return reply, heard(line, errGarbage)
		}
		if reply.Code != 0 && code != reply.Code {
			reply = codes.Reply{Lines: withCode(reply)}
		}
		reply.Code = code
		e, rest := cutEnhanced(code, text)
		if reply.Enhanced.IsZero() {
			reply.Enhanced = e
		}
		if e == reply.Enhanced { // a line that says something else stays whole
			text = rest
		}
		reply.Lines = append(reply.Lines, text)
		if !more {
			return reply, nil
		}
		if len(reply.Lines) == maxLines {
			return reply, errTooLong
		}
	}
}

// withCode are the lines of a reply as they came: the lines that follow have another code.
func withCode(r codes.Reply) []string {
	lines := ReplyLines(r)
	lines[len(lines)-1] = strings.Replace(lines[len(lines)-1], " ", "-", 1)
	return lines
}

// readLine reads up to LF, at most limit octets, and keeps the first of them, also where an error ends it.
func readLine(r *bufio.Reader, limit int) (line string, n int, err error) {
	var kept []byte
	for {
		part, err := r.ReadSlice('\n')
		n += len(part)
		if room := maxLine - len(kept); room > 0 {
			kept = append(kept, part[:min(room, len(part))]...)
		}
		line = string(bytes.TrimRight(kept, "\r\n"))
		switch {
		case n > limit:
			return line, n, errTooLong
		case err == bufio.ErrBufferFull:
			continue
		case err == io.EOF && n > 0:
			return line, n, io.ErrUnexpectedEOF
		}
		return line, n, err
	}
}

// splitLine takes "250-text" apart. Some servers leave out the blank: "250ok".
func splitLine(line string) (code int, more bool, text string, ok bool) {
	if len(line) < 3 || !isCode(line[:3]) {
		return 0, false, "", false
	}
	for _, c := range []byte(line[:3]) {
		code = code*10 + int(c-'0')
	}
	switch text = line[3:]; {
	case text == "":
	case isDigit(text[0]):
		return 0, false, "", false
	case text[0] == '-' || isBlank(text[0]):
		more, text = text[0] == '-', text[1:]
	}
	return code, more, text, true
}

// isCode reports whether a text is a reply code.
func isCode(s string) bool {
	return len(s) == 3 && '2' <= s[0] && s[0] <= '5' && isDigit(s[1]) && isDigit(s[2])
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// cutEnhanced takes the enhanced code off the front of a text (RFC 2034 §4): it
// is one only where its class is the reply's first digit.
func cutEnhanced(code int, text string) (codes.Enhanced, string) {
	word, rest, _ := strings.Cut(text, " ")
	e, ok := codes.ParseEnhanced(word)
	if !ok || e.Class != code/100 {
		return codes.Enhanced{}, text
	}
	return e, rest
}
