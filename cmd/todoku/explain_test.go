package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/mattn/go-runewidth"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/guide/explain"
)

// explained runs explain on an input, as an argument or, long or hostile, as
// standard input.
func explained(t *testing.T, input string, flags ...string) (stdout, stderr string, status app.ExitStatus) {
	t.Helper()
	args, stdin := []string{"explain", input}, ""
	if len(input) > 1000 || strings.ContainsAny(input, "\n\x1b\x00") {
		args[1], stdin = "-", input
	}
	var out, errs bytes.Buffer
	status = play(t.Context(), append(args, flags...), strings.NewReader(stdin), &out, &errs, noEnv)
	return out.String(), errs.String(), status
}

// explanationJSON is what the tests look at.
type explanationJSON struct {
	Input    string
	Readings []struct {
		Kind, ID, Reason, Provider, Rule, Message, When, Pattern, Certainty, Action, Disables string

		DeliveryCode string `json:"delivery_code"`
		ReasonClass  string `json:"reason_class"`
		RetryAfter   int    `json:"retry_after"`
		Permanent    *bool
		Causes       []string
		Steps        []string
		Checks       []string
		Refs         []string
		Remedies     []struct{ ID, Owner, Check string }
		Blocklist    *struct{ Name, Lookup string }
	}
}

func explainedJSON(t *testing.T, input string, flags ...string) explanationJSON {
	t.Helper()
	out, errs, status := explained(t, input, append(flags, "--format", "json")...)
	var e explanationJSON
	if err := json.Unmarshal([]byte(out), &e); err != nil || status != app.ExitOK || errs != "" {
		t.Fatalf("%.60q: exit %d, %v, %s", input, status, err, errs)
	}
	return e
}

// TestExplainGolden: read a golden before it is accepted with -update.
func TestExplainGolden(t *testing.T) {
	t.Parallel()
	for name, input := range map[string]string{
		"42553": "42553", "42550": "42550", "90000": "90000", "40000": "40000", "42421": "42421", "554": "554",
		"5.7.26": "5.7.26", "spf": "spf", "pattern-a": "A",
		"envelope-sender": "envelope sender", "blocklist": "spamhaus_pbl", "remedy": "fix_ptr", "class": "host_unknown", "provider": "docomo",
		"docomo": "550 Unknown user nobody@docomo.ne.jp",
		"postfix": "Nov 23 10:00:00 mx postfix/smtp[12]: 4A: to=<taro@kaisha.test>, relay=mx1.kaisha.test[192.0.2.25]:25, " +
			"delay=1, dsn=4.2.0, status=deferred (host mx1.kaisha.test[192.0.2.25] said: 450 4.2.0 <taro@kaisha.test>: " +
			"Recipient address rejected: Greylisted, please try again in 5 minutes (in reply to RCPT TO command))",
		"listed": "554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using zen.spamhaus.org; " +
			"https://www.spamhaus.org/query/ip/192.0.2.7",
		"hostile": "550 5.7.1 \x1b[31mred\x07 `code` <b>|x|</b>\u202e evil",
	} {
		for _, lang := range []string{"en", "ja"} {
			out, errs, status := explained(t, input, "--lang", lang)
			if status != app.ExitOK || errs != "" {
				t.Errorf("%s: exit %d, %s", name, status, errs)
			}
			golden(t, name+"."+lang+".txt", out)
		}
	}
	for _, name := range []string{"42553", "553"} {
		out, _, _ := explained(t, name, "--format", "markdown", "--lang", "ja")
		golden(t, name+".ja.md", out)
	}
	out, _, _ := explained(t, "550-5.7.26 This mail has been blocked because the sender is unauthenticated.\n550 5.7.26 gsmtp", "--format",
		"json")
	golden(t, "gmail.en.json", out)
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "explain", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// TestEveryCodeOfTheGuide is explained in both languages: cause, steps in their
// order, and the command that decides.
func TestEveryCodeOfTheGuide(t *testing.T) {
	t.Parallel()
	c := wholeCatalogue(t)
	for _, d := range c.Deliveries() {
		for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
			r := explainedJSON(t, d.ID, "--lang", string(lang)).Readings[0]
			if r.Kind != "delivery_code" || r.DeliveryCode != d.ID || r.Message != d.Meaning.In(lang) ||
				r.Certainty != string(d.Certainty) || r.Disables != string(d.Disables) {
				t.Errorf("%s %s: %+v", d.ID, lang, r)
			}
			text, _, _ := explained(t, d.ID, "--lang", string(lang))
			inferred := map[codes.Lang]string{codes.English: "inferred", codes.Japanese: "推定"}[lang]
			if head, _, _ := strings.Cut(text, "\n\n"); (d.Certainty == codes.Inferred) != strings.Contains(head, inferred) {
				t.Errorf("%s %s is %s, and its head says %s", d.ID, lang, d.Certainty, head)
			}
			if d.Result == "ok" {
				continue
			}
			if len(r.Causes) == 0 || len(r.Steps) == 0 || len(r.Checks) == 0 || r.Action == "" || r.Permanent == nil && d.ID[:2] == "42" {
				t.Errorf("%s %s lacks something: %+v", d.ID, lang, r)
			}
			inOrder(t, d.ID, text, r.Causes)
			inOrder(t, d.ID, text, r.Steps)
			if !strings.Contains(text, "todoku diagnose "+d.ID) {
				t.Errorf("%s: no command that finds the cause:\n%s", d.ID, text)
			}
		}
	}
}

