package page

import (
	"encoding/json"
	"errors"
	"iter"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// hidden are characters that must never reach a terminal as they are.
const hidden = "\x00\x07\x1b[31m\x7f\u0085\u009b2J\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2028" +
	"\u2029\u2060\u2066\u2069\u3164\ufeff\ufff9\U000e0001\U000e0041"

// live reports whether a text holds a hidden character or a broken one; keep are those that may stand there.
func live(s, keep string) bool {
	return !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return Hidden(r) && !strings.ContainsRune(keep, r) })
}

func TestCleanShowsWhatIsHidden(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"plain":                   "plain",
		"日本語、ｶﾅ é ✓ 👍":            "日本語、ｶﾅ é ✓ 👍",
		"葛\U000e0100城 ❤\ufe0f":    "葛\U000e0100城 ❤\ufe0f", // a variant of a character in a name
		"a\ufe0f\ufe0fb":          `a\u{fe0f}\u{fe0f}b`,
		"葛\U000e0100\U000e0101":   "葛\U000e0100" + `\u{e0101}`,
		"\x1b[31m":                `\x1b[31m`,
		"a\nb\tc\r":               `a\x0ab\x09c\x0d`,
		"\x9b2J \u009b2J":         `\x9b2J \x9b2J`,
		"\u202eabc\u2066":         `\u{202e}abc\u{2066}`,
		"a\u200bb\u2060c\ufeff":   `a\u{200b}b\u{2060}c\u{feff}`,
		"soft\u00adhyphen\u2028x": `soft\u{ad}hyphen\u{2028}x`,
		"tag\U000e0041":           `tag\u{e0041}`,
		"\xff\xfe":                `\xff\xfe`,
		"p=x;\u00a0r\u202f":       `p=x;\u{a0}r\u{202f}`,
		"山田　太郎":                   "山田　太郎",
	} {
		if got := Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
		if got := Clean(Clean(in)); got != want {
			t.Errorf("cleaned twice, %q is %q", in, got)
		}
	}
}

// TestHiddenKnowsItsTables compares Hidden, which takes short cuts, with the tables that define it.
func TestHiddenKnowsItsTables(t *testing.T) {
	t.Parallel()
	for r := rune(0); r <= unicode.MaxRune; r++ {
		want := unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zs, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point) &&
			r != ' ' && r != '　'
		if Hidden(r) != want {
			t.Errorf("%U: hidden %t, want %t", r, Hidden(r), want)
		}
	}
}

func FuzzEveryMedium(f *testing.F) {
	f.Add(hidden)
	f.Add("a`b``c|d <img onerror=x> [x](https://example.test) \xff")
	f.Add("=1+1\r\n\t'\"")
	f.Fuzz(func(t *testing.T, s string) {
		if got := Clean(s); live(got, "") {
			t.Errorf("Clean gives %q", got)
		}
		var out strings.Builder
		text := NewText(To(&out), 40, false)
		text.Para(Styled{{s, Red}}, 4, Styled{{s, Green}}.Then(s))
		text.Line(Words(s))
		if err := text.Flush(); err != nil || live(out.String(), "\n") {
			t.Errorf("Text: %v, %q", err, out.String())
		}
		if got := string(Escaped(s) + Code(s) + CodeCell(s)); live(got, "") {
			t.Errorf("Markdown: %q", got)
		}
		if got := csvCell(s); live(got, "\r\n") || strings.Contains(strings.ReplaceAll(got, "\r\n", ""), "\r") {
			t.Errorf("CSV: %q", got)
		}
		out.Reset()
		err := NewStream(To(&out), NDJSON, false).Put(map[string]string{s: s})
		got := out.String()
		var back map[string]string
		if err != nil || live(got, "\n") || json.Unmarshal([]byte(got), &back) != nil {
			t.Errorf("JSON: %v, %q", err, got)
		}
		if valid := strings.ToValidUTF8(s, "\ufffd"); utf8.ValidString(s) && back[s] != valid {
			t.Errorf("JSON: %q became %q", s, back[s])
		}
	})
}

func TestColoursComeFromInksOnly(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	text := NewText(To(&out), 40, true)
	text.Para(Styled{{"✗", Red}}.Then(" "), 2, Styled{{"bad\x1b[32m", Red}}.Then(" "+strings.Repeat("word ", 10)))
	if err := text.Flush(); err != nil {
		t.Fatal(err)
	}
	const want = "\x1b[31;1m✗\x1b[0;22m \x1b[31;1mbad\\x1b[32m\x1b[0;22m word word word word word\n  word word word word word\n"
	if out.String() != want {
		t.Errorf("got %q\nwant %q", out.String(), want)
	}
	if got := uncoloured(out.String()); strings.Contains(got, "\x1b") {
		t.Errorf("colours are left: %q", got)
	}
}

