package serve_test

import (
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"todoku/cmd"
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
	b.shows("1 domain: 1 with problems", "spf-none", "todoku.parquet", `href="/watch?view=changes"`)
	for address, words := range map[string]string{"/watch?status=fail": "no-spf.test",
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
