package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// TestPastedCommands types every command that todoku prints, for hostile values in everything that comes from outside,
// into a shell in which each command is a trap: nothing runs but todoku, no file appears, and todoku gets the words
// that argv says.
func TestPastedCommands(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/bin/sh"); err != nil {
		t.Skip("there is no sh")
	}
	rounds, want := 2, 80
	if os.Getenv("TODOKU_FULL") != "" {
		rounds, want = 40, 2000
	}
	var mu sync.Mutex
	var all []pasted
	var wg sync.WaitGroup
	for worker := range 2 {
		wg.Go(func() {
			for round := worker; round < rounds; round += 2 {
				h := hostility{t: t, Rand: rand.New(rand.NewPCG(1, uint64(round))), dir: t.TempDir()}
				h.everyCommand()
				mu.Lock()
				all = append(all, h.printed...)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	pasteInShell(t, all)
	if len(all) < want {
		t.Errorf("only %d commands were printed", len(all))
	}
	t.Logf("%d commands pasted", len(all))
}

// pasted is a printed command with the line of todoku that printed it.
type pasted struct {
	by, line string
	argv     []string // nil where nothing says them
	history  string   // the --history of by, which commands for the history have to repeat; "" where none need
}

// hostility makes values and runs commands with them.
type hostility struct {
	t *testing.T
	*rand.Rand
	dir     string
	printed []pasted
}

// fragments are what a shell may take for more than text. "trap" is a program in the shell's path.
var fragments = []string{"$(trap)", "`trap`", ";trap;", "|trap", "&trap&", "&&trap", "||trap", "\ntrap\n", "\r\ntrap",
	">made", ">>made", "<made", "<(trap)", "'", "\"", "';trap;'", "\";trap;\"",
	"'\\''", "\\", "\\'", "*", "?", "[a-z]", "~", "~root/", "!", "!!", "!trap", "-", "--", "--lab", "-o=made",
	"{trap,made}", "${IFS}", "$IFS", "$((1))", "$'\\ntrap'", "#", " # ", "%", "^", "=trap", "a=b", "(trap)",
	"{ trap; }", "\t", " ", "\x00", "\x1b]0;trap\x07", "\x7f", "\u0085trap", "\u2028trap", "\u202etrap", "\u200b",
	"\ufeff", "\xff\xfe", "＄(trap)", "；trap", "｜trap", "‘trap’", "\u00a0", "\u3000", "届く", "ｱ", "\u034f",
	"x\ufe0f", "@", "@made", "/", "../", "CODE", "IP", "ADDR", strings.Repeat("a", 300)}

// value is some of the fragments.
func (h *hostility) value() string {
	var b strings.Builder
	for range 1 + h.IntN(4) {
		if h.IntN(3) == 0 {
			b.WriteString([]string{"a", "user", "x1", "mail"}[h.IntN(4)])
		}
		b.WriteString(fragments[h.IntN(len(fragments))])
	}
	return b.String()
}

// argument is a value that a program may be given: without NUL.
func (h *hostility) argument() string { return strings.ReplaceAll(h.value(), "\x00", "") }

// local is a local part that mail knows: some of these characters are a shell's, too.
func (h *hostility) local() string {
	some := []string{"a", "b", "$", "`", "{trap,made}", "|", "&", "*", "?", "!", "~", "#", "'", "=", "%", "^", "-", "+",
		"/", "trap", "$IFS", "."}
	if h.IntN(4) == 0 {
		return `"$(trap) ;trap; >made \"' ` + some[h.IntN(len(some))] + `"`
	}
	var b strings.Builder
	for range 2 + h.IntN(5) {
		b.WriteString(some[h.IntN(len(some))])
	}
	return strings.Trim(b.String(), ".") + "x"
}

// address is hostile in one way or another.
func (h *hostility) address() string {
	switch h.IntN(3) {
	case 0:
		return h.value() + "@takes.test"
	case 1:
		return "user@" + h.value() + ".test"
	}
	return h.local() + "@takes.test"
}

// file writes a file with a hostile name.
func (h *hostility) file(text string) string {
	name := strings.NewReplacer("/", "", "\x00", "").Replace(h.value())
	name = filepath.Join(h.dir, strings.TrimSpace(name[:min(len(name), 120)])+".eml")
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		h.t.Error(err)
	}
	return name
}

// everyCommand runs each command that prints commands.
func (h *hostility) everyCommand() {
	zone := h.file("$ORIGIN x.test.\n@ 300 IN TXT \"v=spf1 +all\"\n@ 300 IN MX 10 mx.x.test.\nmx 300 IN A 192.0.2.1\n")
	quiet := []string{"--offline", "--zone", zone, "--history", filepath.Join(h.dir, "none.db")}
	offline := quiet[:3]
	format := func() []string { return []string{"--format", []string{"text", "json", "markdown"}[h.IntN(3)]} }
	reply := fmt.Sprintf("550 5.7.23 <%s>: SPF [%s.test] fail %s", h.address(), h.value(), h.value())
	codes := []string{"42550", "42553", "90000", "42450"}
	code := codes[h.IntN(len(codes))]
	mails := []string{"--from", h.local() + "@x.test", "--to", h.local() + "@x.test"}
	bounce := h.file(h.bounce())
	for _, args := range [][]string{
		{"diagnose", strings.ReplaceAll(reply, "\x00", ""), "--no-smtp"},
		append([]string{"diagnose", code, "--no-smtp", "--ip", "192.0.2.7"}, mails...),
		{"diagnose", code, "--from", strings.ReplaceAll(h.address(), "\x00", ""), "--to", strings.ReplaceAll(h.address(),
			"\x00", ""), "--no-smtp"},
		{"diagnose", bounce, "--no-smtp"},
		{"diagnose", "42550", "--message", bounce, "--no-smtp"},
		{"explain", strings.ReplaceAll(reply, "\x00", "")},
		{"explain", "mx postfix/smtp[12]: 4A: from=<" + h.local() + "@x.test>, to=<" + h.local() +
			"@takes.test>, relay=mx.test[192.0.2.25]:25, dsn=5.1.1, status=bounced (host mx.test said: 550 5.1.1 " +
			strings.ReplaceAll(h.value(), "\x00", "") + " User unknown)"},
		append([]string{"guide", []string{"A", "B", "C", "D", "E", "F", "G"}[h.IntN(7)], "--plain", "--file", bounce, "--via",
			"mail.x.test"}, mails...),
		{"guide", strings.ReplaceAll(reply, "\x00", "")},
		{"guide", "--reply", "550 5.1.1 " + h.argument(), "--via", h.argument()},
	} {
		h.run("", slices.Concat(args, offline, format())...)
	}
	for _, args := range [][]string{
		{"check", "domain", "x.test", "--ip", "192.0.2.9"},
		{"check", "spf", "x.test", "--mail-from", h.argument()},
		{"check", "recipient", h.argument()},
		{"check", "recipient", "x.test"},
		{"explain", bounce}, {"explain", h.argument()}, {"diagnose", h.argument()},
		{"history", "show", h.argument()}, {"letter", h.argument()}, {"guide", "A", "--cause", "9"},
		{"check", "domain", "x.test", "--resolver", h.argument()},
	} {
		h.run("", append(args, offline...)...)
	}
	h.run(h.bounce(), slices.Concat([]string{"diagnose", "-", "--no-smtp"}, offline, format())...)
	h.sendings()
}

// sendings sends to the lab and looks at the history.
func (h *hostility) sendings() {
	db := filepath.Join(h.dir, "a folder with blanks and "+[]string{"a rather long name",
		"it's a name that is long enough for two lines of a terminal", "; trap; $(trap)"}[h.IntN(3)], "my sent mails.db")
	if err := os.Mkdir(filepath.Dir(db), 0o777); err != nil {
		h.t.Error(err)
	}
	to := h.local() + []string{"@user-unknown.test", "@mailbox-full.test", "@r451.test"}[h.IntN(3)]
	for _, format := range []string{"text", "json"} {
		h.run("", "--lab", "send", "--to", to, "--from", h.local()+"@healthy.test", "--subject", h.argument(), "--body", "x",
			"--history", db, "--force", "--yes", "--retry-for", "0s", "--format", format)
		h.run("", "--lab", "send", "--to", to, "--from", "a@healthy.test", "--subject", "x", "--body", "x", "--history", db)
	}
	h.run("", "history", "show", "--last", "--history", db)
	h.run("", "history", "list", "--history", db)
	h.run("", "diagnose", "--result", "error", "--history-file", db, "--offline", "--no-smtp")
	h.run("", "letter", "--last", "--history", db)
}

// bounce is a notice whose every field is hostile.
func (h *hostility) bounce() string {
	return "From: MAILER-DAEMON@" + h.value() + "\nTo: <" + h.address() + ">\nSubject: " + h.value() + "\nMessage-ID: <" +
		h.value() + ">\nMIME-Version: 1.0\n" +
		"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\n550 5.1.1 <" + h.address() +
		">: user unknown " + h.value() + "\n\n" +
		"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; " + h.value() + "\n\nOriginal-Recipient: rfc822;" +
		h.address() + "\nFinal-Recipient: rfc822;" + h.address() +
		"\nAction: failed\nStatus: 5.1.1\nRemote-MTA: dns; " + h.value() + "\nDiagnostic-Code: smtp; 550 5.1.1 <" +
		h.address() + ">: " + h.value() + "\n\n" +
		"--b\nContent-Type: message/rfc822\n\nFrom: " + h.address() + "\nTo: " + h.address() + "\nSubject: x\nMessage-ID: <" +
		h.value() + ">\n\nhello\n--b--\n"
}

// run runs todoku and keeps the commands that it prints.
func (h *hostility) run(stdin string, args ...string) {
	var out, errs bytes.Buffer
	env := func(name string) string {
		return map[string]string{"XDG_STATE_HOME": h.dir, "HOME": h.dir, "LC_ALL": []string{"C", "ja_JP.UTF-8"}[h.IntN(2)]}[name]
	}
	play(context.Background(), args, strings.NewReader(stdin), &out, &errs, env)
	by := fmt.Sprintf("%q", args)
	if slices.Contains(args, "json") {
		var v any
		if json.Unmarshal(out.Bytes(), &v) == nil {
			h.inJSON(by, "", v)
		}
		out.Reset()
	}
	history := ""
	if i := slices.Index(args, "--history"); i >= 0 {
		history = args[i+1]
	}
	h.inText(by, history, slices.Contains(args, "markdown"), out.String())
	h.inText(by, "", false, errs.String()) // a sentence leaves out what needs quotes
}

// inText finds commands in lines.
func (h *hostility) inText(by, history string, markdown bool, text string) {
	text = regexp.MustCompile(` \\\n *`).ReplaceAllString(text, " ")
	for line := range strings.SplitSeq(text, "\n") {
		if code := regexp.MustCompile("(`+) ?(todoku .*)$").FindStringSubmatch(line); markdown && code != nil {
			span, _, closed := strings.Cut(code[2], code[1])
			if !closed {
				h.t.Errorf("%s: a code span does not end: %s", by, line)
			}
			h.printed = append(h.printed, pasted{by, span, nil, history})
		} else if at := regexp.MustCompile(`\btodoku --?[a-z]|\btodoku [a-z]{4}`).FindStringIndex(line); at != nil {
			h.printed = append(h.printed, pasted{by, line[at[0]:], nil, history})
		}
	}
}

// inJSON finds commands in a document. Each has its words beside it.
func (h *hostility) inJSON(by, key string, v any) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			h.inJSON(by, key, e)
		}
	case map[string]any:
		words := func(v any) []string {
			out := []string{}
			for _, w := range v.([]any) {
				out = append(out, w.(string))
			}
			return out
		}
		for _, pair := range [][2]string{{"check", "argv"}, {"command", "argv"}, {"letter", "letter_argv"}} {
			line, ok := v[pair[0]].(string)
			if argv, told := v[pair[1]].([]any); ok && told && len(argv) > 0 {
				h.printed = append(h.printed, pasted{by, line, words(argv), ""})
				delete(v, pair[0])
				delete(v, pair[1])
			}
		}
		for _, name := range []string{"checks", "see"} {
			lines, _ := v[name].([]any)
			argv, _ := v[name+"_argv"].([]any)
			for i := range min(len(lines), len(argv)) {
				if w := words(argv[i]); len(w) > 0 {
					h.printed = append(h.printed, pasted{by, lines[i].(string), w, ""})
				}
			}
			delete(v, name)
			delete(v, name+"_argv")
		}
		for k, e := range v {
			h.inJSON(by, k, e)
		}
	case string:
		if strings.HasPrefix(v, "todoku ") {
			h.t.Errorf("%s: %s has a command without its words: %s", by, key, v)
		}
	}
}