func TestCodeEndsWhereItShould(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]MD{
		"a b":                    "`a b`",
		"a`b":                    "``a`b``",
		"`a``b`":                 "``` `a``b` ```",
		"x `` <img onerror=x> `": "``` x `` <img onerror=x> ` ```",
		" x ":                    "`  x  `",
		"":                       "",
	} {
		if got := Code(in); got != want {
			t.Errorf("Code(%q) = %s, want %s", in, got, want)
		}
	}
	if got := CodeCell("a|b`c"); got != "a\\|b\\`c" {
		t.Errorf("a cell with a bar: %s", got)
	}
	if got := Block(2, "x\n```\ny"); got != "  ````\n  x\n  ```\n  y\n  ````\n" {
		t.Errorf("a block: %s", got)
	}
}

func TestWordsInMarkdownAreNoMarkup(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]MD{
		"plain words, and a number 5.7.1.": "plain words, and a number 5.7.1.",
		"<img src=x>":                      `\<img src=x\>`,
		"[a](https://b.test)":              `\[a\](https\://b.test)`,
		"see https://b.test, www.b.test":   `see https\://b.test, www\.b.test`,
		"1. no list":                       `1\. no list`,
		"- no list":                        `\- no list`,
		"  1. no list":                     `  1\. no list`,
		"  - no list":                      `  \- no list`,
		"a|b":                              `a\|b`,
		"two\nlines":                       `two\\x0alines`,
	} {
		if got := Escaped(in); got != want {
			t.Errorf("Said(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestCellsAreNoFormulas(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"plain":                "plain",
		"a,b":                  `"a,b"`,
		"a;b":                  `"a;b"`,
		`say "x"`:              `"say ""x"""`,
		"550-a\r\n550 b":       "\"550-a\r\n550 b\"",
		"=1+1":                 "'=1+1",
		"＝1":                   "'＝1",
		"  @sum":               "'  @sum",
		"\t=1":                 `'\x09=1`,
		"\"=1":                 `"'""=1"`,
		"\u200b=1":             `'\u{200b}=1`,
		"\x1b]8;;x\x07":        `"\x1b]8;;x\x07"`,
		"no-formula = here":    "no-formula = here",
		"2026-01-31T09:00:00Z": "2026-01-31T09:00:00Z",
	} {
		if got := csvCell(in); got != want {
			t.Errorf("csvCell(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestRowsBeforeAnErrorAreWritten(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	broken := errors.New("broken")
	rows := iter.Seq2[[]string, error](func(yield func([]string, error) bool) {
		_ = yield([]string{"1", "a"}, nil) && yield(nil, broken)
	})
	if err := PutAll[[]string](NewTable(To(&out), true, []string{"n", "what"}), rows); !errors.Is(err, broken) ||
		out.String() != "\uFEFFn,what\r\n1,a\r\n" {
		t.Errorf("%v, %q", err, out.String())
	}
}

func TestJSONIsTheSameValue(t *testing.T) {
	t.Parallel()
	for _, f := range []Format{JSON, NDJSON} {
		for _, many := range []bool{false, true} {
			var out strings.Builder
			s := NewStream(To(&out), f, many)
			if err := errors.Join(s.Put(map[string]any{"a": hidden, "raw": json.RawMessage("\"\u009b\xff\"")}), s.Close()); err != nil {
				t.Fatal(err)
			}
			if live(out.String(), "\n") {
				t.Errorf("%s, many %t: %q", f, many, out.String())
			}
			var list []map[string]string
			text := out.String()
			if f == NDJSON || !many {
				text = "[" + text + "]"
			}
			if err := json.Unmarshal([]byte(text), &list); err != nil || list[0]["a"] != hidden || list[0]["raw"] != "\u009b\ufffd" {
				t.Errorf("%s, many %t: %v, %q", f, many, err, list)
			}
		}
	}
	var out strings.Builder
	if err := NewStream(To(&out), JSON, true).Close(); err != nil || out.String() != "[]\n" {
		t.Errorf("an empty list: %v, %q", err, out.String())
	}
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestAnErrorOfWritingIsKept(t *testing.T) {
	t.Parallel()
	out := To(full{})
	if err := out.Lines("x"); err == nil || out.Err() == nil {
		t.Errorf("the error is lost: %v, %v", err, out.Err())
	}
}
