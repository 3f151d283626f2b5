package cmd

import (
	"bytes"

	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/resolve"
	"todoku/sender"
	"todoku/sender/mail"
)

// TestLineBreaksAreRefused puts a line break into every flag of send, in the
// middle and at the end, from the command line and from the environment.
func TestLineBreaksAreRefused(t *testing.T) {
	t.Parallel()
	var flags []string
	walk(tree(codes.English), func(c *cobra.Command) {
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
			if status != exitUsage || out != "" || errs == "" || strings.Contains(errs, "RCPT TO:<x@takes.test>\n") {
				t.Errorf("--%s %q: exit %d, %s%s", flag, value, status, out, errs)
			}
			status, out, _ = typed(t, map[string]string{variable(flag): value}, "send --lab --no-history", base...)
			if status != exitUsage || out != "" {
				t.Errorf("%s=%q: exit %d, %s", variable(flag), value, status, out)
			}
		}
	}
}

func TestSplitMailboxes(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int{"a@b.test": 1, "a@b.test, c@d.test": 2, `"Doe, Jane" <a@b.test>,c@d.test`: 2, `"a\",b"@c.test`: 1, "a (x, y) <b@c.test>": 1, ">,<": 2} {
		if got := splitMailboxes(in); len(got) != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func FuzzSplitMailboxes(f *testing.F) {
	f.Add(`"Doe, Jane" <a@b.test>,c@d.test`)
	f.Add(`"\`)
	f.Fuzz(func(t *testing.T, s string) {
		if got := strings.Join(splitMailboxes(s), ","); got != s {
			t.Errorf("%q became %q", s, got)
		}
	})
}

func TestRouter(t *testing.T) {
	t.Parallel()
	z, err := resolve.ParseZone(strings.NewReader(`$TTL 300
two.test. MX 20 b.two.test.
two.test. MX 10 a.two.test.
a.two.test. A 192.0.2.1
a.two.test. AAAA 2001:db8::1
null.test. MX 0 .
bare.test. A 192.0.2.3
hollow.test. MX 10 none.hollow.test.
txt.test. TXT "x"
`), "zone")
	if err != nil {
		t.Fatal(err)
	}
	c, err := resolve.New(resolve.Options{Zones: []*resolve.Zone{z}, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, q := range []struct {
		domain string
		want   string // hosts with addresses, or why there are none
	}{
		{"two.test", "a.two.test 2, b.two.test 0"}, {"null.test", string(sender.NullMX)}, {"bare.test", "bare.test 1"},
		{"hollow.test", string(sender.NoHosts)}, {"txt.test", string(sender.NoHosts)}, {"absent.test", string(sender.NoSuchDomain)},
	} {
		to, err := mail.ParseAddress("to", "x@"+q.domain)
		if err != nil {
			t.Fatal(err)
		}
		route, err := sender.FindRoute(t.Context(), router{c}, to)
		got := []string{}
		if none, ok := err.(*sender.NoRouteError); ok {
			got = append(got, string(none.Reason))
		} else {
			for _, h := range route.Hosts {
				got = append(got, h.Name+" "+string(rune('0'+len(h.Addresses))))
			}
		}
		if strings.Join(got, ", ") != q.want {
			t.Errorf("%s: %q, %v; want %q", q.domain, got, err, q.want)
		}
	}
}

func TestSpreadKeepsTheOrderOfPreferences(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 200 {
		hosts := []sender.Host{{Name: "a", Preference: 10}, {Name: "b", Preference: 10}, {Name: "c", Preference: 20}}
		spread(hosts)
		seen[hosts[0].Name+hosts[1].Name+hosts[2].Name] = true
	}
	if !seen["abc"] || !seen["bac"] || len(seen) != 2 {
		t.Errorf("orders: %v", seen)
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

// TestBrokenOffIsNoUsageErrorOnceSomethingWasSent: 2 tells a script that nothing
// went out.
func TestBrokenOffIsNoUsageErrorOnceSomethingWasSent(t *testing.T) {
	t.Parallel()
	full := codes.WrongAt("h.db", codes.Text{EN: "cannot be written"})
	for done, want := range map[int]exitStatus{0: exitUsage, 1: exitBlind} {
		var errs bytes.Buffer
		d := &dispatch{app: &app{stderr: page.To(&errs), lang: codes.English}}
		if got := exitFor(t.Context(), d.brokenOff(full, &tally{ok: done})); got != want || done > 0 && !strings.Contains(errs.String(), "h.db: cannot be written") {
			t.Errorf("%d sent: exit %d, %s", done, got, &errs)
		}
	}
}
