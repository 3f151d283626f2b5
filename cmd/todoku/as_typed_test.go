package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"todoku/cmd/app"
)

// TestAsPeopleTypeIt: what people copy from a form, a mail or their memory is understood, or told what it should be.
func TestAsPeopleTypeIt(t *testing.T) {
	t.Parallel()
	empty := filepath.Join(t.TempDir(), "empty.eml")
	if err := os.WriteFile(empty, []byte(" \r\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args   []string
		says   string // on either stream
		status app.ExitStatus
	}{
		{[]string{"--lab", "check", "domain", "spf-ip.test", "--selector", "s1._domainkey", "--only", "dkim"}, "s1  rsa", 0},
		{[]string{"--lab", "check", "domain", "spf-ip.test", "--selector", "S1._domainkey.spf-ip.test", "--only", "DKIM"}, "s1  rsa", 0},
		{[]string{"--lab", "check", "domain", "spf-ip.test", "--selector", "s1", "--only", "dkim"}, "s1  rsa", 0},
		{[]string{"--lab", "check", "domain", "spf-ip.test", "--selector", "s=s1;", "--only", "dkim"}, "s1  rsa", 0},
		{[]string{"--lab", "check", "domain", "spf-ip.test", "--selector", "s1._domainkey.takes.test", "--only", "dkim"},
			"is one of takes.test, not of spf-ip.test", 2},
		{[]string{"--lab", "check", "domain", "spf-ip.test", "--selector", ""}, "before ._domainkey, such as s1", 2},
		{[]string{"--lab", "check", "dmarc", "no-dmarc.test", "--fail-on", "WARN", "--format", "JSON"}, `"status": "warn"`, 1},
		{[]string{"--lab", "check", "recipient", "Hanako Yamada <user@takes.test>"}, "user@takes.test", 0},
		{[]string{"--lab", "check", "recipient", "<user@takes.test>"}, "user@takes.test", 0},
		{[]string{"explain", "--list", "Codes"}, "42550", 0},
		{[]string{"completion", "ZSH"}, "#compdef", 0},
		{[]string{"kaisha.example"}, "did you mean todoku check domain kaisha.example?", 2},
		{[]string{"user@kaisha.example", "--lang", "ja"}, "todoku check recipient user@kaisha.example の間違い", 2},
		{[]string{"42553"}, "did you mean todoku explain 42553?", 2},
		{[]string{"550 5.7.1 refused"}, "todoku has no command", 2},
		{[]string{"chekc"}, "did you mean todoku check?", 2},
		{[]string{"check", "help"}, "todoku check --help", 2},
		{[]string{"diagnose", empty}, "it is empty", 2},
		{[]string{"diagnose", "--lang", "ja", empty}, "中身が空です", 2},
	} {
		out, errs, status := worked(t, nil, tt.args...)
		if status != tt.status || !strings.Contains(out+errs, tt.says) {
			t.Errorf("%q: exit %d, want %d and %q:\n%s%s", tt.args, status, tt.status, tt.says, out, errs)
		}
	}
}

// TestLabAdvice: the lab keeps no history, so no advice leads there; with a file it does.
func TestLabAdvice(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "h.db")
	for _, to := range []string{"nobody@user-unknown.test", "user@refused.test", "user@mailbox-full.test"} {
		args := []string{"--lab", "send", "--to", to, "--from", "news@healthy.test", "--body", "x"}
		for _, lang := range []string{"en", "ja"} {
			out, _, _ := worked(t, nil, append(args, "--lang", lang)...)
			if strings.Contains(out, "todoku history") || strings.Contains(out, "todoku letter 1") {
				t.Errorf("%s %s:\n%s", to, lang, out)
			}
		}
		out, errs, _ := worked(t, nil, append(args, "--history", file, "--force")...)
		if strings.Contains(out, "todoku history") && !strings.Contains(out, "--history "+file) {
			t.Errorf("%s with a file:\n%s%s", to, out, errs)
		}
	}
}

// TestSendCutByItsDeadline: a program gets a document of a mail that was given up on the way, as of one that came through.
func TestSendCutByItsDeadline(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]string{"user@mute.test": "preparing", "user@never-answers.test": "preparing", "user@takes.test": "ok"} {
		out, errs, _ := worked(t, nil, "--lab", "send", "--to", to, "--from", "news@healthy.test", "--body", "x", "--format", "json",
			"--deadline", map[string]string{"ok": "60s", "preparing": "5s"}[want])
		var sent struct{ Schema, Result, To string }
		if err := json.Unmarshal([]byte(out), &sent); err != nil || sent.Result != want || sent.To != to {
			t.Errorf("%s: %v %+v, says %s", to, err, sent, errs)
		}
	}
}
