package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/codes"
)

// hostileInputs is how many values from outside the commands are given.
func hostileInputs() int {
	if os.Getenv("TODOKU_FULL") != "" {
		return 50_000
	}
	return 600
}

// TestNothingHiddenIsPrinted gives hostile values to every command, in every format and both languages: whatever place a
// value comes from, no hidden character reaches the output, and JSON holds the value itself.
func TestNothingHiddenIsPrinted(t *testing.T) {
	t.Parallel()
	seed := uint64(os.Getpid())
	r := rand.New(rand.NewPCG(seed, 1))
	h := newHostile(t, r)
	runs := 0
	for h.given < hostileInputs() {
		h.renew()
		for _, c := range hostileCommands() {
			for _, format := range append(c.formats[:len(c.formats):len(c.formats)], noFormat(c)...) {
				lang := []codes.Lang{codes.English, codes.Japanese}[runs%2]
				runs++
				h.run(c, format, lang)
			}
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	t.Logf("%d values, %d runs", h.given, runs)
}

// noFormat is what a command without formats is run with.
func noFormat(c hostileCommand) []page.Format {
	if len(c.formats) > 0 {
		return nil
	}
	return []page.Format{page.TextFormat}
}

// run runs one command in one format and looks at what it printed.
func (h *hostile) run(c hostileCommand, format page.Format, lang codes.Lang) {
	h.t.Helper()
	line := c.line(h)
	args := append([]string{"--format", string(format), "--lang", string(lang), "--color", "always"}, line.args...)
	if c.formats == nil {
		args = line.args
	}
	var out, errs bytes.Buffer
	play(h.t.Context(), args, strings.NewReader(line.stdin), &out, &errs, func(name string) string { return line.env[name] })
	keep := map[page.Format]string{page.CSV: "\r\n", page.Mail: "\r\n"}[format] + "\n"
	if c.tabs {
		keep += "\t"
	}
	for where, text := range map[string]string{"standard output": out.String(), "standard error": errs.String()} {
		if bad := firstHidden(ownColours.ReplaceAllString(text, ""), keep); bad != "" {
			h.t.Errorf("%s, %s, %s of %q: %s", c.name, format, where, args, bad)
		}
	}
	if c.formats != nil && (format == page.JSON || format == page.NDJSON) {
		var all []any
		for d := json.NewDecoder(&out); d.More(); {
			var v any
			if err := d.Decode(&v); err != nil {
				h.t.Errorf("%s, %s: %v: %q", c.name, format, err, args)
				break
			}
			all = append(all, v)
		}
		if whole := line.whole; whole != "" && len(all) > 0 && utf8.ValidString(whole) && !holds(all, whole) {
			h.t.Errorf("%s, %s: %q is not in %v", c.name, format, whole, all)
		}
	}
}

// ownColours are the sequences of our inks; no hostile value holds one of them.
var ownColours = regexp.MustCompile("\x1b\\[(31;1|33;1|32|36|1|0|22|0;22)m")

// firstHidden shows the first hidden character of a text and what is beside it.
func firstHidden(s, keep string) string {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 || page.Hidden(r) && !strings.ContainsRune(keep, r) {
			return fmt.Sprintf("%+q in %+q", s[i:i+n], s[max(0, i-60):min(len(s), i+60)])
		}
		i += n
	}
	return ""
}

// holds reports whether a JSON value holds a text somewhere.
func holds(v any, text string) bool {
	switch v := v.(type) {
	case string:
		return strings.Contains(v, text)
	case []any:
		return slices.ContainsFunc(v, func(v any) bool { return holds(v, text) })
	case map[string]any:
		for _, each := range v {
			if holds(each, text) {
				return true
			}
		}
	}
	return false
}

// hostileLine is a command line with all that it reads.
type hostileLine struct {
	args  []string
	stdin string
	env   map[string]string
	whole string // a value that JSON must hold as it is
}

type hostileCommand struct {
	name    string
	formats []page.Format // none: it has no formats
	tabs    bool          // its output is a script or has columns of its own
	line    func(*hostile) hostileLine
}

func typedLine(args ...string) hostileLine { return hostileLine{args: args} }

func hostileCommands() []hostileCommand {
	return slices.Concat(hostileChecks(), hostileReadings(), hostileSendings(), hostileMistakes())
}

func hostileChecks() []hostileCommand {
	return []hostileCommand{
		{name: "check domain", formats: report.Reports.Formats(), line: func(h *hostile) hostileLine {
			return typedLine("check", "domain", "a.test", "--zone", h.zone(), "--offline", "--selector", "s1", "--ip", "192.0.2.7",
				"--only", "mx,spf,dkim,dmarc,ptr,mtasts,tlsrpt")
		}},
		{name: "check many", formats: report.Reports.Formats(), line: func(h *hostile) hostileLine {
			return hostileLine{args: []string{"check", "domain", "-", "--zone", h.zone(), "--offline", "--only", "spf,mx"},
				stdin: "a.test\n" + h.line() + "\nb.test\n" + h.line() + "\n"}
		}},
		{name: "check spf", formats: report.Reports.Formats(), line: func(h *hostile) hostileLine {
			return typedLine("check", "spf", "a.test", "--zone", h.zone(), "--offline", "--ip", "192.0.2.7", "--mail-from",
				h.word()+"@a.test", "--helo", "a.test")
		}},
		{name: "fix", formats: report.Fixes.Formats(), line: func(h *hostile) hostileLine {
			return typedLine("fix", "a.test", "--zone", h.zone(), "--offline", "--selector", "s1", "--ip", "192.0.2.7", "--as",
				report.FixForms()[h.r.IntN(len(report.FixForms()))])
		}},
		{name: "check spf of", formats: report.Reports.Formats(), line: func(h *hostile) hostileLine {
			return typedLine("check", "spf", h.word()+".test", "--zone", h.zone(), "--offline")
		}},
		{name: "check dmarc", formats: report.Reports.Formats(), line: func(h *hostile) hostileLine {
			return typedLine("check", "dmarc", "--from", h.word()+"@a.test", "--zone", h.zone(), "--offline", "--spf", "pass:"+h.word())
		}},
		{name: "check recipient", formats: report.Reports.Formats(), line: func(h *hostile) hostileLine {
			return typedLine("check", "recipient", h.word()+"@a.test", "--zone", h.zone(), "--offline")
		}},
	}
}

func hostileReadings() []hostileCommand {
	return []hostileCommand{
		{name: "diagnose", formats: report.Diagnoses.Formats(), line: func(h *hostile) hostileLine {
			reply := "550 5.7.1 " + h.line()
			return hostileLine{args: []string{"diagnose", reply, "--zone", h.zone(), "--offline", "--from", "news@a.test",
				"--to", "user@b.test"}, whole: reply}
		}},
		{name: "diagnose addresses", formats: report.Diagnoses.Formats(), line: func(h *hostile) hostileLine {
			return typedLine("diagnose", "550 5.1.1 no", "--zone", h.zone(), "--offline", "--from", h.word()+"@a.test",
				"--mail-from", h.word(), "--to", "user@"+h.word())
		}},
		{name: "diagnose bounce", formats: report.Diagnoses.Formats(), line: func(h *hostile) hostileLine {
			return typedLine("diagnose", h.file("bounce.eml", h.bounce()), "--zone", h.zone(), "--offline", "--message",
				h.file("sent.eml", h.mail()))
		}},
		{name: "diagnose directory", formats: report.Diagnoses.Formats(), line: func(h *hostile) hostileLine {
			return typedLine("diagnose", h.folder(), "--zone", h.zone(), "--offline")
		}},
		{name: "diagnose rules", formats: report.Diagnoses.Formats(), line: func(h *hostile) hostileLine {
			return typedLine("diagnose", "550 5.7.1 hostile words", "--rules", h.rules(), "--zone", h.zone(), "--offline")
		}},
		{name: "explain", formats: report.Explanations.Formats(), line: func(h *hostile) hostileLine {
			reply := "550 5.1.1 " + h.line()
			return hostileLine{args: []string{"explain", "-"}, stdin: reply, whole: reply}
		}},
		{name: "explain rules", formats: report.Explanations.Formats(), line: func(h *hostile) hostileLine {
			return typedLine("explain", "550 5.7.1 hostile words", "--rules", h.rules())
		}},
		{name: "explain --list", formats: report.Lists.Formats(), line: func(h *hostile) hostileLine {
			return typedLine("explain", "--list", "rules", "--rules", h.rules())
		}},
		{name: "explain --validate-rules", formats: report.Lists.Formats(), line: func(h *hostile) hostileLine {
			return typedLine("explain", "--validate-rules", h.file("broken.yaml", "- id: "+h.text()+"\n  "+h.text()+": x\n"))
		}},
		{name: "guide", formats: report.Guides.Formats(), line: func(h *hostile) hostileLine {
			reply := "550 5.7.1 " + h.line()
			return typedLine("guide", "--pattern", "C", "--reply", reply, "--from", "news@a.test", "--to", "user@b.test",
				"--run", "--zone", h.zone(), "--offline")
		}},
		{name: "guide --plain", formats: report.Guides.Formats(), line: func(h *hostile) hostileLine {
			return hostileLine{args: []string{"guide", "--plain", "550 5.1.1 " + h.line(), "--zone", h.zone(), "--offline"},
				stdin: h.line() + "\n1\n" + h.line() + "\nnews@a.test\n" + h.line() + "\nuser@b.test\n192.0.2.7\n2\n" + h.line() + "\n1\n1\n1\nq\n"}
		}},
	}
}

func hostileSendings() []hostileCommand {
	return []hostileCommand{
		{name: "send", formats: report.Sendings.Formats(), line: func(h *hostile) hostileLine {
			return typedLine("send", "--via", "smtp://"+h.server, "--to", "user@b.test", "--from", "news@a.test", "--subject",
				h.line(), "--body", h.text(), "--no-history", "--tls", "never")
		}},
		{name: "send file", formats: report.Sendings.Formats(), line: func(h *hostile) hostileLine {
			return typedLine("send", "--via", "smtp://"+h.server, "--to", "user@b.test", "--eml", h.file("mail.eml", h.mail()),
				"--no-history", "--tls", "never", "--force")
		}},
		{name: "send --dry-run", formats: report.Sendings.Formats(), line: func(h *hostile) hostileLine {
			return typedLine("send", "--dry-run", "--via", "smtp://"+h.server, "--to", "user@b.test", "--eml",
				h.file("mail.eml", h.mail()), "--no-history", "--force")
		}},
		{name: "send list", formats: report.Sendings.Formats(), line: func(h *hostile) hostileLine {
			return typedLine("send", "--via", "smtp://"+h.server, "--recipients", h.file("list.txt", "user@b.test\n"+h.line()+
				"\n"+h.word()+"@b.test\n"), "--from", "news@a.test", "--yes", "--no-history", "--tls", "never")
		}},
		{name: "history list", formats: report.History.Formats(), line: func(h *hostile) hostileLine {
			return hostileLine{args: []string{"history", "list", "--history", h.history}, whole: h.kept}
		}},
		{name: "history list --invalid", formats: report.History.Formats(), line: func(h *hostile) hostileLine {
			return typedLine("history", "list", "--invalid", "--history", h.history)
		}},
		{name: "history show", formats: report.History.Formats(), line: func(h *hostile) hostileLine {
			return hostileLine{args: []string{"history", "show", "--last", "--history", h.history}, whole: h.kept}
		}},
		{name: "history export", formats: report.Export.Formats(), line: func(h *hostile) hostileLine {
			return hostileLine{args: []string{"history", "export", "--history", h.history, "--transcripts"}, whole: h.kept}
		}},
		{name: "letter", formats: report.Letters.Formats(), line: func(h *hostile) hostileLine {
			return typedLine("letter", "--last", "--history", h.history, "--name", h.word(), "--checked", h.word())
		}},
		{name: "letter --redact", formats: report.Letters.Formats(), line: func(h *hostile) hostileLine {
			return typedLine("letter", "--redact", "--from", "news@a.test", "--to", "user@b.test", "--time", "2026-11-23 09:00",
				"--reply", "550 "+h.line(), "--company", h.word())
		}},
		{name: "diagnose --history", formats: report.Diagnoses.Formats(), line: func(h *hostile) hostileLine {
			return typedLine("diagnose", "--result", "error", "--history-file", h.history, "--zone", h.zone(), "--offline")
		}},
	}
}

func hostileMistakes() []hostileCommand {
	list := []hostileCommand{
		{name: "config", formats: report.Lists.Formats(), line: func(h *hostile) hostileLine {
			return typedLine("version", "--config", h.file("config.yaml", "lang: "+h.line()+"\n"+h.text()+": 1\n"))
		}},
		{name: "environment", formats: report.Lists.Formats(), line: func(h *hostile) hostileLine {
			return hostileLine{args: []string{"version"}, env: map[string]string{"TODOKU_FAIL_ON": h.word(),
				"TODOKU_RESOLVER": h.word(), "LC_ALL": h.word()}}
		}},
		{name: "complete", tabs: true, line: func(h *hostile) hostileLine {
			return hostileLine{args: []string{"__complete", "history", "show", ""}, env: map[string]string{"TODOKU_HISTORY": h.history}}
		}},
		{name: "man", tabs: true, line: func(*hostile) hostileLine { return typedLine("man") }},
	}
	for name, args := range map[string][]string{
		"command": {"\x00"}, "check": {"check", "\x00"}, "flag": {"check", "domain", "--\x00"}, "value": {"--lang", "\x00",
			"version"}, "format": {"--format", "\x00", "version"},
		"file": {"check", "domain", "@\x00"}, "zone": {"check", "domain", "a.test", "--zone", "\x00"},
		"output": {"version", "-o", "/nowhere/\x00"}, "config file": {"version", "--config", "\x00"},
		"help": {"help", "\x00"}, "history": {"history", "list", "--history", "\x00", "--since", "\x00"},
		"id": {"history", "show", "\x00"}, "letter": {"letter", "\x00"}, "extra": {"version", "\x00"},
		"explain": {"explain", "\x00"}, "rules": {"explain", "550", "--rules", "\x00"}, "guide": {"guide", "\x00"},
		"resolver": {"check", "domain", "a.test", "--resolver", "\x00"},
		"send":     {"send", "--to", "\x00@b.test", "--from", "\x00"}, "header": {"send", "--to", "a@b.test", "--from",
			"a@b.test", "--header", "X: \x00"}, "only": {"check", "domain", "a.test", "--only", "\x00"},
		"password": {"send", "--to", "a@b.test", "--from", "a@b.test", "--via", "smtp://x.test", "--user", "\x00", "--password-file", "\x00"},
	} {
		list = append(list, hostileCommand{name: "wrong " + name, line: func(h *hostile) hostileLine {
			line := hostileLine{env: map[string]string{"HOME": h.dir, "TODOKU_LANG": []string{"en", "ja"}[h.r.IntN(2)]}}
			for _, a := range args {
				if strings.Contains(a, "\x00") {
					a = strings.ReplaceAll(a, "\x00", h.word())
				}
				line.args = append(line.args, a)
			}
			return line
		}})
	}
	return list
}

// TestAWriteErrorIsToldByEveryCommand prints to a disk without room.
func TestAWriteErrorIsToldByEveryCommand(t *testing.T) {
	t.Parallel()
	h := newHostile(t, rand.New(rand.NewPCG(1, 2)))
	h.renew()
	for _, line := range []string{"--help", "help check", "check domain --help", "--version", "version",
		"version --format json", "completion bash", "completion zsh", "completion fish", "completion powershell", "man",
		"lab list", "lab list --format ndjson", "explain --list", "explain --list codes --format json", "explain 42553",
		"explain 42553 --format markdown", "explain todoku/report/1", "guide --pattern A", "guide --pattern A --format json",
		"history list", "history list --invalid --format json", "history show --last", "history export",
		"history export --format json", "letter --last", "letter --last --format eml",
		"check domain a.test --offline", "diagnose 42553 --offline", "diagnose 42553 --offline --format markdown"} {
		for _, lang := range []string{"en", "ja"} {
			var errs bytes.Buffer
			args := append(strings.Fields(line), "--lang", lang)
			env := map[string]string{"TODOKU_HISTORY": h.history, "TODOKU_ZONE": h.zone()}
			status := play(t.Context(), args, strings.NewReader(""), full{}, &errs, writtenFor(env))
			if status != app.ExitUnknown || !strings.Contains(errs.String(), "no space left") || strings.Count(errs.String(), "no space left") > 1 {
				t.Errorf("%s (%s): exit %d, %q", line, lang, status, errs.String())
			}
		}
	}
}

func TestAFileThatCannotBeWrittenIsToldOnce(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip(err)
	}
	for lang, says := range map[string]string{"en": "/dev/full: cannot be written: no space",
		"ja": "/dev/full: 書き込めません: ディスクの空き容量"} {
		for _, line := range []string{"version", "explain 42553 --format markdown", "lab list --format json", "man"} {
			status, out, errs := typed(t, nil, line, "--lang", lang, "-o", "/dev/full")
			if status != app.ExitUnknown || out != "" || strings.Count(errs, "/dev/full") != 1 || !strings.Contains(errs, says) {
				t.Errorf("%s: exit %d, %q, %q", line, status, out, errs)
			}
		}
	}
}

