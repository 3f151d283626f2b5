package page_test

import (
	"bytes"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"todoku/cmd/report/page"
	"todoku/codes"
)

func columns(s string) int { r := page.NewRuler(); return r.StringWidth(s) }

func TestCommandOverLines(t *testing.T) {
	t.Parallel()
	reply := codes.Todoku("diagnose", "REPLY", "--no-smtp", "--to", "b@example.jp").With(codes.PlaceReply, "550 5.1.1 no such user")
	for _, c := range []struct {
		command codes.Command
		width   int
		want    []string
	}{
		{codes.Todoku("letter", "ID"), 40, []string{"todoku letter ID"}},
		{codes.Todoku("check", "spf", "kaisha.test", "--ip", "192.0.2.7"), 30, []string{`todoku check spf kaisha.test \`, "--ip 192.0.2.7"}},
		{codes.Todoku("letter", "--from", "a@kaisha.test", "--to", "b@example.jp", "--time", "TIME"), 40,
			[]string{`todoku letter --from a@kaisha.test \`, "--to b@example.jp --time TIME"}},
		{reply, 45, []string{`todoku diagnose '550 5.1.1 no such user' \`, "--no-smtp --to b@example.jp"}},
	} {
		lines := page.CommandLines(c.command, c.width, columns)
		if diff := cmp.Diff(c.want, lines); diff != "" {
			t.Errorf("%v at %d:\n%s", c.command, c.width, diff)
		}
		for _, line := range lines {
			if columns(line) > c.width {
				t.Errorf("%q is wider than %d", line, c.width)
			}
		}
		if words, ok := split(strings.Join(lines, "\n")); !ok || !slices.Equal(words, c.command.Argv()) {
			t.Errorf("a shell reads %q", words)
		}
	}
}

// split reads a line as a POSIX shell does (POSIX 2.2, 2.3). It refuses every
// character outside quotes that a shell may take for more than itself.
func split(line string) (words []string, ok bool) {
	word, begun := "", false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == ' ':
			if begun {
				words, word, begun = append(words, word), "", false
			}
		case c == '\'':
			end := strings.IndexByte(line[i+1:], '\'')
			if end < 0 {
				return nil, false
			}
			word, begun = word+line[i+1:i+1+end], true
			i += end + 1
		case c == '\\' && i+1 < len(line):
			i++
			if line[i] != '\n' {
				word, begun = word+line[i:i+1], true
			}
		case c >= 0x80 || strings.IndexByte("\t\n\\\"$`|&;<>()*?[]#~{}!^", c) >= 0 || !begun && c == '=':
			return nil, false
		default:
			word, begun = word+line[i:i+1], true
		}
	}
	if begun {
		words = append(words, word)
	}
	return words, true
}

// hostile are values that are more than text to some shell or terminal.
func hostile() []string {
	return []string{"", "-", "--", "-rf", "--lab", "=ls", "~", "~root", "!!", "a b", " a ", "a\tb", "a\nb", "a\r",
		"a\x00b", "\x1b[2J", "\xff", "it's", `"a"`, `a\`, `\`, "'", "''", `'\''`,
		"$(touch x)", "`touch x`", "${IFS}", "$'\\n'", "a;touch x", "a|touch x", "a&touch x", "a>x", "a<x", "*", "?", "[a]",
		"{a,b}", "a#b", "# a", "(a)", "^a", "%1", "a=b", "@x", "/etc/passwd",
		"$(touch${IFS}x)@a.test", "{touch,x}@a.test", `"$(touch x)"@a.test`, `"a\"b"@a.test`, "-x@a.test", "a@-x.test",
		"a@[192.0.2.1]", "a@[$(x)]", "a@b@c.test", "利用者@例え.test",
		"$(x).test", "*.test", "a..test", "-x.test", "x.test.", "192.0.2.1", "2001:db8::1", "fe80::1%$(x)",
		"smtp://x.test:587", "smtp://$(x)", "x.test:25", "2026-01-02T03:04:05+09:00",
		"42550", "４２５５０", "\u202ea", "a\u200bb", "a\u00a0b", "\u2028", "\u034f", "x\ufe0f", "\u3164", "ＩＰ", "＄(x)", "‘x’",
		strings.Repeat("'", 400), strings.Repeat("x", 5000)}
}

func templates() []codes.Command {
	return []codes.Command{
		codes.Todoku("diagnose", "REPLY", "--from", "SENDER", "--to", "ADDR", "--ip", "IP"),
		codes.Todoku("diagnose", "FILE", "--message", "FILE"),
		codes.Todoku("check", "spf", "ENVELOPE", "--ip", "IP", "--helo", "HOST"),
		codes.Todoku("check", "dmarc", "--from", "SENDER", "--spf", "pass:DOMAIN"),
		codes.Todoku("history", "list", "--domain", "THEIRS"),
		codes.Todoku("history", "show", "ID"),
		codes.Todoku("letter", "--from", "SENDER", "--to", "ADDR", "--time", "TIME"),
		codes.Todoku("send", "--via", "HOST", "--to", "ADDR", "--from", "SENDER"),
		codes.Todoku("check", "domain", "DOMAIN", "--selector", "NAME", "--resolver", "RESOLVER"),
		codes.Todoku("explain", "CODE"), codes.Todoku("explain", "RULE"),
		codes.Todoku("check", "domain", "x.test").In([]codes.Arg{{Flag: "--lab"}, {Flag: "--zone", Place: codes.PlaceFile}}),
	}
}

// fillAll puts one value wherever it may stand.
func fillAll(c codes.Command, value string) codes.Command {
	values := codes.Values{}
	for _, p := range c.Open() {
		values[p] = value
	}
	world := slices.Clone(c.World)
	for i := range world {
		world[i] = world[i].With(value)
	}
	return c.Fill(values).In(world)
}

// TestShellReadsTheArguments: our own splitter and a real shell read out of the printed line what argv says.
func TestShellReadsTheArguments(t *testing.T) {
	t.Parallel()
	var script strings.Builder
	var want []string
	for _, template := range templates() {
		for _, value := range hostile() {
			c := fillAll(template, value)
			checkCommand(t, c)
			script.WriteString("printf '%s\\0' " + strings.TrimPrefix(page.Command(c), "todoku ") + "\n")
			want = append(want, c.Argv()[1:]...)
		}
	}
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh")
	}
	run := exec.CommandContext(t.Context(), shell)
	run.Stdin, run.Dir = strings.NewReader(script.String()), t.TempDir()
	out, err := run.Output()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range bytes.Split(bytes.TrimSuffix(out, []byte{0}), []byte{0}) {
		got = append(got, string(w))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func checkCommand(t *testing.T, c codes.Command) {
	t.Helper()
	line := page.Command(c)
	if words, ok := split(line); !ok || !slices.Equal(words, c.Argv()) {
		t.Errorf("a shell reads %q out of %s, want %q", words, line, c.Argv())
	}
	if page.Clean(line) != line {
		t.Errorf("a terminal does not show %q as it is", line)
	}
	if words, ok := split(page.CommandWithin(c)); !ok || strings.Contains(strings.TrimPrefix(page.CommandWithin(c),
		page.Command(codes.Command{World: c.World, Words: c.Words})), "'") {
		t.Errorf("within a sentence stands %q", words)
	}
	for _, width := range []int{20, 40, 80} {
		if words, ok := split(strings.Join(page.CommandLines(c, width, columns), "\n")); !ok || !slices.Equal(words, c.Argv()) {
			t.Errorf("over lines of %d a shell reads %q, want %q", width, words, c.Argv())
		}
	}
}

func FuzzCommand(f *testing.F) {
	for _, v := range hostile() {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, value string) {
		for _, template := range templates() {
			checkCommand(t, fillAll(template, value))
		}
	})
}
