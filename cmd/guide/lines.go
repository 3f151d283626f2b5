package guide

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/guide/walk"
)

// plainLines asks in plain lines: no cursor movement, one line for each thing, so that screen readers and pipes can
// follow.
type plainLines struct {
	app   *app.App
	w     *page.Out
	typed bool // somebody's terminal echoes the answers
	in    <-chan string
	want  chan<- struct{}
	ahead []string // lines that came with one that was an answer by itself
}

func newLines(a *app.App, w *page.Out, typed bool) *plainLines {
	l := &plainLines{app: a, w: w, typed: typed}
	l.want, l.in = a.LineReader()
	return l
}

// answer is what somebody types, false at the end. What a terminal sends at once is one text that is pasted, unless its first
// line is an answer to a choice.
func (l *plainLines) answer(ctx context.Context, q *walk.Question) (string, bool, error) {
	if len(l.ahead) > 0 {
		first := l.ahead[0]
		l.ahead = l.ahead[1:]
		return first, true, nil
	}
	text, ok, err := l.line(ctx)
	if err != nil || !ok || !l.typed {
		return text, ok, err
	}
	lines := append([]string{text}, l.rest(ctx)...)
	if _, err := parseAnswer(q, text); len(q.Choices) > 0 && err == nil {
		l.ahead = lines[1:]
		return text, true, nil
	}
	return strings.Join(lines, "\n"), true, nil
}

// rest are the lines that come at once after one.
func (l *plainLines) rest(ctx context.Context) (lines []string) {
	for {
		select {
		case l.want <- struct{}{}:
		default: // asked already
		}
		select {
		case s, ok := <-l.in:
			if !ok {
				return lines
			}
			lines = append(lines, s)
		case <-time.After(2 * sequencePause):
			return lines
		case <-ctx.Done():
			return lines
		}
	}
}

// line is the next line; false at the end.
func (l *plainLines) line(ctx context.Context) (string, bool, error) {
	select {
	case l.want <- struct{}{}:
	default: // asked already
	}
	select {
	case <-ctx.Done():
		l.w.Say("")
		return "", false, context.Cause(ctx)
	case s, ok := <-l.in:
		if !l.typed {
			l.w.Say(strings.TrimSpace(norm.NFC.String(printable(s))))
		} else if !ok {
			l.w.Say("")
		}
		return s, ok, nil
	}
}

// printable is what of a line may be shown again.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, s)
}

// say writes a line; what is longer than a terminal's breaks between words.
func (l *plainLines) say(s string) {
	parts := []string{s}
	if screen, wraps := l.w.Terminal(); wraps {
		parts = page.Lines(s, max(screen-1, 20))
	}
	for _, part := range parts {
		l.w.Say(part)
	}
}

func (l *plainLines) ask(ctx context.Context, n int, q *walk.Question) (string, error) {
	a := l.app
	l.w.Say("")
	for _, s := range leadLines(q) {
		l.say(a.T(s))
	}
	l.say(a.T(questionLine(n, q)))
	for i, c := range q.Choices {
		l.say(fmt.Sprintf("%d. %s", i+1, page.Message(c.Says, a.Lang)))
	}
	for {
		switch {
		case hasKey(q, 'B'): // b is a choice here
			l.w.Prompt(fmt.Sprintf(a.T(codes.Text{EN: "Number 1 to %d, or the letter (q: end): ", JA: "番号 1〜%d またはアルファベット (q: 終了): "}), len(q.Choices)))
		case len(q.Choices) > 0:
			l.w.Prompt(fmt.Sprintf(a.T(codes.Text{EN: "Number 1 to %d (b: back, q: end): ", JA: "番号 1〜%d (b: 戻る、q: 終了): "}), len(q.Choices)))
		default:
			l.w.Prompt(a.T(codes.Text{EN: "Answer (b: back, q: end): ", JA: "回答 (b: 戻る、q: 終了): "}))
		}
		said, ok, err := l.answer(ctx, q)
		if err != nil {
			return "", err
		}
		if !ok {
			return "", errEnded
		}
		answer, err := parseAnswer(q, said)
		if err == nil || err == errBack || err == errEnded {
			return answer, err
		}
		for _, line := range page.ErrorLines(err, a.Lang) {
			l.say(line)
		}
	}
}

// parseAnswer reads a typed answer: a number, the key of a choice, or free text. The error is errEnded, errBack, or a
// *codes.UserError.
func parseAnswer(q *walk.Question, said string) (string, error) {
	text := strings.TrimSpace(said)
	folded := strings.ToLower(norm.NFKC.String(text)) // digits and letters of a Japanese keyboard
	switch {
	case folded == "q":
		return "", errEnded
	case folded == "b" && !hasKey(q, 'B'): // pattern B is meant otherwise
		return "", errBack
	}
	if q.Choices == nil {
		return q.Parse(text)
	}
	if n, err := strconv.Atoi(strings.TrimSuffix(folded, ".")); err == nil && n >= 1 && n <= len(q.Choices) {
		return q.Choices[n-1].ID, nil
	}
	for _, c := range q.Choices {
		if c.Key != 0 && folded == strings.ToLower(string(c.Key)) || folded != "" && folded == strings.ToLower(c.ID) {
			return c.ID, nil
		}
	}
	if text == "" {
		return "", codes.Wrong(codes.Say(codes.Text{EN: "Please answer with a number from 1 to {n}.", JA: "1〜{n} の番号で答えてください。"}, codes.Num("n", len(q.Choices))), codes.Message{})
	}
	return "", codes.Wrong(codes.Say(codes.Text{EN: "{value} is none of 1 to {n}.", JA: "{value} は 1〜{n} の番号ではありません。"}, codes.QuotedStart("value", text, 40), codes.Num("n", len(q.Choices))), codes.Message{})
}

func hasKey(q *walk.Question, key rune) bool {
	return slices.ContainsFunc(q.Choices, func(c walk.Choice) bool { return c.Key == key })
}
