package report

import (
	"bytes"
	"errors"
	"regexp"
	"strings"
	"testing"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/guide/explain"
	"todoku/sender/history"
)

func TestCommandNamesItsWorld(t *testing.T) {
	t.Parallel()
	o := Options{World: []codes.Arg{{Flag: "--lab"}, codes.Arg{Flag: "--zone", Place: codes.PlaceFile}.With("my zone")}}
	for _, c := range []struct {
		command codes.Command
		want    string
	}{
		{codes.Todoku("check", "recipient", "a@takes.test"), "todoku --lab --zone 'my zone' check recipient a@takes.test"},
		{codes.Todoku("diagnose", "--last"), "todoku --lab --zone 'my zone' diagnose --last"},
		{codes.Todoku("explain", "42550"), "todoku explain 42550"},
		{codes.Todoku("letter", "ID"), ""}, // the lab keeps no history
		{codes.Todoku("history", "list"), ""},
		{codes.Todoku("letter", "--from", "SENDER"), "todoku letter --from SENDER"},
		{codes.Command{}, ""},
	} {
		if got := page.Command(o.SameWorld(c.command)); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
		if got, want := page.Command((Options{}).SameWorld(c.command)), page.Command(c.command); got != want {
			t.Errorf("%q without flags: %q", want, got)
		}
		kept := Options{World: o.World, History: []codes.Arg{codes.Arg{Flag: "--history", Place: codes.PlaceFile}.With("h.db")}}
		if !c.command.IsZero() && kept.SameWorld(c.command).IsZero() {
			t.Errorf("%q with --history is left out", page.Command(c.command))
		}
	}
}

// TestCommandsAreNotWrapped prints what ends in a command, with a path that has blanks and is wider than the page: a
// command that is broken over lines without the shell's mark for that cannot be pasted.
func TestCommandsAreNotWrapped(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	kept := keptSending(t, refusedSending(t, c, greylisted()))
	queued := kept
	queued.Result, queued.Phase = history.Preparing, history.Queued
	broken := look(t, zone(t), "kaisha.test")
	where := codes.Arg{Flag: "--history",
		Place: codes.PlaceFile}.With("/srv/a directory with blanks/and a rather long name/my own history file.db")
	const show, resend = "todoku history show 06h2k4t9v3m1qa", "todoku send --resend 06h2k4t9v3m1qa"
	for name, test := range map[string]struct {
		print func(w *page.Out, o Options) error
		want  []string
	}{
		"result": {func(w *page.Out, o Options) error {
			o.Catalogue = c
			p, err := Sendings.Open("text", w, o)
			return errors.Join(err, p.Put(refusedSending(t, c, greylisted())))
		}, []string{show}},
		"broken": {func(w *page.Out, o Options) error {
			o.Catalogue = c
			OpenSendings(Sendings.Forms[0], w, o).Broken(refusedSending(t, c, greylisted()))
			return nil
		}, []string{show}},
		"queued": {func(w *page.Out, o Options) error {
			o.Catalogue, o.Now = c, noon
			return keptText(w, o, queued)
		}, []string{resend}},
		"report": {func(w *page.Out, o Options) error {
			p, err := Reports.Open("text", w, o)
			return errors.Join(err, p.Put(broken))
		}, []string{"todoku explain spf-lookups"}},
		"term": {func(w *page.Out, o Options) error {
			return explainText(w, o, explain.Explanation{Readings: []explain.Reading{{Kind: explain.KindTerm, ID: "x",
				See: []string{"spf-include", "spf-lookup-limit"}, Try: []codes.Command{codes.Todoku("check", "recipient")}}}})
		}, []string{"todoku check recipient"}},
	} {
		for _, flags := range [][]codes.Arg{nil, {where}} {
			for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
				for _, width := range []int{20, 40, 50, 60, 80, 200} {
					var b bytes.Buffer
					o := Options{Lang: lang, Width: width, History: flags}
					if err := test.print(page.To(&b), o); err != nil {
						t.Fatal(err)
					}
					joined := regexp.MustCompile(` \\\n *`).ReplaceAllString(b.String(), " ")
					for _, line := range test.want {
						words := strings.Fields(line)[1:]
						if line := page.Command(o.SameWorld(codes.Todoku(words...))); !strings.Contains(joined, line) {
							t.Errorf("%s, %s, %d columns: no %s in\n%s", name, lang, width, line, &b)
						}
					}
				}
			}
		}
	}
}

// TestBrokenShowsNothingThatIsNotKept: of a mail that the history does not keep, no command is printed to show it.
func TestBrokenShowsNothingThatIsNotKept(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Sending){
		"no history":   func(s *Sending) { s.Kept = false },
		"--quit-after": func(s *Sending) { s.Quit = codes.StageRcpt },
	} {
		s := refusedSending(t, catalogue(t), greylisted())
		change(&s)
		var b bytes.Buffer
		OpenSendings(Sendings.Forms[0], page.To(&b), Options{Lang: codes.English}).Broken(s)
		if !strings.Contains(b.String(), "given up") || strings.Contains(b.String(), "todoku") {
			t.Errorf("%s: %s", name, &b)
		}
	}
}
