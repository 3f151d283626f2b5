package watch_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/japanese"

	"todoku/cmd"
	"todoku/cmd/app"
)

// TestImportReadsWhatExcelWrites: on a Japanese system its CSV files are in code page 932, or in UTF-8 with a byte order mark. What
// is neither has no such column.
func TestImportReadsWhatExcelWrites(t *testing.T) {
	t.Parallel()
	const rows = "会社,ドメイン\r\n表計算,表.test\r\n例,b.test\r\n"
	sjis, err := japanese.ShiftJIS.NewEncoder().String(rows)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		text   string
		status app.ExitStatus
	}{"code page 932": {sjis, app.ExitOK}, "UTF-8": {"\ufeff" + rows, app.ExitOK}, "neither": {"a,\xff\x80\r\nb,b.test\r\n", app.ExitUsage}} {
		for _, column := range []string{"", "--column=ドメイン"} {
			if name == "neither" && column == "" {
				continue
			}
			dir := t.TempDir()
			file, store := filepath.Join(dir, "customers.csv"), filepath.Join(dir, "watch.db")
			if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			run := func(args ...string) (app.ExitStatus, string) {
				var out strings.Builder
				status := cmd.Execute(t.Context(), app.New(strings.NewReader(""), &out, &out, func(string) string { return "" }),
					append(append([]string{"watch"}, args...), "--store", store))
				return status, out.String()
			}
			args := []string{"import", file}
			if column != "" {
				args = append(args, column)
			}
			status, out := run(args...)
			if status != c.status {
				t.Errorf("%s %s: %d %s", name, column, status, out)
			}
			if _, out = run("list"); c.status == app.ExitOK && (!strings.Contains(out, "表.test (xn--") || !strings.Contains(out, "b.test")) {
				t.Errorf("%s %s: %s", name, column, out)
			}
		}
	}
}
