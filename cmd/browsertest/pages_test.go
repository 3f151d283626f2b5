package browsertest_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"todoku/cmd"
	"todoku/cmd/app"
	"todoku/cmd/browsertest"
)

// update takes the pictures of the documents anew.
var update = flag.Bool("update", false, "write docs/report.*.png anew")

// hostile is a reply that would do something if it were markup.
const hostile = `550 5.7.1 <script>document.title="taken"</script><img src=x onerror='document.title="taken"'> <svg onload=x>`

// commands are lines that write a page, one or more for each document.
func commands(history, log string) map[string][]string {
	eml := filepath.Join("testdata", "delayed.eml")
	zone := []string{"--offline", "--zone", filepath.Join("..", "..", "examples", "kaisha.zone")}
	return map[string][]string{
		"domain":    {"--lab", "check", "domain", "spf-limit.test", "--ip", "192.0.2.7"},
		"recipient": {"--lab", "check", "recipient", "user@healthy.test", "--rcpt"},
		"message": slices.Concat(zone, []string{"check", "message", eml, "--ip", "198.51.100.9", "--mail-from", "bounce@kaisha.test",
			"--helo", "mx.relay.example"}),
		"dmarc": {"--lab", "check", "dmarc", "healthy.test", "--from", "a@healthy.test", "--spf", "pass:bounce.healthy.test",
			"--dkim", "pass:esp.test", "--dkim", "fail:healthy.test"},
		"campaign":    {"--lab", "check", "campaign", "lab:no-spf"},
		"diagnosis":   {"--lab", "diagnose", "550 5.1.1 no such user", "--from", "news@healthy.test", "--to", "nobody@user-unknown.test"},
		"diagnoses":   slices.Concat(zone, []string{"diagnose", log}),
		"hostile":     {"explain", hostile},
		"explanation": {"explain", "42553"},
		"guide":       {"guide", "--pattern", "A"},
		"letter":      {"letter", "--from", "news@a.test", "--to", "user@b.test", "--time", "2026-06-03 09:00"},
		"fix":         {"--lab", "fix", "no-spf.test"},
		"sending": {"--lab", "send", "--history", history, "--to", "nobody@user-unknown.test", "--from", "news@healthy.test",
			"--subject", "hello", "--body", "hello"},
		"history": {"history", "list", "--history", history},
		"show":    {"history", "show", "--last", "--history", history},
		"triage":  {"triage", "--no-diagnose", log},
		"list":    {"lab", "list"},
	}
}

// logOfADay is a log of a mail server in which three things go wrong, one of them in the middle of the day.
func logOfADay(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for minute := range 480 {
		for kind, said := range []string{"550 5.1.1 user unknown", "452 4.2.2 mailbox full", "554 5.7.1 blocked using zen.spamhaus.org"} {
			if kind == 2 && (minute < 200 || minute > 280) || kind < 2 && minute%(11+7*kind) > 0 {
				continue
			}
			status := map[bool]string{true: "deferred", false: "bounced"}[said[0] == '4']
			fmt.Fprintf(&b, "Jun  3 %02d:%02d:%02d out postfix/smtp[1]: %04X%d: to=<u%d@mx%d.test>, relay=mx%d.test[192.0.2.9]:25, delay=1, "+
				"delays=0/0/0/1, dsn=%s, status=%s (host mx%d.test[192.0.2.9] said: %s)\n",
				9+minute/60, minute%60, kind, minute, kind, minute, kind, kind, said[4:9], status, kind, said)
		}
	}
	path := filepath.Join(t.TempDir(), "mail.log")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// write runs a command and returns the file of its page.
func write(t *testing.T, dir, name, lang string, args []string) string {
	t.Helper()
	var out, errs strings.Builder
	path := filepath.Join(dir, name+"."+lang+".html")
	status := cmd.Execute(context.Background(), app.New(strings.NewReader(""), &out, &errs, func(string) string { return "" }),
		append([]string{"--lang", lang, "-o", path}, args...))
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("%q ends with %d and no page: %s", args, status, errs.String())
	}
	return path
}

// TestPages opens the page of every document as people do: on a phone, a tablet and a screen, light and dark, in both
// languages, with and without scripts. Nothing stands on the console, nothing is wider than the window, and axe finds
// nothing serious. This only where TODOKU_AXE names its axe.min.js; without it, pages in English alone are left out.
// TODOKU_PAGES names a directory in which the pages stay.
func TestPages(t *testing.T) {
	b := browsertest.Start(t)
	axe := browsertest.Axe(t)
	dir := os.Getenv("TODOKU_PAGES")
	if dir == "" {
		dir = t.TempDir()
	}
	tab := b.Open(t, browsertest.View{})
	list := commands(filepath.Join(t.TempDir(), "history.db"), logOfADay(t))
	write(t, t.TempDir(), "first", "en", list["sending"]) // the history has one
	for name, args := range list {
		for _, lang := range []string{"en", "ja", "both"} {
			if lang == "both" && name != "domain" || lang == "en" && axe == "" {
				continue
			}
			t.Run(name+"/"+lang, func(t *testing.T) {
				looksGood(t, tab, write(t, dir, name, lang, args), axe)
			})
		}
	}
}

// looksGood opens a page in every view.
func looksGood(t *testing.T, tab *browsertest.Tab, path, axe string) {
	t.Helper()
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	tab = tab.In(t)
	tab.Show(browsertest.View{NoScripts: true})
	tab.Go("file://" + filepath.ToSlash(path))
	const content = `[...document.querySelectorAll("h1, h2, p, pre, svg, td, dd")].filter(e => e.checkVisibility()).length`
	plain := browsertest.Ask[int](tab, content)
	title := browsertest.Ask[string](tab, "document.title")
	tab.Show(browsertest.View{})
	tab.Go("file://" + filepath.ToSlash(path))
	if with := browsertest.Ask[int](tab, content); with != plain || plain == 0 {
		t.Errorf("%d things to read without scripts, %d with them", plain, with)
	}
	if title == "taken" || browsertest.Ask[string](tab, "document.title") == "taken" {
		t.Error("what a server said was run")
	}
	tab.Show(browsertest.View{Width: 768, Printed: true})
	const hidden = `[...document.querySelectorAll("details > :not(summary)")]
		.filter(e => e.parentElement.checkVisibility() && !e.checkVisibility()).length`
	if n := browsertest.Ask[int](tab, hidden); n > 0 {
		t.Errorf("%d folded parts are not printed", n)
	}
	tab.LooksGood(axe)
}

// TestPicturesOfTheDocuments takes the pictures that stand in docs: they are small files, and there is one in each language.
func TestPicturesOfTheDocuments(t *testing.T) {
	docs := filepath.Join("..", "..", "docs")
	if *update {
		tab := browsertest.Start(t).Open(t, browsertest.View{Width: 768})
		for _, lang := range []string{"en", "ja"} {
			page := write(t, t.TempDir(), "report", lang, append(commands("", "")["domain"], "--only", "spf"))
			tab.Go("file://" + filepath.ToSlash(page))
			tab.Picture(filepath.Join(docs, "report."+lang+".png"))
		}
	}
	for _, lang := range []string{"en", "ja"} {
		browsertest.SmallPicture(t, filepath.Join(docs, "report."+lang+".png"))
	}
}
