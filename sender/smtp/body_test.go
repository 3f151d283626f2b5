package smtp

import (
	"bufio"
	"bytes"
	"strings"
	"testing"
)

// stuffedWhole is what a message is on the wire, made in one piece.
func stuffedWhole(message string) string {
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(message), "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	var b strings.Builder
	for _, l := range lines {
		if strings.HasPrefix(l, ".") {
			b.WriteByte('.')
		}
		b.WriteString(l + "\r\n")
	}
	return b.String()
}

// FuzzStuffer: wherever a message is cut into pieces, the same goes out.
func FuzzStuffer(f *testing.F) {
	f.Add("Subject: x\r\n\r\n.hello\r\n..\r\nend", uint(13), uint(19))
	f.Add("\r\n\r.\n.\r.", uint(1), uint(3))
	f.Fuzz(func(t *testing.T, message string, first, second uint) {
		a := int(first % uint(len(message)+1))
		b := a + int(second%uint(len(message)-a+1))
		var out bytes.Buffer
		s := &stuffer{w: bufio.NewWriterSize(&out, 16), start: true}
		for _, piece := range []string{message[:a], message[a:b], message[b:]} {
			s.write([]byte(piece))
		}
		if err := s.close(); err != nil || out.String() != stuffedWhole(message) {
			t.Errorf("%q cut at %d and %d: %q, %v; want %q", message, a, b, out.String(), err, stuffedWhole(message))
		}
	})
}
