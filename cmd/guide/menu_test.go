package guide

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/guide/walk"
)

func TestDecodeKey(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]key{
		"\x1b[A": keyUp, "\x1bOA": keyUp, "\x1b[B": keyDown, "\x1b[1;5B": keyDown, "\x1b[D": keyLeft, "\x1b[C": keyNone,
		"\x1b[H": keyFirst, "\x1b[1~": keyFirst, "\x1b[4~": keyLast, "\x1b[F": keyLast,
		"\x1b[200~": keyPaste, "\x1b[201~": keyNone, "\x15": keyClear, "\r": keyEnter, "\n": keyEnter, "\x1bOM": keyEnter,
		"\x03": keyInterrupt, "\x04": keyEnd,
		"\x10": keyUp, "\x0e": keyDown, "\x7f": keyErase, "\x08": keyErase,
		"1": '1', "\uff11": '\uff11', "\uff21": '\uff21', "あ": 'あ', "\x01": keyNone, "\xff": keyNone,
	} {
		got, n := decodeKey([]byte(in+"xyz"), false)
		if got != want || n != len(in) {
			t.Errorf("%q: %d, %d octets, want %d, %d", in, got, n, want, len(in))
		}
		for i := 1; i < len(in); i++ { // half of it is waited for
			if _, n := decodeKey([]byte(in[:i]), false); n != 0 {
				t.Errorf("%q: %d octets taken of %q", in, n, in[:i])
			}
		}
	}
	if k, n := decodeKey([]byte("\x1b"), true); k != keyBack || n != 1 {
		t.Errorf("Esc alone: %d, %d", k, n)
	}
}

func FuzzDecodeKey(f *testing.F) {
	for _, s := range []string{"\x1b[A", "\x1b", "\x1b[1;2", "é", "\xe3\x81", "\x1bOM12"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for len(b) > 0 {
			_, n := decodeKey(b, true)
			if n <= 0 || n > len(b) {
				t.Fatalf("%q: %d octets", b, n)
			}
			b = b[n:]
		}
	})
}

func testMenu(lang codes.Lang) *menu {
	q := &walk.Question{Says: codes.Text{EN: "Which cause is it?", JA: "どの要因ですか"},
		Lead: []codes.Text{{EN: strings.Repeat("Lead in words. ", 12), JA: strings.Repeat("手順の説明です。", 12)}}}
	for _, id := range []string{"one", "two", "three", "four"} {
		q.Choices = append(q.Choices, walk.Choice{ID: id, Key: rune(id[0] - 'a' + 'A'), Says: codes.Say(codes.Text{EN: strings.Repeat(id+" ", 30), JA: strings.Repeat("要因の長い説明、", 15)})})
	}
	return &menu{lang: lang, n: 3, q: q}
}

// On every screen the menu fits, and the selected choice is to be seen.
func TestMenuFits(t *testing.T) {
	t.Parallel()
	for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
		for _, columns := range []int{24, 40, 80, 200} {
			for _, lines := range []int{5, 8, 12, 24, 60} {
				m := testMenu(lang)
				for m.selected = range m.q.Choices {
					rows := m.lines(columns, lines)
					if len(rows) >= lines && lines >= 5 || !slices.ContainsFunc(rows, func(s string) bool { return strings.HasPrefix(s, "> ") }) {
						t.Errorf("%s %d×%d, choice %d:\n%s", lang, columns, lines, m.selected, strings.Join(rows, "\n"))
					}
					for _, row := range rows {
						if page.Columns(row) >= columns {
							t.Errorf("%s %d×%d: %d columns: %s", lang, columns, lines, page.Columns(row), row)
						}
					}
				}
			}
		}
	}
}

func TestMenuKeys(t *testing.T) {
	t.Parallel()
	for keys, want := range map[string]string{"\r": "one", "\x1b[B\r": "two", "\x1b[A\r": "four",
		"\x1b[B\x1b[B\x1b[A\r": "two", "3": "three", "\uff13": "three", "jj\r": "three", "jk\r": "one", "\x1b[F\r": "four",
		"9\r": "one", "T": "two"} {
		m := testMenu(codes.English)
		got := ""
		for b := []byte(keys); len(b) > 0 && got == ""; {
			k, n := decodeKey(b, true)
			b = b[n:]
			said, err := m.handle(k)
			if err != nil {
				t.Errorf("%q: %v", keys, err)
			}
			got = said
		}
		if got != want {
			t.Errorf("%q chooses %q, want %q", keys, got, want)
		}
	}
	for k, want := range map[key]error{'q': errEnded, 'b': errBack, keyBack: errBack, keyLeft: errBack, keyErase: errBack,
		keyEnd: errEnded, keyInterrupt: app.ErrInterrupted} {
		if _, err := testMenu(codes.English).handle(k); !errors.Is(err, want) {
			t.Errorf("%d: %v, want %v", k, err, want)
		}
	}
	if n := height([]string{strings.Repeat("x", 79), "", "あああ"}, 40); n != 4 {
		t.Errorf("narrower, the lines take %d", n)
	}
}
