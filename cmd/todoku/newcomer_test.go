package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"todoku/cmd/app"
	"todoku/diag/lab"
)

// at80 types a command with standard input at 80 columns in a language.
func at80(t *testing.T, lang, stdin string, args ...string) (stdout, stderr string, status app.ExitStatus) {
	t.Helper()
	var out, errs bytes.Buffer
	env := func(name string) string { return map[string]string{"TODOKU_LANG": lang, "COLUMNS": "80"}[name] }
	status = play(t.Context(), args, strings.NewReader(stdin), &out, &errs, env)
	return out.String(), errs.String(), status
}

// flat is a text without the breaks of its lines, and without blanks.
func flat(s string) string { return strings.Join(strings.Fields(s), "") }

// written makes a file and gives its name.
func written(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestFaultsInPlainWords: a fault of a record is told in words, with what stands there seen and counted from 1 on.
func TestFaultsInPlainWords(t *testing.T) {
	t.Parallel()
	zone := written(t, "faults.zone", "$TTL 300\n"+
		"_dmarc.curly.example. TXT \"v=DMARC1; p=“reject”; rua=mailto:a@curly.example\"\n"+
		"_dmarc.nbsp.example. TXT \"v=DMARC1;\u00a0p=reject; rua=mailto:a@nbsp.example\"\n"+
		"_dmarc.empty.example. TXT \"v=DMARC1; p=; rua=mailto:a@empty.example\"\n"+
		"_dmarc.word.example. TXT \"v=DMARC1; p=rejekt; rua=mailto:a@word.example\"\n"+
		"s._domainkey.key.example. TXT \"v=DKIM1; =x; p=MIGf!\"\n"+
		"s._domainkey.nop.example. TXT \"v=DKIM1; k=rsa\"\n"+
		"spf.example. TXT \"v=spf1 ip4:192.0.2.1 –all\"\n")
	for _, c := range []struct{ lang, args, want string }{
		{"en", "check dmarc curly.example", `fault at position 13: "“" (a character that is not allowed here; right: plain letters`},
		{"ja", "check dmarc curly.example", "13バイト目に誤りがあります:「“」(使用できない文字です。正しい形"},
		{"en", "check dmarc nbsp.example", `"\u{a0}p" (not the name of a tag; right: tag=value)`},
		{"en", "check dmarc empty.example", `"p=" (the value is missing; right: p=…)`},
		{"en", "check dmarc word.example", `"rejekt" (this tag has no such value; right: none, quarantine or reject)`},
		{"en", "check domain key.example --only dkim --selector s",
			`"=x" (not the name of a tag; right: tag=value); also: a character that a key does not have`},
		{"ja", "check domain key.example --only dkim --selector s", "。ほかの誤り: 公開鍵に使えない文字"},
		{"en", "check domain nop.example --only dkim --selector s", `"v=DKIM1; k=rsa" (p with the key is missing`},
		{"en", "check spf spf.example", `fault at position 22: "–" (a character that is not allowed here)`},
	} {
		out, errs, _ := at80(t, c.lang, "", append(strings.Fields(c.args), "--zone", zone, "--offline")...)
		if !strings.Contains(flat(out), flat(c.want)) {
			t.Errorf("%s (%s): %q is missing in\n%s%s", c.args, c.lang, c.want, out, errs)
		}
		for _, notation := range []string{"%x20", "@1", "\u00a0"} {
			if strings.Contains(strings.ReplaceAll(out, "a@", ""), notation) {
				t.Errorf("%s: %q is no word for people:\n%s", c.args, notation, out)
			}
		}
	}
}

// TestDiagnoseWithoutNetwork: diagnose --offline without a zone names explain, ready to type; where nobody answers the
// answer still begins with what the reply says.
func TestDiagnoseWithoutNetwork(t *testing.T) {
	t.Parallel()
	file := written(t, "reply.txt", "550 5.1.1 User unknown\n")
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"550 5.1.1 User unknown", "--to", "a@b.test"}, "todoku explain REPLY"},
		{[]string{"42550", "--to", "a@b.test"}, "todoku explain 42550"},
		{[]string{file}, "todoku explain " + file},
		{[]string{"-"}, "todoku explain -"},
	} {
		for _, lang := range []string{"en", "ja"} {
			_, errs, status := at80(t, lang, "550 5.1.1 User unknown", append([]string{"diagnose", "--offline"}, c.args...)...)
			if status != app.ExitUsage || !strings.Contains(errs, c.want) || !strings.Contains(errs, "--zone FILE") {
				t.Errorf("%q (%s): %d, %s", c.args, lang, status, errs)
			}
		}
	}
	if _, errs, _ := at80(t, "en", "", "check", "domain", "a.test", "--offline"); strings.Contains(errs, "explain") {
		t.Errorf("check has nothing to explain: %s", errs)
	}
	for lang, want := range map[string]string{
		"en": "silent.test says: The receiving server has no mailbox of this name",
		"ja": "silent.testの応答: 宛先メールサーバーにこの名前のメールボックスがありません",
	} {
		out, _, _ := at80(t, lang, "", "--lab", "--timeout", "200ms", "diagnose", "550 5.1.1 User unknown", "--to", "a@silent.test",
			"--no-smtp")
		if got := flat(out); !strings.Contains(got, "Nobodyanswered") && !strings.Contains(got, "どこからも応答がなく") {
			t.Errorf("somebody answered (%s):\n%s", lang, out)
		} else if !strings.Contains(got, flat(want)) {
			t.Errorf("%s: the answer does not begin with what the reply says:\n%s", lang, out)
		}
	}
}