// hostile makes values that mean harm, and the files and servers that hold them.
type hostile struct {
	t       *testing.T
	r       *rand.Rand
	dir     string
	server  string // takes mail and answers with hostile words
	history string // a file
	kept    string // a value of its newest row
	given   int    // values so far
	files   int
}

// pieces are what hostile values are made of.
var pieces = []string{"\x1b[35m", "\x1b]8;;http://evil.test\x07", "\x1b[2J", "\x9b2J", "\u009b2J", "\x07", "\x08",
	"\x7f", "\x00", "\t", "\u202e", "\u2066", "\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad",
	"\u2028", "\u2029", "\u061c", "\U000e0041", "\ufe0f\ufe0f", "\xff\xfe", "\xe3\x81", "`", "``", "|",
	"<img src=x onerror=x>", "](http://evil.test)", "'", "\"", "\\", "$(x)", "=1+1", "%s%n", "{x}", "日本語", "ａ", "word",
	"user@evil.test", "192.0.2.1", "v=spf1", ": ", "-", "--x", "#"}

// text is a hostile value that may have several lines.
func (h *hostile) text() string {
	h.given++
	var b strings.Builder
	for range 1 + h.r.IntN(6) {
		b.WriteString(pieces[h.r.IntN(len(pieces))])
		if h.r.IntN(6) == 0 {
			b.WriteString([]string{"\n", "\r", "\r\n"}[h.r.IntN(3)])
		}
	}
	return b.String()
}

// line is one on one line.
func (h *hostile) line() string { return "x" + oneLine.Replace(h.text()) + "y" }

// word is one without blanks.
func (h *hostile) word() string { return "w" + strings.ReplaceAll(h.line(), " ", "") }

var oneLine = strings.NewReplacer("\n", "", "\r", "")

func (h *hostile) file(name, content string) string {
	h.files++
	path := filepath.Join(h.dir, strconv.Itoa(h.files%40)+name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		h.t.Fatal(err)
	}
	return path
}
