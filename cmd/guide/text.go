package guide

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/guide/walk"
)

// text asks for a text: one line that is typed, or any number of lines that are pasted.
func (s *screen) text(ctx context.Context, n int, q *walk.Question) (string, error) {
	a := s.app
	for {
		s.w.Out.Say(a.T(questionLine(n, q)))
		typed, err := s.typed(ctx, a.T(codes.Text{EN: "(b: back, q: end) ", JA: "(b: 戻る、q: 終了) "}))
		s.w.Out.Say("")
		if err != nil {
			return "", err
		}
		said, err := parseAnswer(q, typed)
		if err == nil || err == errBack || err == errEnded {
			return said, err
		}
		for _, l := range page.ErrorLines(err, a.Lang) {
			s.w.Out.Say(l)
		}
	}
}

// typed reads until Enter. The terminal is as it was when it returns.
func (s *screen) typed(ctx context.Context, prompt string) (string, error) {
	leave, err := s.takeKeys()
	if err != nil {
		return "", err
	}
	defer leave()
	text := ""
	s.w.Text(prompt)
	for {
		k, open, err := s.key(ctx)
		switch {
		case err != nil:
			return "", err
		case !open:
			return "", errEnded
		}
		before := text
		if k == keyPaste {
			pasted, err := s.pasted(ctx)
			if err != nil {
				return "", err
			}
			text += pasted
		} else if k == keyEnter && !s.goesOn(ctx) {
			return text, nil
		} else if text, err = typeKey(text, k); err != nil {
			return "", err
		}
		if len(text) > app.MaxAnswer {
			return "", errEnded
		}
		s.retype(prompt, before, text)
	}
}

// goesOn reports whether the end of a line is one within a text that a terminal does not mark as pasted: the next line comes
// at once.
func (s *screen) goesOn(ctx context.Context) bool {
	if len(s.pending) == 0 && s.burst {
		b, _, _ := s.bytes(ctx, sequencePause)
		s.pending = b
	}
	return len(s.pending) > 0
}

// typeKey is a text after a key. The error is what the key means instead.
func typeKey(text string, k key) (string, error) {
	switch k {
	case keyEnter:
		return text + "\n", nil
	case keyErase:
		_, n := utf8.DecodeLastRuneInString(text)
		return text[:len(text)-n], nil
	case keyClear:
		return "", nil
	case keyBack:
		return "", errBack
	case keyInterrupt:
		return "", app.ErrInterrupted
	case keyEnd:
		if text == "" {
			return "", errEnded
		}
	default:
		if k > 0 && unicode.IsPrint(rune(k)) || unicode.Is(unicode.Zs, rune(k)) {
			return text + string(rune(k)), nil
		}
	}
	return text, nil
}

// retype brings what stands behind the prompt from one text to another.
func (s *screen) retype(prompt, before, now string) {
	if more, ok := strings.CutPrefix(now, before); ok {
		s.w.Text(more)
		return
	}
	columns, rows := s.size()
	s.w.EraseText(min(height(strings.Split(prompt+before, "\n"), columns), max(rows-1, 1)))
	s.w.Text(prompt + now)
}
