package store_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"todoku/diag/watch"
	"todoku/diag/watch/store"
)

// columns are the columns of the tables, as "table.column".
func columns(t *testing.T, s *store.Store) (out []string) {
	t.Helper()
	query := `SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name LIKE 'watch%'`
	if s.Dialect() == store.PostgreSQL {
		query = `SELECT table_name, column_name FROM information_schema.columns 
  WHERE table_name LIKE 'watch%' AND table_schema = current_schema()`
	}
	rows, err := s.DB().QueryContext(t.Context(), query)
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var table, column string
		must(t, rows.Scan(&table, &column))
		if table != "watch_schema" { // of goose
			out = append(out, table+"."+column)
		}
	}
	must(t, rows.Err())
	slices.Sort(out)
	return out
}

// The pages about the store name every table and every column, and no other ones; and their questions can be asked.
func TestThePagesTellTheTables(t *testing.T) {
	t.Parallel()
	pages := []string{"../../../docs/watch-store.md", "../../../docs/watch-store.ja.md"}
	heading, row := regexp.MustCompile("^### (watch_[a-z]+)$"), regexp.MustCompile("^\\| `([a-z_]+)` \\|")
	question := regexp.MustCompile("(?s)```sql\n(.*?)```")
	both(t, func(t *testing.T, where string) {
		s := open(t, where, newClock())
		watchAll(t, s, day, "example.jp")
		look(t, s, start, func(w watch.Work, d *watch.Done) { breaks(w, d, "spf-none", "") })
		for _, page := range pages {
			text, err := os.ReadFile(page)
			must(t, err)
			var told []string
			table := ""
			for line := range strings.Lines(string(text)) {
				line = strings.TrimSpace(line)
				if m := heading.FindStringSubmatch(line); m != nil {
					table = m[1]
				} else if m := row.FindStringSubmatch(line); m != nil {
					told = append(told, table+"."+m[1])
				}
			}
			slices.Sort(told)
			if there := columns(t, s); !slices.Equal(told, there) {
				t.Errorf("%s tells\n%v, there are\n%v", page, told, there)
			}
			asked := 0
			for _, m := range question.FindAllStringSubmatch(string(text), -1) {
				if of, _, is := strings.Cut(m[1], "\n"); is && strings.HasPrefix(of, "-- ") && of != fmt.Sprint("-- ", s.Dialect()) {
					continue
				}
				rows, err := s.DB().QueryContext(t.Context(), m[1])
				if err != nil {
					t.Errorf("%s: %v", m[1], err)
					continue
				}
				must(t, rows.Close())
				asked++
			}
			if asked < 5 {
				t.Errorf("%s: only %d questions", page, asked)
			}
		}
	})
}