// inOrder demands the sentences in a text, one after another, however it is
// wrapped.
func inOrder(t *testing.T, what, text string, sentences []string) {
	t.Helper()
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
	rest := squeeze(text)
	for _, s := range sentences {
		_, after, found := strings.Cut(rest, squeeze(s))
		if !found {
			t.Errorf("%s: %q is missing or in the wrong place", what, s)
			return
		}
		rest = after
	}
}

func TestFourCountermeasures(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string][]string{
		"en": {"1. Set up SPF", "(must)", "todoku check spf DOMAIN --ip IP", "2. Set up DKIM", "(must)",
			"todoku check domain DOMAIN", "3. Wait and send again", "SPF and DKIM are in place",
			"4. ", "todoku letter ID"},
		"ja": {"1. 送信者E-mailアドレスのドメインにSPF", "(必須)", "2. メールテンプレートにDKIM",
			"(必須)", "3. 時間をおいて再送", "4. ", "情報システム部門",
			"todoku letter ID"},
	} {
		text, _, _ := explained(t, "42553", "--lang", lang)
		inOrder(t, "42553 "+lang, text, want)
	}
}

// TestEverythingKnownIsExplained takes every id in both languages: the JSON
// keeps to its schema, and text to the width of a terminal.
func TestEverythingKnownIsExplained(t *testing.T) {
	t.Parallel()
	c := wholeCatalogue(t)
	schema := schemaNamed(t, report.ExplanationSchemaName)
	width := runewidth.Condition{}
	ids := explain.Explainer{Catalogue: c}.IDs()
	if len(ids) < 500 || len(slices.Compact(slices.Sorted(slices.Values(ids)))) < 500 {
		t.Fatalf("only %d ids", len(ids))
	}
	for _, id := range ids {
		e := explain.Explainer{Catalogue: c}.Explain(id)
		if len(e.Readings) == 0 {
			t.Errorf("%s is listed and not explained", id)
		}
		for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
			for _, format := range []page.Format{"text", "markdown", "json"} {
				var out bytes.Buffer
				if err := printed(report.Explanations, format, &out, page.Options{Lang: lang}, e); err != nil {
					t.Fatal(err)
				}
				switch format {
				case "json":
					if err := schema.check(out.Bytes()); err != nil {
						t.Errorf("%s %s: %v", id, format, err)
					}
				case "text":
					for line := range strings.Lines(out.String()) {
						if line = strings.TrimRight(line, "\n"); width.StringWidth(line) > 80 && !strings.Contains(line, "http") &&
							!strings.Contains(line, "@") {
							t.Errorf("%s %s: %d columns: %s", id, lang, width.StringWidth(line), line)
						}
					}
				}
				if strings.Contains(out.String(), "合格") {
					t.Errorf("%s %s: not a word of the field", id, lang)
				}
			}
		}
	}
}

