package report

import (
	"bytes"
	"net/netip"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/guide"
)

// inquiry is a letter in which everything is known.
func inquiry() guide.Letter {
	return guide.Letter{
		From: "hanako@kaisha.test", To: "taro@example.jp",
		Time: time.Date(2026, 11, 23, 9, 0, 0, 0, time.FixedZone("", 9*60*60)),
		IP:   netip.MustParseAddr("192.0.2.7"), Host: "mx.example.jp", Address: netip.MustParseAddr("10.0.0.9"),
		Reply:     "550-5.7.1 <taro@example.jp> refused by [10.0.0.9], user taro\n550 5.7.1 subject: spring sale",
		MessageID: "<secret.1@kaisha.test>", Fate: guide.FateRefused, Subject: "spring sale",
		Code: "42550", CodeMeans: codes.Text{EN: "refused", JA: "受信拒否"},
		Enhanced: "5.7.1", EnhancedMeans: codes.Text{EN: "not authorised", JA: "許可なし"},
		Checked: []guide.Checked{{Line: "SPF: pass"}, {Line: "rua=mailto:hanako@kaisha.test"}},
		Company: "Kaisha", Name: "Hanako", Contact: "+81 3 0000 0000",
	}
}

// Goldens: every language and format.
func TestLetterGoldens(t *testing.T) {
	t.Parallel()
	for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
		for format, ending := range map[page.Format]string{"text": "txt", "markdown": "md", "eml": "eml", "json": "json"} {
			var b bytes.Buffer
			if err := write(Letters, format, &b, Options{Width: 200, Lang: lang}, inquiry()); err != nil {
				t.Fatal(err)
			}
			name := "testdata/letter." + string(lang) + "." + ending
			if *update {
				if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(name)
			if err != nil || !bytes.Equal(b.Bytes(), want) {
				t.Errorf("%s: %v, now\n%s", name, err, &b)
			}
		}
	}
}

// What is not known leaves no trace, not even its label.
func TestLetterSaysOnlyWhatIsKnown(t *testing.T) {
	t.Parallel()
	ruler := page.NewRuler()
	bare := guide.Letter{From: "a@kaisha.test", To: "b@example.jp", Time: inquiry().Time}
	for lang, never := range map[codes.Lang][]string{
		codes.English:  {"unknown", "invalid", "reply", "server", "Message-ID", "code", "checked", "accepted by", "()"},
		codes.Japanese: {"不明", "応答", "サーバー", "Message-ID", "コード", "確認した内容", "受け付けられ", "()"},
	} {
		var b bytes.Buffer
		if err := write(Letters, "text", &b, Options{Lang: lang}, bare); err != nil {
			t.Fatal(err)
		}
		for _, word := range never {
			if strings.Contains(b.String(), word) {
				t.Errorf("%s: %q in\n%s", lang, word, &b)
			}
		}
		for line := range strings.Lines(b.String()) {
			if n := ruler.StringWidth(strings.TrimRight(line, "\n")); n > 80 {
				t.Errorf("%s: %d columns: %s", lang, n, line)
			}
		}
	}
}

// What the writer or a server says stays text in Markdown, however much it looks like a part of the letter.
func TestLetterMarkdownHoldsOnlyText(t *testing.T) {
	t.Parallel()
	// shape is what a line is to a reader of Markdown.
	shape := regexp.MustCompile(`^(\*\*|- |\d+\. | {2}| {4,}|#|>)|\\$`)
	shapes := func(l guide.Letter) (out []string) {
		var b bytes.Buffer
		if err := write(Letters, "markdown", &b, Options{Lang: codes.English}, l); err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(b.String(), "\n") {
			out = append(out, strings.Join(shape.FindAllString(line, -1), " "))
		}
		return out
	}
	want := shapes(inquiry())
	for _, evil := range []string{"■ Sales", "  1. x", "1. x", "- x", "    x", "  - x", "・x", "# x", "**x**", "  ■ x"} {
		l := inquiry()
		l.Company, l.Name, l.Contact, l.Checked[0].Line, l.Reply = evil, evil, evil, evil, evil+"\n"+evil
		if diff := cmp.Diff(want, shapes(l)); diff != "" {
			t.Errorf("%q:\n%s", evil, diff)
		}
	}
}

// Each fate is told in its own words: a mail that was taken was not refused.
func TestLetterFates(t *testing.T) {
	t.Parallel()
	for fate, want := range map[guide.Fate]string{guide.FateUnknown: "does not seem to have reached",
		guide.FateRefused: "was not accepted", guide.FateReturned: "came back", guide.FateTaken: "was accepted by your mail server, but"} {
		if got := letterHappened(guide.Letter{Fate: fate}).EN; !strings.Contains(got, want) {
			t.Errorf("%d: %s", fate, got)
		}
	}
}

func TestRedacted(t *testing.T) {
	t.Parallel()
	l := inquiry()
	l.Contact, l.Name = "", "" // the writer's own, which stay
	for _, format := range []page.Format{"text", "markdown", "json"} {
		var b bytes.Buffer
		if err := write(Letters, format, &b, Options{Lang: codes.English}, l.Redacted()); err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"hanako", "taro", "secret", "10.0.0.9", "spring"} {
			if strings.Contains(b.String(), secret) {
				t.Errorf("%s: %q in\n%s", format, secret, &b)
			}
		}
		for _, kept := range []string{"example.jp", "kaisha.test", "192.0.2.7", "mx.example.jp", "550-5.7.1", "SPF: pass"} {
			if !strings.Contains(b.String(), kept) {
				t.Errorf("%s: no %q in\n%s", format, kept, &b)
			}
		}
	}
	if l.Reply != inquiry().Reply || l.Checked[1] != inquiry().Checked[1] {
		t.Error("the letter itself was changed")
	}
}
