package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
)

// TestEveryDocumentHasItsFormats prints every document in every format that the table gives it, of one thing and of
// several, and refuses the others.
func TestEveryDocumentHasItsFormats(t *testing.T) {
	t.Parallel()
	h := newHostile(t, rand.New(rand.NewPCG(3, 4)))
	h.renew()
	dir, _ := place(t, map[string]string{"zone": "a.test. TXT \"v=spf1 -all\"\n", "report.xml": oneReport})
	where := []string{"--offline", "--zone", filepath.Join(dir, "zone")}
	mail := []string{"send", "--dry-run", "--no-history", "--via", "smtp://" + h.server, "--from", "news@a.test", "--yes", "--to", "a@b.test"}
	fleet := watchedStore(t, dir)
	commands := map[string]struct{ one, many []string }{
		report.Reports.Name:       {append(where, "check", "domain", "a.test"), append(where, "check", "domain", "a.test", "b.test")},
		report.Campaigns.Name:     {one: []string{"--lab", "check", "campaign", "lab:no-spf"}},
		report.Diagnoses.Name:     {append(where, "diagnose", "550 5.7.1 no"), append(where, "diagnose", h.folder())},
		report.Explanations.Name:  {one: []string{"explain", "42553"}},
		report.Guides.Name:        {one: []string{"guide", "--pattern", "A"}},
		report.Letters.Name:       {one: []string{"letter", "--from", "news@a.test", "--to", "user@b.test", "--time", "2026-11-23 09:00"}},
		report.Fixes.Name:         {one: append(where, "fix", "a.test")},
		report.Sendings.Name:      {mail, append(mail, "--to", "c@b.test")},
		report.History.Name:       {many: []string{"history", "list", "--history", h.history}},
		report.OneSending.Name:    {one: []string{"history", "show", "--last", "--history", h.history}},
		report.Invalid.Name:       {many: []string{"history", "list", "--invalid", "--history", h.history}},
		report.Revalidations.Name: {one: []string{"history", "revalidate", "user@b.test", "--history", h.history}},
		report.Export.Name:        {many: []string{"history", "export", "--history", h.history}},
		report.InvalidExport.Name: {many: []string{"history", "export", "--invalid", "--history", h.history}},
		report.Triages.Name:       {one: []string{"triage", "--no-diagnose", morning(t)}},
		report.Events.Name:        {many: []string{"triage", "--events", morning(t)}},
		report.Received.Name:      {one: append(where, "reports", filepath.Join(dir, "report.xml"))},
		report.Collections.Name:   {}, // a second look finds nothing new
		report.Unmatched.Name:     {},
		report.WatchRounds.Name:   {}, // a second look tells nothing again
		report.Fleets.Name:        {one: []string{"watch", "report", "--store", fleet}},
		report.Watched.Name:       {many: []string{"watch", "list", "--store", fleet}},
		report.Timelines.Name:     {one: []string{"watch", "show", "a.test", "--store", fleet}},
		report.Changes.Name:       {many: []string{"watch", "report", "--changes", "--store", fleet}},
		report.AllSettings.Name:   {one: []string{"config", "show"}},
		report.Lists.Name:         {[]string{"version"}, []string{"lab", "list"}},
	}
	byFlag := []string{report.Events.Name, report.Changes.Name} // of a command with another document
	for _, doc := range report.Table() {
		lines, known := commands[doc.Document]
		if !known {
			t.Errorf("%s is not looked at", doc.Document)
		}
		for many, args := range map[bool][]string{false: lines.one, true: lines.many} {
			if args == nil {
				continue
			}
			printed := map[page.Format]string{}
			if why := unnamed(t, args, doc); why != "" && !slices.Contains(byFlag, doc.Document) {
				t.Errorf("%s, many %t: %s", doc.Document, many, why)
			}
			for _, f := range everyFormat() {
				var out, errs bytes.Buffer
				status := play(t.Context(), slices.Concat(args, []string{"--format", string(f)}), strings.NewReader(""), &out, &errs, noEnv)
				if !slices.Contains(doc.Formats, f) {
					if status != app.ExitUsage || out.Len() > 0 || !strings.Contains(errs.String(), string(doc.Formats[0])) {
						t.Errorf("%s has no %s: exit %d, %q, %q", doc.Document, f, status, out.String(), errs.String())
					}
					continue
				}
				printed[f] = out.String()
				if why := malformed(f, many, out.String()); status == app.ExitUsage || why != "" {
					t.Errorf("%s, many %t, %s: exit %d, %s:\n%s%s", doc.Document, many, f, status, why, out.String(), errs.String())
				}
			}
			if text := printed[page.TextFormat]; text != "" && text == printed[page.Markup] {
				t.Errorf("%s, many %t: Markdown is the text page", doc.Document, many)
			}
		}
	}
}