// TestReadings: what each form of input is read as, the best first.
func TestReadings(t *testing.T) {
	t.Parallel()
	c := wholeCatalogue(t)
	for input, want := range map[string]string{
		"42553": "delivery_code 42553", "４２５５３": "delivery_code 42553", "42599": "delivery_code 42599", "42250": "", "12345": "",
		"550": "reply_code 550, delivery_code 42550", "554": "reply_code 554, delivery_code 42554", "250": "reply_code 250",
		"354": "reply_code 354", "599": "reply_code 599, delivery_code 42599", "650": "", "099": "",
		"5.1.1": "enhanced_code 5.1.1", "X.1.1": "enhanced_code X.1.1", "x.1.1": "enhanced_code X.1.1",
		"5.9.9": "enhanced_code 5.9.9", "5.01.1": "", "3.1.1": "",
		"spf": "reason spf, term spf", "SPF": "reason spf, term spf", "mailbox_full": "reason mailbox_full",
		"user_unknown": "reason user_unknown, reason_class user_unknown", "policy_block": "reason_class policy_block",
		"spf-lookups": "rule spf-lookups", "A": "pattern A", "pattern c": "pattern C", "パターンB": "pattern B", "H": "",
		"docomo": "provider docomo", "DOCOMO.ne.jp": "provider docomo", "spamhaus_pbl": "blocklist spamhaus_pbl",
		"fix_ptr": "remedy fix_ptr", "docomo-04": "wording docomo-04",
		"envelope sender": "term envelope-sender", "Envelope-Sender": "term envelope-sender", "「エラー時返信先」": "term errors-to",
		"エンベロープfrom": "term envelope-sender",
		"550 5.1.1 <x@kaisha.test>: Recipient address rejected: User unknown": "reply 550 5.1.1",
		"250 2.0.0 Ok: queued as 4AB":                                         "reply 250 2.0.0",
		"550 Unknown user nobody@docomo.ne.jp":                                "reply 550, reply 550", "hello world": "",
		"spf-lokups": "", "x": "", "🦊": "",
		"error 42553": "delivery_code 42553", "SMTP error code: 250": "reply_code 250", "エラーコード42553": "delivery_code 42553",
		"メール配信コード：42553": "delivery_code 42553", "応答コード 250": "reply_code 250",
	} {
		var got []string
		for _, r := range (explain.Explainer{Catalogue: c}).Explain(input).Readings {
			got = append(got, string(r.Kind)+" "+r.ID)
		}
		if g := strings.Join(got, ", "); g != want {
			t.Errorf("%q is read as %q, want %q", input, g, want)
		}
	}
}

func TestExplainReply(t *testing.T) {
	t.Parallel()
	r := explainedJSON(t, "450 4.2.0 <x@kaisha.test>: Greylisted, please try again in 5 minutes").Readings[0]
	if r.Kind != "reply" || r.Reason != "greylisted" || r.ReasonClass != "rate_limited" || r.RetryAfter != 300 ||
		r.Permanent == nil || *r.Permanent || r.DeliveryCode != "42450" || r.Action != "wait_and_resend" {
		t.Errorf("greylisted: %+v", r)
	}
	r = explainedJSON(t, "554 5.7.1 Client host [192.0.2.7] blocked using zen.spamhaus.org").Readings[0]
	if r.Blocklist == nil || !strings.HasPrefix(r.Blocklist.Lookup, "https://") || r.Reason != "blocklisted" ||
		r.Permanent == nil || !*r.Permanent {
		t.Errorf("listed: %+v", r)
	}
	e := explainedJSON(t, "550 Unknown user nobody@docomo.ne.jp")
	if len(e.Readings) != 2 || e.Readings[0].Reason != "user_unknown" || e.Readings[1].Reason != "recipient_refuses" ||
		e.Readings[1].When == "" {
		t.Errorf("docomo's ambiguous reply: %+v", e.Readings)
	}
}

