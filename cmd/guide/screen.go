package guide

import (
	"bytes"
	"context"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/guide/walk"
)

// screen asks on a terminal: choices with the arrow keys, text as it is typed or pasted.
type screen struct {
	app     *app.App
	w       page.Screen
	in      *os.File
	want    chan struct{} // one read is wanted
	read    chan []byte   // what it gave; closed at the end
	pending []byte        // octets of the next key
	burst   bool          // they came with others: a terminal sends one key at a time
}

// Pauses of a terminal: how long the rest of a sequence may take over a slow
// line, and how often its size is looked at.
const (
	sequencePause = 60 * time.Millisecond
	sizePause     = 250 * time.Millisecond
)

func newScreen(a *app.App, in *os.File, w *page.Out) *screen {
	s := &screen{app: a, w: page.Screen{Out: w, Colour: a.Style(w, false).Color}, in: in, want: make(chan struct{}, 1),
		read: make(chan []byte)}
	go func() {
		defer close(s.read)
		for range s.want {
			b := make([]byte, 4096)
			n, err := in.Read(b)
			if n == 0 || err != nil {
				return
			}
			s.read <- b[:n]
		}
	}()
	return s
}

// bytes is the next thing that was typed: nil after a pause, false at the end.
func (s *screen) bytes(ctx context.Context, pause time.Duration) (b []byte, open bool, err error) {
	select {
	case s.want <- struct{}{}:
	default: // a read waits already
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return nil, false, context.Cause(ctx)
	case <-timer.C:
		return nil, true, nil
	case b, ok := <-s.read:
		return b, ok, nil
	}
}

func (s *screen) ask(ctx context.Context, n int, q *walk.Question) (string, error) {
	s.w.Out.Say("")
	if len(q.Choices) == 0 {
		return s.text(ctx, n, q)
	}
	m := &menu{lang: s.app.Lang, n: n, q: q}
	m.selected = max(0, slices.IndexFunc(q.Choices, func(c walk.Choice) bool { return c.ID == q.Proposed }))
	return s.choose(ctx, m)
}

// choose shows a menu until something is chosen. The terminal is as it was
// when it returns.
func (s *screen) choose(ctx context.Context, m *menu) (said string, err error) {
	leave, err := s.takeKeys()
	if err != nil {
		return "", err
	}
	s.w.Cursor(false)
	var shown []string
	defer func() {
		s.erase(shown)
		if err != errBack {
			s.leaveAnswer(m, said)
		}
		s.w.Cursor(true)
		leave()
	}()
	columns, rows := s.size()
	shown = s.draw(m, shown, columns, rows)
	for {
		k, open, err := s.key(ctx)
		if err != nil {
			return "", err
		}
		if !open {
			return "", errEnded
		}
		c, r := s.size()
		if k == keyNone && c == columns && r == rows {
			continue
		}
		columns, rows = c, r
		if k == keyPaste { // no answer to a choice: its letters would be taken for keys
			if _, err := s.pasted(ctx); err != nil {
				return "", err
			}
			s.pending = bytes.TrimLeft(s.pending, "\r\n")
			continue
		}
		if said, err := m.handle(k); said != "" || err != nil {
			return said, err
		}
		shown = s.draw(m, shown, columns, rows)
	}
}

// takeKeys lets every key through as it is pressed, and marks what is pasted. The terminal is as it was after leave.
func (s *screen) takeKeys() (leave func(), err error) {
	fd := int(s.in.Fd())
	before, err := term.MakeRaw(fd)
	if err != nil {
		return nil, err
	}
	s.w.MarkPaste(true)
	return func() {
		s.w.MarkPaste(false)
		_ = term.Restore(fd, before)
	}, nil
}

// key is the next key, keyNone after a pause. After keyPaste, pasted has the text.
func (s *screen) key(ctx context.Context) (key, bool, error) {
	for {
		k, n := decodeKey(s.pending, false)
		if unmarkedPaste(s.pending) {
			return keyPaste, true, nil
		}
		if n > 0 {
			s.pending = s.pending[n:]
			return k, true, nil
		}
		pause := sizePause
		if len(s.pending) > 0 {
			pause = sequencePause
		}
		b, open, err := s.bytes(ctx, pause)
		if err != nil || !open {
			return keyNone, false, err
		}
		if b == nil {
			k, n := decodeKey(s.pending, true)
			s.pending = s.pending[n:]
			return k, true, nil
		}
		s.pending, s.burst = append(s.pending, b...), len(b) > 1
	}
}

func (s *screen) size() (columns, rows int) {
	columns, rows, err := term.GetSize(int(s.in.Fd()))
	if err != nil || columns <= 0 || rows <= 0 {
		return 80, 24
	}
	return columns, rows
}

// draw replaces the menu that is on the screen.
func (s *screen) draw(m *menu, before []string, columns, rows int) []string {
	s.erase(before)
	lines := m.lines(columns, rows)
	s.w.Rows(lines, func(line string) bool { return strings.HasPrefix(line, "> ") })
	return lines
}

// erase takes the menu off the screen, also when it was made narrower.
func (s *screen) erase(lines []string) {
	if len(lines) == 0 {
		return
	}
	columns, rows := s.size()
	s.w.Erase(min(height(lines, columns), max(rows-1, 1)))
}

// leaveAnswer writes the question with its answer in the place of the menu.
func (s *screen) leaveAnswer(m *menu, said string) {
	a := s.app
	last := m.q.Remembered(said)
	if said == "" {
		last = codes.Say(codes.Same("–"))
	}
	rows := (&menu{lang: a.Lang, n: m.n, q: &walk.Question{Lead: m.q.Lead, Step: m.q.Step, Says: m.q.Says,
		Choices: []walk.Choice{{Says: last}}}}).lines(s.columns(), 1<<20)
	if len(rows) < 2 {
		return
	}
	rows = rows[:len(rows)-1] // without the keys
	for i, row := range rows {
		if answer, ok := strings.CutPrefix(row, "> 1. "); ok {
			rows[i] = "  = " + answer
		}
	}
	s.w.Rows(rows, func(string) bool { return false })
}

func (s *screen) columns() int { c, _ := s.size(); return c }