// watchedStore is a store with a domain that has changed.
func watchedStore(t *testing.T, dir string) string {
	t.Helper()
	store, empty := filepath.Join(dir, "watch.db"), filepath.Join(dir, "empty")
	if err := os.WriteFile(empty, []byte("a.test. MX 10 mx.a.test.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, line := range [][]string{{"add", "a.test"}, {"once", "--offline", "--zone", filepath.Join(dir, "zone")},
		{"once", "--offline", "--zone", empty}} {
		var out, errs bytes.Buffer
		args := slices.Concat([]string{"watch"}, line, []string{"--store", store})
		if status := play(t.Context(), args, strings.NewReader(""), &out, &errs, noEnv); status > app.ExitWrong {
			t.Fatalf("%v: exit %d, %s", args, status, errs.String())
		}
	}
	return store
}

// everyFormat is every format that some document has.
func everyFormat() []page.Format {
	var out []page.Format
	for _, doc := range report.Table() {
		for _, f := range doc.Formats {
			if !slices.Contains(out, f) {
				out = append(out, f)
			}
		}
	}
	return out
}

// unnamed says where the command that prints a document does not offer just the formats of the document: in its help or
// in the completion of --format; "" where both do.
func unnamed(t *testing.T, args []string, doc report.Entry) string {
	t.Helper()
	names := strings.Join(app.FormatNames(doc.Formats), ", ")
	var help, words, errs bytes.Buffer
	play(t.Context(), slices.Concat(args, []string{"--help", "--lang", "en"}), strings.NewReader(""), &help, &errs, noEnv)
	told := strings.Join(strings.Fields(help.String()), " ")
	if !strings.Contains(told, "form of the output: "+strings.Replace(names+" -", string(doc.Formats[0]),
		string(doc.Formats[0])+" (default)", 1)) {
		return "its help does not name " + names + ": set Formats in the About of its command"
	}
	play(t.Context(), slices.Concat([]string{"__completeNoDesc"}, args, []string{"--format", ""}), strings.NewReader(""), &words, &errs, noEnv)
	if got := strings.Split(words.String(), "\n:")[0]; got != strings.Join(app.FormatNames(doc.Formats), "\n") {
		return "--format completes to " + got
	}
	return ""
}

// malformed says why an output is not what its format promises; "" where it is.
func malformed(f page.Format, many bool, s string) string {
	switch {
	case s == "":
		return "nothing is printed"
	case f == page.JSON && !json.Valid([]byte(s)):
		return "no JSON"
	case f == page.JSON && many != strings.HasPrefix(s, "["):
		return "an array or not"
	case f == page.Markup && !strings.HasPrefix(s, "**") && !strings.HasPrefix(s, "#"):
		return "no heading"
	case f == page.Mail && !strings.Contains(s, "X-Unsent: 1\r\n"):
		return "no draft"
	case f == page.CSV:
		if rows, err := csv.NewReader(strings.NewReader(s)).ReadAll(); err != nil || len(rows) < 2 {
			return "no rows"
		}
	case f == page.NDJSON:
		for line := range strings.Lines(s) {
			if !json.Valid([]byte(line)) {
				return "a line is no JSON"
			}
		}
	}
	return ""
}
