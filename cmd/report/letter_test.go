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
		Time: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC),
		IP:   netip.MustParseAddr("192.0.2.7"), Host: "mx.example.jp", Address: netip.MustParseAddr("10.0.0.9"),
		Reply:     "550-5.7.1 <taro@example.jp> refused by [10.0.0.9], user taro\n550 5.7.1 subject: spring sale",
		MessageID: "<secret.1@kaisha.test>", Fate: guide.FateRefused, Matter: guide.MatterRefused, Subject: "spring sale",
		Checked: []guide.Checked{{Line: "SPF: pass"}, {Line: "rua=mailto:hanako@kaisha.test"}},
		Company: "Kaisha", Name: "Hanako", Contact: "+81 3 0000 0000",
	}
}

// letters are those that a support team sends, with the writer's own data or without them.
func letters(t *testing.T) map[string]guide.Letter {
	catalogue, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	mail := func(kind guide.LetterKind, code, reply string) guide.Letter {
		l := guide.Letter{Kind: kind, From: "news@kaisha.example", To: "taro@kaisha2.example", Code: code, Reply: reply,
			Time: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), Company: "Sample Inc.", Name: "Hanako Sato",
			Contact: "support@kaisha.example / 03-0000-0000"}
		l.Interpret(catalogue)
		return l
	}
	first := mail(guide.LetterInquiry, "", "553 5.7.1 sorry, your mail was refused")
	first.Host, first.Address, first.IP = "mx.kaisha2.example", netip.MustParseAddr("192.0.2.9"), netip.MustParseAddr("192.0.2.7")
	first.MessageID, first.Subject, first.Addressee = "<20261123@kaisha.example>", "新製品のご案内", "Kaisha2 Ltd."
	first.Checked = guide.InOrder([]*guide.Cause{guide.FindCause("spf-none"), guide.FindCause("spf-ip"),
		guide.FindCause("dkim-none"), guide.FindCause("dmarc-none")}, nil)
	unsigned := mail(guide.LetterInquiry, "42553", "")
	unsigned.Company, unsigned.Name, unsigned.Contact = "", "", ""
	form := mail(guide.LetterInquiry, "", "550 5.7.1 Our system has detected that this message is likely unsolicited mail.")
	form.Mailboxes = guide.Mailboxes{Name: codes.Text{EN: "Sample Mail", JA: "サンプルメール"}, Contacts: []guide.Contact{{Address: "https://mail.example/contact"}}}
	carrier := mail(guide.LetterCustomer, "40000", "")
	carrier.To, carrier.Addressee = "taro@carrier.example", "Taro Yamada"
	carrier.Mailboxes = guide.Mailboxes{Name: codes.Text{EN: "Sample Mobile", JA: "サンプルモバイル"}, Settings: []codes.Text{
		{EN: "Allowed senders (受信リスト設定): register the domain.", JA: "受信リスト設定: 「受信するメールの設定」に、ドメインを登録してください。"},
		{EN: "The filter for spoofed mail, in three steps.", JA: "なりすまし規制(高・中・低)。"}}}
	asked := mail(guide.LetterReply, "42553", "553 5.7.1 sorry, your mail was refused")
	asked.Addressee, asked.Confirmed = "Ichiro Suzuki", []*guide.Cause{guide.FindCause("spf-none")}
	return map[string]guide.Letter{
		"01-refused": first, "02-unsigned": unsigned, "03-unknown-user": mail(guide.LetterInquiry, "42550",
			"550 5.1.1 <taro@kaisha2.example>: user unknown"),
		"04-server": mail(guide.LetterInquiry, "", "421 4.3.2 service not available"), "05-came-back": mail(guide.LetterInquiry, "90000", ""),
		"06-provider": form, "07-not-seen": mail(guide.LetterInquiry, "40000", "250 2.0.0 queued"),
		"08-recipient": mail(guide.LetterCustomer, "42553", ""), "09-carrier": carrier, "10-answer": asked,
		"11-answer-unknown-user": mail(guide.LetterReply, "42550", "550 5.1.1 no such user"),
		"12-answer-not-seen":     mail(guide.LetterReply, "40000", ""),
		"13-full":                mail(guide.LetterCustomer, "", "552 5.2.2 mailbox full"),
		"14-listed": mail(guide.LetterInquiry, "42554",
			"554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using zen.spamhaus.org"),
	}
}

// TestLetters: the goldens were read as whoever gets them would read them.
func TestLetters(t *testing.T) {
	t.Parallel()
	for name, l := range letters(t) {
		for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
			if lang == codes.Japanese && l.Company != "" {
				l.Company, l.Name = "株式会社サンプル", "佐藤"
				l.Addressee = map[string]string{"01-refused": "株式会社会社2 情報システム部門",
					"09-carrier": "山田 太郎", "10-answer": "株式会社お客様 鈴木"}[name]
			}
			letterGolden(t, "testdata/letters/"+name+"."+string(lang)+".txt", "text", l, lang)
		}
	}
}

// Goldens: every language and format.
func TestLetterGoldens(t *testing.T) {
	t.Parallel()
	for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
		for format, ending := range map[page.Format]string{"markdown": "md", "eml": "eml", "json": "json"} {
			letterGolden(t, "testdata/letter."+string(lang)+"."+ending, format, inquiry(), lang)
		}
	}
}

