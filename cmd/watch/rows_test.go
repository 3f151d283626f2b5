package watch_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"todoku/cmd"
	"todoku/cmd/app"
)

// imported is what `watch import` of a CSV file says, and the domains that are watched then.
func imported(t *testing.T, data string) (status app.ExitStatus, said, watched string) {
	t.Helper()
	dir := t.TempDir()
	file, kept := filepath.Join(dir, "customers.csv"), filepath.Join(dir, "watch.db")
	if err := os.WriteFile(file, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, complaints bytes.Buffer
	run := func(args ...string) app.ExitStatus {
		a := app.New(strings.NewReader(""), &out, &complaints, func(name string) string { return map[string]string{"HOME": dir}[name] })
		return cmd.Execute(t.Context(), a, append(args, "--store", kept))
	}
	status = run("watch", "import", file)
	said = complaints.String()
	out.Reset()
	if s := run("watch", "list"); s != app.ExitOK {
		t.Fatalf("list: %d, %s", s, complaints.String())
	}
	watched = strings.Join(regexp.MustCompile(`[a-z0-9-]+\.example\b`).FindAllString(out.String(), -1), " ")
	return status, said, watched
}

// TestAQuotationMarkThatIsNeverClosedIsTold: it takes in all rows after it, which nobody would watch, and nobody would know.
func TestAQuotationMarkThatIsNeverClosedIsTold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ data, told, watched string }{
		"healthy":            {"name,domain\n\"a \"\"b\"\"\nc\",a.example\nd,b.example\n", "", "a.example b.example"},
		"before the domain":  {"name,domain\na,a.example\n\"b,b.example\nc,c.example\n", "customers.csv:3: ", "a.example"},
		"after the domain":   {"domain,name\na.example,a\nb.example,\"b\nc.example,c\n", "customers.csv:3: ", "a.example b.example"},
		"within a field":     {"name,domain\n5\" disk,a.example\nb,b.example\n", "customers.csv:2: ", "b.example"},
		"in the first field": {"name,domain\n5\" disk\nb,b.example\n", "customers.csv:2: ", "b.example"},
		"a huge rest": {"name,domain\na,a.example\n\"b,b.example\n" + strings.Repeat("c,c.example\n", 100_000),
			"a row is longer than", "a.example"},
	} {
		status, said, watched := imported(t, c.data)
		if watched != c.watched || (status == app.ExitOK) != (c.told == "") || !strings.Contains(said, c.told) {
			t.Errorf("%s: watched %q, status %d, said:\n%s", name, watched, status, said)
		}
	}
}