// TestExplainFile: a file is read for what is in it; a word that has a meaning keeps it.
func TestExplainFile(t *testing.T) {
	t.Parallel()
	const reply = "550 5.1.1 <a@b.test>: User unknown"
	for name, c := range map[string]struct{ text, want string }{
		"reply.txt":  {reply, "User unknown"},
		"mail.log":   {strings.Repeat("Jan 1 00:00:00 mx postfix/qmgr[1]: 1: removed\n", 3000) + reply + "\n", "User unknown"},
		"bounce.eml": {"From: MAILER-DAEMON@b.test\nTo: a@c.test\nSubject: Undelivered\n\n" + reply + "\n", "User unknown"},
	} {
		out, errs, status := at80(t, "en", "", "explain", written(t, name, c.text))
		if status != app.ExitOK || !strings.Contains(out, c.want) {
			t.Errorf("%s: %d\n%s%s", name, status, out, errs)
		}
	}
	mail := written(t, "plain.eml", "From: a@b.test\nTo: a@c.test\nSubject: Hello\n\nhello\n")
	if _, errs, status := at80(t, "en", "", "explain", mail); status != app.ExitWrong || !strings.Contains(errs, "todoku diagnose "+mail) {
		t.Errorf("a mail without a reply: %d, %s", status, errs)
	}
	empty := written(t, "empty.txt", " \n")
	if _, errs, status := at80(t, "en", "", "explain", empty); status != app.ExitUsage || !strings.Contains(errs, "it is empty") {
		t.Errorf("an empty file: %d, %s", status, errs)
	}
}

// TestInputComesBack: the input in JSON is what was given, whatever a terminal would show of it.
func TestInputComesBack(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ given, want string }{
		"lines, controls, NBSP": {"550 5.1.1\tUser\r\nunknown \x1b[31m\u00a0\u202e!", ""},
		"windows-1252":          {"550 5.1.1 caf\xe9 \x93user unknown\x94", "550 5.1.1 café “user unknown”"},
		"code page 932":         {"550 5.1.1 \x83\x86\x81[\x83U\x82\xaa\x82\xa2\x82\xdc\x82\xb9\x82\xf1", "550 5.1.1 ユーザがいません"},
	} {
		for _, args := range [][]string{{"explain", "-"}, {"--lab", "diagnose", "-", "--no-smtp"}} {
			out, _, _ := at80(t, "en", c.given, append(args, "--format", "json")...)
			var doc struct{ Input string }
			if err := json.Unmarshal([]byte(out), &doc); err != nil {
				t.Fatalf("%s: %v\n%s", name, err, out)
			}
			if want := c.want; doc.Input != want && (want != "" || doc.Input != c.given) {
				t.Errorf("%s, %s: %q, want %q", name, args, doc.Input, want)
			}
			if strings.ContainsAny(out, "\x1b\u00a0\u202e") {
				t.Errorf("%s, %s: hidden characters reach the terminal: %q", name, args, out)
			}
		}
	}
}

