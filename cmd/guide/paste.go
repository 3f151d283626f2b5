package guide

import (
	"bytes"
	"context"
	"strings"
	"time"

	"todoku/cmd/app"
)

// pasteEnd is what a terminal sends after a text that is pasted.
var pasteEnd = []byte("\x1b[201~")

// pastePause is how long the rest of a paste may take.
const pastePause = time.Second

// mostTyped is how many octets nobody types at once: where more come, they are pasted, also in terminals that do not mark it.
const mostTyped = 24

// unmarkedPaste reports whether what came at once is no keys but a text.
func unmarkedPaste(b []byte) bool { return len(b) > mostTyped && !bytes.ContainsRune(b, 0x1b) }

// pasted is the text behind keyPaste, with "\n" as the end of a line. It is cut at app.MaxAnswer. An end of a line after a
// text that is not marked may be Enter: it is left.
func (s *screen) pasted(ctx context.Context) (string, error) {
	if unmarkedPaste(s.pending) {
		return s.takePending(len(bytes.TrimSuffix(bytes.TrimSuffix(s.pending, []byte("\n")), []byte("\r"))), 0), nil
	}
	for {
		if i := bytes.Index(s.pending, pasteEnd); i >= 0 {
			return s.takePending(i, len(pasteEnd)), nil
		}
		b, open, err := s.bytes(ctx, pastePause)
		if err != nil {
			return "", err
		}
		if b == nil || !open {
			return s.takePending(len(s.pending), 0), nil
		}
		if s.pending = append(s.pending, b...); len(s.pending) > app.MaxAnswer+len(pasteEnd) { // the end may be half there
			s.pending = append(s.pending[:app.MaxAnswer], s.pending[len(s.pending)-len(pasteEnd):]...)
		}
	}
}

// takePending takes octets as text, and drops some behind them.
func (s *screen) takePending(n, more int) string {
	text := strings.ToValidUTF8(string(s.pending[:n]), "\uFFFD")
	s.pending = s.pending[n+more:]
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
}
