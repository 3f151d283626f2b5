package serve_test

import (
	"context"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"todoku/cmd"
	"todoku/codes"
	"todoku/diag/baseline"
	"todoku/diag/watch"
	"todoku/diag/watch/store"
)

// TestVisitorsSeeTheWatchedDomains that the server shares: all of them, those with problems, one of them, and what changed.
func TestVisitorsSeeTheWatchedDomains(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "watch.db")
	for _, line := range []string{"add no-spf.test", "once --only spf", "once --only spf"} {
		args := append([]string{"--lab", "watch"}, strings.Fields(line)...)
		cmd.Run(context.Background(), append(args, "--store", file), strings.NewReader(""), io.Discard, io.Discard,
			func(string) string { return "" })
	}
	base, _ := start(t, "--lab", "--store", file)
	b := open(t, base, "/watch")
	b.shows("1 domain: 1 with problems", "spf-none", "todoku.parquet", `href="/watch?view=changes"`, `href="/watch?domain=no-spf.test"`)
	for address, words := range map[string]string{"/watch?status=fail": `href="/watch?domain=no-spf.test"`,
		"/watch?domain=no-spf.test": "no-spf.test has no SPF record",
		"/watch?domain=other.test":  "not watched", "/watch?view=changes": "Changes", "/watch?domain=a%00b": "not a domain name"} {
		b.get(address)
		b.shows(words)
		if n := strings.Count(mainOf(b.page), "<h1"); n != 1 {
			t.Errorf("%s: %d titles", address, n)
		}
	}
}

// TestNobodySeesAStoreThatIsNotShared: the pages are not there, and a command line does not reach it.
func TestNobodySeesAStoreThatIsNotShared(t *testing.T) {
	t.Parallel()
	base, _ := start(t, "--lab")
	if b := open(t, base, "/watch"); b.code != 404 {
		t.Errorf("status %d", b.code)
	}
}

// TestAFleetWhoseTablesAreTooLargeIsShown: what a server keeps has a bound; beyond it no half of a table is offered as a whole.
func TestAFleetWhoseTablesAreTooLargeIsShown(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "watch.db")
	manyFindings(t, file, 600)
	base, _ := start(t, "--lab", "--store", file)
	b := open(t, base, "/watch")
	b.shows("600 domains: 600 with problems", "<svg", "todoku.txt", "Too large for a download", "json", "csv", "todoku watch report")
	for _, name := range []string{"todoku.json", "todoku.csv", "todoku.parquet"} {
		if strings.Contains(b.page, name) {
			t.Errorf("%s is offered", name)
		}
	}
	b.get("/watch?domain=d7.test")
	b.shows("todoku.json")
	if strings.Contains(b.page, "Too large") {
		t.Error("what is small is too large")
	}
}

// manyFindings makes a store of domains with 100 findings each, which are 700 octets in a table.
func manyFindings(t *testing.T, file string, domains int) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx := t.Context()
	s, err := store.Open(ctx, file, store.Options{})
	must(err)
	defer s.Close()
	_, err = s.Add(ctx, func(yield func(string) bool) {
		for i := range domains {
			if !yield("d" + strconv.Itoa(i) + ".test") {
				return
			}
		}
	}, 24*time.Hour)
	must(err)
	long := strings.Repeat("x", 500)
	var state watch.State
	for i := range 100 {
		state.Findings = append(state.Findings, watch.Standing{Known: baseline.Known{Check: "spf", Rule: "spf-none", Subject: strconv.Itoa(i),
			Data: strconv.Itoa(i)}, Severity: "fail", First: time.Now(), Message: codes.Text{EN: long, JA: long}})
	}
	jobs, _, err := s.All(ctx)
	must(err)
	for _, j := range jobs {
		w, err := s.Load(ctx, j)
		must(err)
		d := watch.Done{Started: time.Now(), Summary: watch.NewSummary()}
		for range w.Domains {
			d.Summary.Status["fail"]++
			d.Outcomes = append(d.Outcomes, watch.Outcome{At: time.Now(), State: state, Changed: true})
		}
		tx, err := s.DB().BeginTx(ctx, nil)
		must(err)
		must(s.Save(ctx, tx, w, d))
		must(tx.Commit())
	}
}