// TestVersionHoldsItsSchema: the schema that `version` names is one that explain prints, and it holds.
func TestVersionHoldsItsSchema(t *testing.T) {
	t.Parallel()
	out, _, _ := at80(t, "en", "", "version", "--format", "json")
	if err := schemaNamed(t, "todoku/version/1").check([]byte(out)); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestRulesInOneLanguage: a rule of a user in one language is good, and is shown in it in the other.
func TestRulesInOneLanguage(t *testing.T) {
	t.Parallel()
	file := written(t, "my.yaml", "- {id: my-01, on: 550, match: zork, reason: policy, en: The gateway zorks., example: 550 zork}\n"+
		"- {id: my-02, on: 550, match: frob, reason: policy, ja: 門番が拒否しました。, example: 550 frob}\n")
	if _, errs, status := at80(t, "en", "", "explain", "--validate-rules", file); status != app.ExitOK {
		t.Errorf("%d: %s", status, errs)
	}
	for _, lang := range []string{"en", "ja"} {
		for reply, want := range map[string]string{"550 zork": "The gateway zorks.", "550 frob": "門番が拒否しました。"} {
			if out, errs, _ := at80(t, lang, "", "explain", reply, "--rules", file); !strings.Contains(out, want) {
				t.Errorf("%s (%s): %q is missing\n%s%s", reply, lang, want, out, errs)
			}
		}
	}
}

// TestLabListByGroups: the list has groups, and words choose among its situations, in every format and in both languages.
func TestLabListByGroups(t *testing.T) {
	t.Parallel()
	count := func(args ...string) (lines int, text string) {
		out, errs, status := at80(t, "en", "", append([]string{"lab", "list", "--format", "ndjson"}, args...)...)
		if status != app.ExitOK || errs != "" {
			t.Errorf("%q: %d, %s", args, status, errs)
		}
		return strings.Count(out, "\n"), out
	}
	all, _ := count()
	spf, text := count("spf")
	if _, wide := count("ＳＰＦ"); spf < 20 || spf > all/2 || wide != text || strings.Contains(text, `"group":"tls"`) {
		t.Errorf("%d of %d situations of SPF; ＳＰＦ gives the same: %t", spf, all, wide == text)
	}
	if n, _ := count("spf", "42550"); n == 0 || n >= spf {
		t.Errorf("two words leave %d of %d", n, spf)
	}
	for lang, want := range map[string]string{"en": "dkim: DKIM of the sender\n", "ja": "dkim: 送信元のDKIM\n"} {
		if out, _, _ := at80(t, lang, "", "lab", "list", "dkim"); !strings.Contains(out, want) || strings.Contains(out, "healthy:") {
			t.Errorf("%s: %q is missing, or too much is there:\n%s", lang, want, out)
		}
	}
	var list []struct{ Group, Name string }
	out, _, _ := at80(t, "ja", "", "lab", "list", "逆引き", "--format", "json")
	if err := json.Unmarshal([]byte(out), &list); err != nil || len(list) == 0 {
		t.Errorf("%v, %s", err, out)
	}
	if out, errs, status := at80(t, "en", "", "lab", "list", "spff"); status != app.ExitWrong || out != "" ||
		!strings.Contains(errs, "did you mean spf?") {
		t.Errorf("nothing matches: %d, %s%s", status, out, errs)
	}
	if out, _, status := at80(t, "en", "", "lab", "list", "zork", "--format", "json"); status != app.ExitWrong || out != "[]\n" {
		t.Errorf("nothing matches in JSON: %d, %s", status, out)
	}
}

// TestGroupsOfTheLab: each group has situations, and each situation a group.
func TestGroupsOfTheLab(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	for _, s := range slices.Concat(lab.Scenarios(), lab.SendScenarios(), lab.SampleScenarios()) {
		seen[s.Group]++
	}
	for _, s := range lab.DiagnoseScenarios() {
		seen[s.Group]++
	}
	for _, s := range lab.Campaigns() {
		seen[s.Group]++
	}
	for _, g := range lab.ScenarioGroups() {
		if seen[g.ID] == 0 || g.Title.EN == "" || g.Title.JA == "" {
			t.Errorf("%s: %d situations, %q", g.ID, seen[g.ID], g.Title)
		}
		delete(seen, g.ID)
	}
	if len(seen) > 0 {
		t.Errorf("no groups: %v", seen)
	}
}

// TestTheQuestionIsAnsweredFirst: of check dmarc --from the verdict on the mail comes before what is said of the record, and
// what is wrong before what is a note.
func TestTheQuestionIsAnsweredFirst(t *testing.T) {
	t.Parallel()
	zone := written(t, "p.zone", "$TTL 300\n_dmarc.p.example. TXT \"v=DMARC1; p=none; pct=50; foo=bar\"\n")
	order := func(domain, spf string) (rules []string) {
		out, _, _ := at80(t, "en", "", "check", "dmarc", "--from", "a@"+domain, "--spf", spf+":"+domain, "--zone", zone, "--offline")
		for line := range strings.Lines(out) {
			if id, _, ok := strings.Cut(strings.TrimSpace(line), " · RFC"); ok {
				rules = append(rules, id)
			}
		}
		return rules
	}
	for _, c := range []struct{ domain, spf, want string }{
		{"p.example", "fail", "dmarc-fail dmarc-removed-tag dmarc-policy-none dmarc-no-rua dmarc-ignored-tag"},
		{"p.example", "pass", "dmarc-removed-tag dmarc-policy-none dmarc-no-rua dmarc-ignored-tag"},
	} {
		if got := strings.Join(order(c.domain, c.spf), " "); got != c.want {
			t.Errorf("%s, SPF %s: %s, want %s", c.domain, c.spf, got, c.want)
		}
	}
}
