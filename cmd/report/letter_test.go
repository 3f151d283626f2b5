package report

import (
	"bytes"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
)

// inquiry is a letter in which everything is known.
func inquiry() Letter {
	return Letter{
		From: "hanako@kaisha.test", To: "taro@example.jp",
		Time: time.Date(2026, 11, 23, 9, 0, 0, 0, time.FixedZone("", 9*60*60)),
		IP:   netip.MustParseAddr("192.0.2.7"), Host: "mx.example.jp", Address: netip.MustParseAddr("10.0.0.9"),
		Reply:     "550-5.7.1 <taro@example.jp> refused by [10.0.0.9], user taro\n550 5.7.1 subject: spring sale",
		MessageID: "<secret.1@kaisha.test>", Fate: LetterRefused, Subject: "spring sale",
		Code: "42550", CodeMeans: codes.Text{EN: "refused", JA: "受信拒否"},
		Enhanced: "5.7.1", EnhancedMeans: codes.Text{EN: "not authorised", JA: "許可なし"},
		Checked: []string{"SPF: pass", "rua=mailto:hanako@kaisha.test"},
		Company: "Kaisha", Name: "Hanako", Contact: "+81 3 0000 0000",
	}
}

// Goldens: every language and format.
func TestLetterGoldens(t *testing.T) {
	t.Parallel()
	for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
		for format, ending := range map[page.Format]string{"text": "txt", "markdown": "md", "eml": "eml", "json": "json"} {
			var b bytes.Buffer
			if err := WriteLetter(format, page.To(&b), Options{Width: 200}, inquiry(), lang); err != nil {
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
	bare := Letter{From: "a@kaisha.test", To: "b@example.jp", Time: inquiry().Time}
	for lang, never := range map[codes.Lang][]string{
		codes.English:  {"unknown", "invalid", "reply", "server", "Message-ID", "code", "checked", "accepted by", "()"},
		codes.Japanese: {"不明", "応答", "サーバー", "Message-ID", "コード", "確認した内容", "受け付けられ", "()"},
	} {
		var b bytes.Buffer
		if err := WriteLetter("text", page.To(&b), Options{}, bare, lang); err != nil {
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

// Each fate is told in its own words: a mail that was taken was not refused.
func TestLetterFates(t *testing.T) {
	t.Parallel()
	for fate, want := range map[Fate]string{LetterUnknown: "does not seem to have reached", LetterRefused: "was not accepted", LetterReturned: "came back", LetterTaken: "was accepted by your mail server, but"} {
		if got := (Letter{Fate: fate}).happened().EN; !strings.Contains(got, want) {
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
		if err := WriteLetter(format, page.To(&b), Options{}, l.Redacted(), codes.English); err != nil {
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

func TestHiddenAddresses(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"from [10.1.2.3]:25": "from [***]:25", "fd00::1 and 2001:db8::1": "*** and 2001:db8::1", "at 192.168.0.1:2525.": "at ***.",
		"100.64.0.1": "***", "198.51.100.7": "198.51.100.7", "version 10.0.0.": "version 10.0.0.", "x=127.0.0.1、y": "x=***、y",
	} {
		if got := withoutPrivate(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"user taro unknown": "user *** unknown", "tarot taro": "tarot ***", "taro": "***"} {
		if got := withoutWord(in, "taro"); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzRedacted(f *testing.F) {
	f.Add("550 <taro@example.jp> refused", "taro@example.jp")
	f.Add("\"a b\"@x [fd00::1]", "@")
	f.Fuzz(func(t *testing.T, reply, to string) {
		l := Letter{From: "a@b.test", To: to, Reply: reply}.Redacted()
		if strings.Count(l.Reply, "\n") != strings.Count(reply, "\n") {
			t.Errorf("%q became %q", reply, l.Reply)
		}
	})
}