// TestCommandsAreFilledIn: what the paste tells stands in the commands, unless
// it could mean something to a shell.
func TestCommandsAreFilledIn(t *testing.T) {
	t.Parallel()
	log := "mx postfix/smtp[12]: 4A: to=<ADDR>, relay=mx1.kaisha.test[192.0.2.25]:25, dsn=5.1.1, status=bounced (host " +
		"mx1.kaisha.test[192.0.2.25] said: 550 5.1.1 User unknown (in reply to RCPT TO command))"
	for addr, want := range map[string]string{"taro@kaisha.test": "todoku check recipient taro@kaisha.test --rcpt",
		"$(reboot)@kaisha.test": "todoku check recipient ADDR --rcpt",
		"-o@kaisha.test":        "todoku check recipient --rcpt -- -o@kaisha.test"} {
		r := explainedJSON(t, strings.ReplaceAll(log, "ADDR", addr)).Readings[0]
		if !slices.Contains(r.Checks, want) {
			t.Errorf("%s: checks %q", addr, r.Checks)
		}
	}
}

func TestExplainUnknown(t *testing.T) {
	t.Parallel()
	for input, hint := range map[string]string{"spf-lokups": "did you mean spf-lookups", "4255": "did you mean",
		"zork": "--list", "user_unknwon": "user_unknown", "hello there": "paste a reply",
		"From: a@b.test\nSubject: blocked for spam\n\nhi": "todoku diagnose"} {
		out, errs, status := explained(t, input)
		if status != app.ExitWrong || out != "" || !strings.Contains(errs, "nothing matches") || !strings.Contains(errs, hint) {
			t.Errorf("%q: exit %d, %q, %q", input, status, out, errs)
		}
	}
	out, errs, status := explained(t, "zork", "--format", "json", "--lang", "ja")
	if status != app.ExitWrong || !strings.Contains(out, `"readings": []`) || !strings.Contains(errs, "該当するものはありません") {
		t.Errorf("exit %d, %q, %q", status, out, errs)
	}
}

// TestExplainHostile: control characters never reach the terminal, and a long
// line is as quick as a short one.
func TestExplainHostile(t *testing.T) {
	t.Parallel()
	for name, input := range map[string]string{
		"controls": "550 5.7.1 \x1b]0;title\x07\x1b[31mred\x1b[0m \u202e\u0085\x00 blocked\r\n550 5.7.1 \x9b31m",
		"binary":   "550 " + strings.Repeat("\xff\xfe\x00", 1000),
		"long":     "550 5.7.1 " + strings.Repeat("a", 1<<20),
		"words":    "550 5.7.1 " + strings.Repeat("blocked using ", 80_000),
		"lines":    strings.Repeat("550-5.7.1 x\r\n", 80_000) + "550 5.7.1 end",
		"codes":    strings.Repeat("550 5.1.1 ", 100_000),
	} {
		for _, format := range report.Explanations.Formats() {
			out, errs, status := explained(t, input, "--format", string(format))
			if status != app.ExitOK {
				t.Errorf("%s: exit %d, %.200s", name, status, errs)
			}
			bad := "\x1b\x07\x00"
			if format == "text" || format == "markdown" { // JSON is for programs
				bad += "\u202e\u0085"
			}
			if strings.ContainsAny(out+errs, bad) || strings.Contains(out, "\x9b") {
				t.Errorf("%s %s: control characters reach the terminal", name, format)
			}
			if (format == "text" || format == "markdown") && len(out) > 10_000 {
				t.Errorf("%s %s: %d octets", name, format, len(out))
			}
		}
	}
}

