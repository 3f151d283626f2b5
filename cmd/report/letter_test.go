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
	bare := Letter{From: "a@kaisha.test", To: "b@example.jp", Time: inquiry().Time}
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
	shapes := func(l Letter) (out []string) {
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
		l.Company, l.Name, l.Contact, l.Checked[0], l.Reply = evil, evil, evil, evil, evil+"\n"+evil
		if diff := cmp.Diff(want, shapes(l)); diff != "" {
			t.Errorf("%q:\n%s", evil, diff)
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

func TestPrivateAddressesAreHidden(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"from [10.1.2.3]:25":          "from [***]:25",
		"fd00::1 and 2001:db8::1":     "*** and 2001:db8::1",
		"at 192.168.0.1:2525.":        "at ***:2525.",
		"a|10.0.0.1|b":                "a|***|b",
		"10.0.0.1->192.0.2.1":         "***->192.0.2.1",
		"h_10.0.0.1_x":                "h_***_x",
		"[IPv6:fd12:3456::1]":         "[IPv6:***]",
		"[fe80::1%eth0]:25":           "[***]:25",
		"::ffff:10.0.0.1, ::1.":       "***, ***.",
		"64:ff9b::10.0.0.1":           "64:ff9b::***",
		"added:fd00::":                "added:***",
		"ip-10-0-0-1.internal":        "ip-***.internal",
		"010.000.000.001":             "***",
		"1.0.0.10.in-addr.arpa":       "***.in-addr.arpa",
		"100.64.0.1 169.254.1.1":      "*** ***",
		"x=127.0.0.1、y":               "x=***、y",
		"172.16.0.1/172.32.0.1":       "***/172.32.0.1",
		"198.51.100.7 [203.0.113.5]:": "198.51.100.7 [203.0.113.5]:",
		"version 10.0.0.":             "version 10.0.0.",
		"at 10:11:12 on 2026-11-23":   "at 10:11:12 on 2026-11-23",
		"2001:db8:fe80::1":            "2001:db8:fe80::1",
		"10.0.0.1.in-addr.arpa":       "10.0.0.1.in-addr.arpa", // of 1.0.0.10
	} {
		if got := withoutPrivate(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestNamesAreHiddenHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	const to = "Taro.Yamada@example.jp"
	for in, want := range map[string]string{
		"user taro.yamada unknown":                       "user *** unknown",
		"TARO.YAMADA unknown":                            "*** unknown",
		"ｔａｒｏ．ｙａｍａｄａ unknown":                            "*** unknown",
		"<taro.yamada@EXAMPLE.jp>:":                      "<t***@EXAMPLE.jp>:",
		"a|taro.yamada|b":                                "a|***|b",
		"x->taro.yamada->y":                              "x->***->y",
		"mbox_taro.yamada_1":                             "mbox_***_1",
		"bounce-taro.yamada=example.jp@esp.test":         "b***@esp.test",
		"taro.yamada=example.jp":                         "***=example.jp",
		"taro.yamada=3Dexample.jp":                       "***=3Dexample.jp",
		"=3Dtaro.yamada=3D":                              "=3D***=3D",
		"https://example.jp/?u=taro.yamada%40example.jp": "https://example.jp/?u***%40example.jp",
		"taro%2Eyamada":                                  "***",
		"%3Ctaro.yamada%3E":                              "%3C***%3E",
		`\u003ctaro.yamada\u003e`:                        `\u003c***\u003e`,
		`taro\.yamada`:                                   "***",
		"taro.yamada+tag":                                "***+tag",
		"宛先taro.yamadaは存在しません":                           "宛先***は存在しません",
		"taro.yamada＠example.jp":                         "t***＠example.jp",
		"=?utf-8?B?dGFybw==?= rejected":                  "*** rejected",
		"taro.yamadas, example.jp, mx.example.jp":        "taro.yamadas, example.jp, mx.example.jp",
		"550 5.1.1 no such user":                         "550 5.1.1 no such user",
	} {
		l := Letter{From: "news@kaisha.test", To: to, Reply: in}.Redacted()
		if l.Reply != want {
			t.Errorf("%q: %q, want %q", in, l.Reply, want)
		}
	}
	for to, replies := range map[string][]string{
		`"taro yamada"@example.jp`: {"user taro yamada unknown", `"taro\ yamada"`, `"Taro Yamada"@example.jp`},
		"taro+tag@example.jp":      {"user taro unknown", "taro+tag", "TARO+other", "taro-x"},
		"太郎@example.jp":            {"宛先太郎は不明です"},
		"café@example.jp":          {"cafe\u0301 unknown", "caf=C3=A9 unknown", "CAFÉ"},
	} {
		for _, reply := range replies {
			l := Letter{From: "news@kaisha.test", To: to, Reply: reply, Subject: "Spring Sale"}.Redacted()
			for _, secret := range []string{"taro", "太郎", "caf"} {
				if strings.Contains(strings.ToLower(l.Reply), secret) {
					t.Errorf("%s: %q became %q", to, reply, l.Reply)
				}
			}
		}
	}
	l := Letter{From: "news@kaisha.test", To: to, Subject: "Spring Sale", Reply: "550 SPRING SALE is spam"}.Redacted()
	if l.Reply != "550 *** is spam" {
		t.Errorf("a subject is left: %q", l.Reply)
	}
	if got := without("tarot taro", []string{"taro"}, true); got != "tarot ***" {
		t.Errorf("another word: %q", got)
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
