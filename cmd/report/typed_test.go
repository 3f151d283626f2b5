package report

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"todoku/cmd/report/page"
)

func TestCommandOverLines(t *testing.T) {
	t.Parallel()
	r := page.NewRuler()
	for _, c := range []struct {
		command string
		width   int
		want    []string
	}{
		{"todoku letter ID", 40, []string{"todoku letter ID"}},
		{"todoku check spf kaisha.test --ip 192.0.2.7", 30, []string{`todoku check spf kaisha.test \`, "--ip 192.0.2.7"}},
		{"todoku letter --from a@kaisha.test --to b@example.jp --time TIME", 40, []string{`todoku letter --from a@kaisha.test \`, "--to b@example.jp --time TIME"}},
		{"todoku diagnose '550 5.1.1 no such user' --no-smtp --to b@example.jp", 45, []string{`todoku diagnose '550 5.1.1 no such user' \`, "--no-smtp --to b@example.jp"}},
	} {
		if diff := cmp.Diff(c.want, wrapCommand(r, c.command, c.width)); diff != "" {
			t.Errorf("%s at %d:\n%s", c.command, c.width, diff)
		}
		for _, line := range wrapCommand(r, c.command, c.width) {
			if r.StringWidth(line) > c.width {
				t.Errorf("%q is wider than %d", line, c.width)
			}
		}
		if joined := strings.ReplaceAll(strings.Join(wrapCommand(r, c.command, c.width), "\n"), " \\\n", " "); joined != c.command {
			t.Errorf("a shell reads %q", joined)
		}
	}
}

func TestCommandNamesItsWorld(t *testing.T) {
	t.Parallel()
	o := Options{World: "--lab"}
	for command, want := range map[string]string{
		"todoku check recipient a@takes.test": "todoku --lab check recipient a@takes.test",
		"todoku diagnose --last":              "todoku --lab diagnose --last",
		"todoku explain 42550":                "todoku explain 42550",
		"todoku letter ID":                    "todoku letter ID",
		"":                                    "",
	} {
		if got := o.here(command); got != want {
			t.Errorf("%q: %q, want %q", command, got, want)
		}
		if got := (Options{}).here(command); got != command {
			t.Errorf("%q without flags: %q", command, got)
		}
	}
}
