package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"todoku/cmd/app"
	"todoku/codes"
)

// TestLineBreaksAreRefused puts a line break into every flag of send, in the
// middle and at the end, from the command line and from the environment.
func TestLineBreaksAreRefused(t *testing.T) {
	t.Parallel()
	var flags []string
	eachCommand(tree(codes.English), func(c *cobra.Command) {
		if c.Name() == "send" {
			c.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
				if f.Value.Type() != "bool" && f.Name != "body" && f.Name != "html" {
					flags = append(flags, f.Name)
				}
			})
		}
	})
	if len(flags) < 25 {
		t.Fatalf("only %d flags", len(flags))
	}
	for _, flag := range flags {
		for _, value := range []string{"user@takes.test\r\nRCPT TO:<x@takes.test>", "user@takes.test\n", "user@takes.test\r", "x\x00y"} {
			base := []string{}
			for f, v := range map[string]string{"to": "user@takes.test", "from": "news@healthy.test"} {
				if f != flag {
					base = append(base, "--"+f, v)
				}
			}
			status, out, errs := typed(t, nil, "send --lab --no-history", append(base, "--"+flag, value)...)
			if status != app.ExitUsage || out != "" || errs == "" || strings.Contains(errs, "RCPT TO:<x@takes.test>\n") {
				t.Errorf("--%s %q: exit %d, %s%s", flag, value, status, out, errs)
			}
			status, out, _ = typed(t, map[string]string{app.Variable(flag): value}, "send --lab --no-history", base...)
			if status != app.ExitUsage || out != "" {
				t.Errorf("%s=%q: exit %d, %s", app.Variable(flag), value, status, out)
			}
		}
	}
}

// TestWhyWeDidNotGoOnIsToldInTheLanguage: at once, and from the history, which
// keeps words only.
func TestWhyWeDidNotGoOnIsToldInTheLanguage(t *testing.T) {
	t.Parallel()
	_, env := place(t, nil)
	_, live, _ := typed(t, env, "send --lab --to user@starttls-smuggles.test --from news@healthy.test --lang ja")
	_, kept, _ := typed(t, env, "history show --last --lang ja")
	for _, text := range []string{live, kept} {
		if !strings.Contains(text, "平文のデータを送信しました") || strings.Contains(text, "plain text") {
			t.Error(text)
		}
	}
}
