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

// readReply reads one reply (RFC 5321 §4.2.1). A bare LF ends a line too.
func readReply(r *bufio.Reader) (codes.Reply, error) {
	var reply codes.Reply
	for left := maxReply; ; {
		line, n, err := readLine(r, left)
		if err != nil {
			return reply, err
		}
		left -= n
		code, more, text, ok := splitLine(line)
		if !ok || reply.Code != 0 && code != reply.Code {
			return reply, errGarbage
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

// readLine reads up to LF, at most limit octets, and keeps the first of them.
func readLine(r *bufio.Reader, limit int) (line string, n int, err error) {
	var kept []byte
	for {
		part, err := r.ReadSlice('\n')
		n += len(part)
		if room := maxLine - len(kept); room > 0 {
			kept = append(kept, part[:min(room, len(part))]...)
		}
		switch {
		case n > limit:
			return "", n, errTooLong
		case err == bufio.ErrBufferFull:
			continue
		case err == io.EOF && n > 0:
			return "", n, io.ErrUnexpectedEOF
		case err != nil:
			return "", n, err
		}
		return string(bytes.TrimRight(kept, "\r\n")), n, nil
	}
}

// splitLine takes "250-text" apart.
func splitLine(line string) (code int, more bool, text string, ok bool) {
	if len(line) < 3 || line[0] < '2' || line[0] > '5' {
		return 0, false, "", false
	}
	for _, c := range []byte(line[:3]) {
		if c < '0' || c > '9' {
			return 0, false, "", false
		}
		code = code*10 + int(c-'0')
	}
	if len(line) == 3 {
		return code, false, "", true
	}
	if line[3] != ' ' && line[3] != '-' {
		return 0, false, "", false
	}
	return code, line[3] == '-', line[4:], true
}

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
