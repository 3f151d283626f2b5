package main

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"todoku/cmd"
)

// nextCommand is the command that a report ends with; a long one goes on in further lines.
var nextCommand = regexp.MustCompile(`(?m)^(?:next|次に).*?:\s+(todoku (?:.*\\\n)*.*)$`)

// TestNextLooksAgain: the command at the end of a report, pasted into a shell, looks at the same again. It never leads to a
// page that repeats what the report says.
func TestNextLooksAgain(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("there is no sh")
	}
	for _, tt := range []struct{ line, want string }{
		{"check domain no-spf.test --ip 192.0.2.7 --selector s1 --require-ip 192.0.2.0/24", ""},
		{"check domain spf-ip.test --ip 192.0.2.7 --ip 2001:db8::7", ""},
		{"check domain spf-ip.test --ip 192.0.2.7 --helo out.lab.test", ""},
		{"check domain no-spf.test healthy.test", "check domain no-spf.test"},
		{"check domain listed-ip.test --ip 192.0.2.66 --all", ""},
		{"check domain listed-ip.test --ip 192.0.2.66 --only dnsbl", ""},
		{"check domain listed-ip.test --ip 192.0.2.66 --blocklist bl.lab.test --authoritative", ""},
		{"check spf spf-limit.test", ""},
		{"check spf --mail-from news@spf-ip.test --ip 192.0.2.7 --helo out.lab.test",
			"check spf spf-ip.test --ip 192.0.2.7 --mail-from news@spf-ip.test --helo out.lab.test"},
		{"check dmarc two-dmarc.test", ""},
		{"check recipient user@cert-self.test --rcpt", ""},
		{"check message lab:forged --ip 192.0.2.99 --mail-from news@spf-ip.test --helo out.lab.test",
			"check message lab:forged --ip 192.0.2.99 --mail-from news@spf-ip.test --helo out.lab.test"},
		{"check message lab:forged --ip 192.0.2.66 --only dnsbl", ""},
		{"check message lab:forged --ip 192.0.2.99 --mail-from <news@spf-ip.test>", "none"},
		{"check message lab:forged --ip 192.0.2.99 --helo out_$x", "none"},
		{"check domain healthy.test", "none"},
		{"check domain no-dmarc.test", "none"},
		{"check domain silent.test --timeout 200ms", "none"},
	} {
		for _, lang := range []string{"en", "ja"} {
			args := append([]string{"--lab"}, strings.Fields(tt.line)...)
			var out, errs bytes.Buffer
			env := noEnv
			if strings.Contains(tt.line, "192.0.2.66") { // all checks
				env = func(string) string { return "" }
			}
			cmd.Run(t.Context(), append(slices.Clone(args), "--lang", lang), strings.NewReader(""), &out, &errs, env)
			m := nextCommand.FindStringSubmatch(out.String())
			if (m == nil) != (tt.want == "none") {
				t.Errorf("%s %s: ends with\n%s%s", tt.line, lang, &out, &errs)
			}
			if m == nil {
				continue
			}
			typed, err := exec.Command("sh", "-c", `todoku() { printf '%s\n' "$@"; }; `+m[1]).Output()
			if err != nil {
				t.Errorf("%s: %v", m[1], err)
			}
			want := args
			if tt.want != "" {
				want = append([]string{"--lab"}, strings.Fields(tt.want)...)
			}
			got := strings.Split(strings.TrimSpace(string(typed)), "\n")
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%s %s: next is %q, want %q", tt.line, lang, got, want)
			}
		}
	}
}

// TestListEndsWithASum: a text of several reports says how many there were, and a single one does not.
func TestListEndsWithASum(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"check domain healthy.test no-spf.test takes.test":    "checked: 3 · OK 1 · FAIL 2",
		"check domain no-spf.test healthy.test --lang ja":     "検査 2件 · 問題なし 1 · 問題あり 1",
		"check recipient user@takes.test user@cert-self.test": "checked: 2 · OK 1 · FAIL 1",
		"check domain healthy.test":                           "",
		"check domain healthy.test no-spf.test --format json": "",
	} {
		var out, errs bytes.Buffer
		cmd.Run(t.Context(), append([]string{"--lab"}, strings.Fields(line)...), strings.NewReader(""), &out, &errs, noEnv)
		if want != "" && !strings.HasSuffix(out.String(), "\n\n"+want+"\n") || want == "" && strings.Contains(out.String(), "checked: ") {
			t.Errorf("%s: ends with\n%s%s", line, &out, &errs)
		}
		if strings.Contains(line, "json") && !json.Valid(out.Bytes()) {
			t.Errorf("%s: no JSON", line)
		}
	}
}