// TestSchemasArePrinted: every published schema goes by the name that output
// gives it.
func TestSchemasArePrinted(t *testing.T) {
	t.Parallel()
	for _, name := range report.SchemaNames() {
		out, _, status := explained(t, name)
		var schema struct {
			Properties struct{ Schema struct{ Const string } }
		}
		if err := json.Unmarshal([]byte(out), &schema); err != nil || status != app.ExitOK || schema.Properties.Schema.Const != name &&
			name != report.ConfigSchemaName { // a config file does not name it
			t.Errorf("%s: exit %d, %v, is of %q", name, status, err, schema.Properties.Schema.Const)
		}
	}
	for _, name := range []string{"todoku/", "todoku/report", "todoku/../1", "report/1", "todoku/report/2"} {
		if _, ok := report.SchemaNamed(name); ok {
			t.Errorf("%s is no schema", name)
		}
	}
}

// FuzzExplain: whatever is pasted, the output is fit for a terminal and the
// JSON keeps to its schema.
func FuzzExplain(f *testing.F) {
	for _, seed := range []string{"42553", "550", "5.7.26", "spf", "「エラー時返信先」", "550-5.7.1 a\r\n550 5.7.1 b", "x.7.1", "A",
		"\x1b[31m550 5.1.1 \u202e", "status=deferred (host a[192.0.2.1] said: 450 4.2.0 wait 5 minutes)", "42999", "{n}"} {
		f.Add(seed)
	}
	c := wholeCatalogue(f)
	f.Fuzz(func(t *testing.T, input string) {
		e := explain.Explainer{Catalogue: c}.Explain(input)
		for _, format := range report.Explanations.Formats() {
			var out bytes.Buffer
			if err := printed(report.Explanations, format, &out, page.Options{Lang: codes.Japanese}, e); err != nil {
				t.Fatal(err)
			}
			if format == "json" && !json.Valid(out.Bytes()) {
				t.Errorf("%q: %s", input, &out)
			}
			if strings.ContainsFunc(strings.ReplaceAll(out.String(), "\n", ""), func(r rune) bool {
				return r < 0x20 ||
					r == 0x7f && format != "json" && format != "ndjson"
			}) {
				t.Errorf("%q as %s: control characters: %q", input, format, &out)
			}
		}
	})
}

// TestExplainTellsAWrongFormatFirst: a list and a check of rules have no Markdown.
// That is told before anything is read, while an explanation has it.
func TestExplainTellsAWrongFormatFirst(t *testing.T) {
	t.Parallel()
	dir, _ := place(t, map[string]string{"wrong.yaml": "- {id: my-01}\n"})
	for _, line := range []string{"--validate-rules " + filepath.Join(dir, "wrong.yaml"), "--validate-rules nosuch.yaml",
		"--list", "--list nosuch", "--list terms --rules nosuch.yaml"} {
		for lang, want := range map[string]string{"en": `todoku: --format: unknown value "markdown"`,
			"ja": `todoku: --format: "markdown" は指定できません`} {
			status, out, errs := typed(t, nil, "explain "+line+" --format markdown --lang "+lang)
			if status != app.ExitUsage || out != "" || !strings.HasPrefix(errs, want) {
				t.Errorf("%s: exit %d: %s%s", line, status, out, errs)
			}
		}
	}
	if status, out, errs := typed(t, nil, "explain 42550 --format markdown"); status != app.ExitOK || out == "" {
		t.Errorf("an explanation: exit %d: %s", status, errs)
	}
}

// printed prints one document.
func printed[T any](d page.Document[T], f page.Format, w io.Writer, o page.Options, v T) error {
	p, err := d.Open(f, page.To(w), o)
	if err != nil {
		return err
	}
	return errors.Join(p.Put(v), p.Close())
}