func letterGolden(t *testing.T, name string, format page.Format, l guide.Letter, lang codes.Lang) {
	t.Helper()
	var b bytes.Buffer
	if err := write(Letters, format, &b, Options{Width: 200, Lang: lang}, l); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(name); err != nil || !bytes.Equal(b.Bytes(), want) {
		t.Errorf("%s: %v, now\n%s", name, err, &b)
	}
}

// What is not known leaves no trace, not even its label; the lines fit a mail.
func TestLetterSaysOnlyWhatIsKnown(t *testing.T) {
	t.Parallel()
	ruler := page.NewRuler()
	bare := guide.Letter{From: "a@kaisha.test", To: "b@example.jp", Time: inquiry().Time}
	for lang, never := range map[codes.Lang][]string{
		codes.English:  {"unknown", "invalid", "reply", "replied", "Message-ID", "code", "checked", "accepted it", "()", "subject"},
		codes.Japanese: {"不明", "応答", "Message-ID", "コード", "確認済み", "受け付けられ", "()", "件名:\n"},
	} {
		var b bytes.Buffer
		if err := write(Letters, "text", &b, Options{Lang: lang}, bare); err != nil {
			t.Fatal(err)
		}
		_, body, _ := strings.Cut(b.String(), "\n\n")
		for _, word := range never {
			if strings.Contains(body, word) {
				t.Errorf("%s: %q in\n%s", lang, word, body)
			}
		}
		for line := range strings.Lines(b.String()) {
			if n := ruler.StringWidth(strings.TrimRight(line, "\n")); n > letterWidth(lang) {
				t.Errorf("%s: %d columns: %s", lang, n, line)
			}
		}
	}
}

// A Japanese letter has the time of Japan, with the day of the week.
func TestLetterTime(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 16, 30, 0, 0, time.UTC)
	if got := dateAndTime(at, codes.Japanese); got != "2026年11月23日(月)01:30:00(日本時間)" {
		t.Error(got)
	}
	if got := dateAndTime(at, codes.English); got != "22 November 2026 16:30:00 +0000" {
		t.Error(got)
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
	for fate, want := range map[guide.Fate]string{guide.FateUnknown: "does not seem to have it",
		guide.FateRefused: "refused it", guide.FateReturned: "came back", guide.FateTaken: "accepted it, but"} {
		if got, _ := (composer{Letter: guide.Letter{Fate: fate}}).fate(); !strings.Contains(got, want) {
			t.Errorf("%d: %s", fate, got)
		}
	}
}

// A draft for a form of the web has no recipient, and so has an answer, whose reader only the writer knows.
func TestLetterRecipients(t *testing.T) {
	t.Parallel()
	all := letters(t)
	for name, want := range map[string]string{"01-refused": "postmaster@kaisha2.example",
		"06-provider": "https://mail.example/contact", "08-recipient": "taro@kaisha2.example", "10-answer": ""} {
		if got := addressed(all[name]); got != want {
			t.Errorf("%s: %q", name, got)
		}
		var b bytes.Buffer
		if err := write(Letters, "eml", &b, Options{Lang: codes.English}, all[name]); err != nil {
			t.Fatal(err)
		}
		if got := strings.HasPrefix(b.String(), "To: "); got != strings.Contains(want, "@") {
			t.Errorf("%s: %s", name, &b)
		}
	}
}

// An inquiry says of our side only what is in order.
func TestLetterTellsNoFault(t *testing.T) {
	t.Parallel()
	cause := func(status, kind string) func(string) string {
		return func(id string) string {
			return `{"id":"` + id + `","status":"` + status + `","evidence":[{"kind":"` + kind + `"}]}`
		}
	}
	fine, wrong, told := cause("excluded", "dns"), cause("confirmed", "dns"), cause("excluded", "input")
	for d, want := range map[string]string{
		fine("spf-none"):                                 "SPF: published",
		fine("spf-none") + "," + fine("spf-ip"):          "SPF: published, and it allows the sending address",
		fine("spf-none") + "," + wrong("spf-ip"):         "",
		told("spf-none"):                                 "",
		fine("address-wrong") + "," + fine("dmarc-none"): "DMARC: published",
		fine("dkim-none") + "," + wrong("dkim-broken") + `,{"id":"no-such-cause"}`: "",
	} {
		l, err := ReadDiagnosis([]byte(`{"schema":"todoku/diagnosis/1","causes":[` + d + `]}`))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range l.Checked {
			got = append(got, c.In(codes.English))
		}
		if strings.Join(got, "\n") != want {
			t.Errorf("%s: %q", d, got)
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

// What the writer gives is no blank, whatever it begins with.
func TestLetterBlanks(t *testing.T) {
	t.Parallel()
	l := guide.Letter{Kind: guide.LetterReply, Company: "[Sample] Inc.", Name: "【広報】佐藤", Addressee: "Suzuki"}
	for lang, want := range map[codes.Lang][]string{
		codes.English: {"[e-mail, telephone]"}, codes.Japanese: {"【連絡先のメールアドレス・電話番号】"}} {
		if diff := cmp.Diff(want, LetterBlanks(l, lang)); diff != "" {
			t.Error(diff)
		}
	}
}