// paste types the lines into a shell. The only programs there are todoku, which notes its words, and traps.
func pasteInShell(t *testing.T, all []pasted) {
	t.Helper()
	bin, lines, notes, empty := t.TempDir(), t.TempDir(), t.TempDir(), t.TempDir()
	program := func(name, text string) {
		if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+text), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	program("todoku", `printf '%s\0' "$@" >>"$NOTES/$LINE"`)
	for _, name := range []string{"trap", "made", "touch", "a", "b", "user", "x1", "mail", "x"} {
		program(name, `echo "$0" >>"$NOTES/trapped.$LINE"`)
	}
	var script strings.Builder
	for i, p := range all {
		name := fmt.Sprintf("%s/%d", lines, i)
		if err := os.WriteFile(name, []byte(p.line+"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&script, "LINE=%d; export LINE; ( . %s )\n", i, name)
	}
	shell := exec.CommandContext(t.Context(), "/bin/sh")
	shell.Dir, shell.Stdin, shell.Env = empty, strings.NewReader(script.String()), []string{"PATH=" + bin, "NOTES=" + notes, "HOME=" + empty}
	_ = shell.Run() // sentences around a command are no commands
	if made, err := os.ReadDir(empty); err != nil || len(made) > 0 {
		t.Errorf("files appear: %v %v", made, err)
	}
	for i, p := range all {
		if names, err := os.ReadFile(fmt.Sprintf("%s/trapped.%d", notes, i)); err == nil {
			t.Errorf("%s\nprints %s\nwhich runs %s", p.by, p.line, names)
		}
		noted, err := os.ReadFile(fmt.Sprintf("%s/%d", notes, i))
		if err != nil {
			t.Errorf("%s\nprints %s\nwhich does not run todoku", p.by, p.line)
			continue
		}
		got := strings.Split(strings.TrimSuffix(string(noted), "\x00"), "\x00")
		if p.argv != nil && !slices.Equal(got, p.argv[1:]) {
			t.Errorf("%s\nprints %s\nwhich is read as %q, argv %q", p.by, p.line, got, p.argv)
		}
		if p.history != "" && slices.Contains([]string{"history", "letter", "send"}, got[0]) && !slices.Contains(got, p.history) {
			t.Errorf("%s\nprints %s\nwhich is read as %q: another history", p.by, p.line, got)
		}
	}
}
