package river_test

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"todoku/diag/watch"
	"todoku/diag/watch/store"
)

// What a fleet costs, as measured. docs/fleet.md says how, and its table follows from these numbers.
const (
	lookCPU      = 1600 * time.Microsecond // of processors, for a look at a domain: tools/fleet/run.sh
	jobCPU       = 7 * time.Millisecond    // for a job besides its looks, the server included: BenchmarkJob
	idleCPU      = 10 * time.Millisecond   // a second, for a process that waits: BenchmarkIdle
	looks        = 300                     // domains a second of one process
	questions    = 30                      // DNS questions for a domain
	question     = 350                     // octets of a question and its answer on the wire
	domainRow    = 6200                    // octets of a domain with its state and its indexes
	changeRow    = 900                     // octets of a change, or of a record set as it was
	changesADay  = 0.02                    // changes and old record sets of a domain a day
	kept         = 400                     // days that they are kept
	jobRow       = 900                     // octets of a job
	summaryOctet = 700                     // of a chunk that the overview reads
	connections  = 8                       // of a process
)

// size is a fleet whose cost is worked out.
type size struct {
	domains int
	every   time.Duration
}

func (s size) chunks() int { return (s.domains + watch.ChunkSize - 1) / watch.ChunkSize }
func (s size) jobsADay() int {
	return int(float64(s.chunks()) * float64(24*time.Hour) / float64(s.every))
}
func (s size) looks() float64     { return float64(s.domains) / s.every.Seconds() }
func (s size) processes() int     { return 1 + int(s.looks()/looks) }
func (s size) questions() float64 { return s.looks() * questions }
func (s size) traffic() float64   { return s.questions() * question * 8 / 1e6 } // Mbit/s
func (s size) lookCores() float64 { return s.looks() * lookCPU.Seconds() }
func (s size) queueCores() float64 {
	return float64(s.jobsADay())/86400*jobCPU.Seconds() + float64(s.processes())*idleCPU.Seconds()
}
func (s size) now() float64      { return float64(s.domains) * domainRow / (1 << 30) } // GiB
func (s size) growth() float64   { return float64(s.domains) * changesADay * changeRow / (1 << 20) }
func (s size) after() float64    { return s.now() + s.growth()*kept/1024 }
func (s size) jobRows() int      { return s.jobsADay() / 24 }
func (s size) written() int      { return 3*s.jobsADay() + int(float64(s.domains)*changesADay*2) } // rows a day
func (s size) overview() float64 { return float64(s.chunks()) * summaryOctet / (1 << 20) }

// sizes are the fleets of the document.
func sizes() []size {
	return []size{{10_000, 24 * time.Hour}, {100_000, 24 * time.Hour}, {1_000_000, 24 * time.Hour}, {10_000_000, 24 * time.Hour},
		{10_000_000, time.Hour}}
}

// row is a line of the table in both languages.
type row struct {
	en, ja string
	of     func(size) string
}

func rows() []row {
	number := func(f func(size) int) func(size) string { return func(s size) string { return grouped(f(s)) } }
	float := func(format string, f func(size) float64) func(size) string {
		return func(s size) string { return fmt.Sprintf(format, f(s)) }
	}
	return []row{
		{"each looked at every", "確認の間隔", func(s size) string { return fmt.Sprintf("%g h", s.every.Hours()) }},
		{"chunks", "チャンク", number(size.chunks)},
		{"jobs a day", "ジョブ/日", number(size.jobsADay)},
		{"looks a second", "確認/秒", float("%.1f", size.looks)},
		{"DNS questions a second", "DNS問い合わせ/秒", float("%.0f", size.questions)},
		{"traffic of DNS, Mbit/s", "DNSの通信量 Mbit/s", float("%.1f", size.traffic)},
		{"processes", "プロセス", number(size.processes)},
		{"connections to PostgreSQL", "PostgreSQLの接続", number(func(s size) int { return s.processes() * connections })},
		{"cores for looks", "確認に使うコア", float("%.2f", size.lookCores)},
		{"cores for the queue and its database", "キューとDBに使うコア", float("%.3f", size.queueCores)},
		{"rows written a day", "書き込む行/日", number(size.written)},
		{"jobs in the table", "ジョブの行", number(size.jobRows)},
		{"the store at first, GiB", "最初の容量 GiB", float("%.1f", size.now)},
		{"growth a day, MiB", "1日の増加 MiB", float("%.0f", size.growth)},
		{"after 400 days, GiB", "400日後 GiB", float("%.1f", size.after)},
		{"read for an overview, MiB", "全体表示で読む量 MiB", float("%.1f", size.overview)},
	}
}

// grouped writes a number with commas.
func grouped(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return grouped(n/1000) + fmt.Sprintf(",%03d", n%1000)
}

// table is the table of a document.
func table(head string, word func(row) string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s |", head)
	for _, s := range sizes() {
		fmt.Fprintf(&b, " %s |", grouped(s.domains))
	}
	b.WriteString("\n|---|" + strings.Repeat("---:|", len(sizes())) + "\n")
	for _, r := range rows() {
		fmt.Fprintf(&b, "| %s |", word(r))
		for _, s := range sizes() {
			fmt.Fprintf(&b, " %s |", r.of(s))
		}
		b.WriteString("\n")
	}
	return b.String()
}

var update = flag.Bool("update", false, "write the tables of docs/fleet.md anew")

const tableBegin, tableEnd = "<!-- sizes -->\n", "<!-- /sizes -->\n"

// TestDocumentHasTheSizes holds the tables of the documents to the numbers above.
func TestDocumentHasTheSizes(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"fleet.md":    table("domains", func(r row) string { return r.en }),
		"fleet.ja.md": table("ドメイン", func(r row) string { return r.ja }),
	} {
		path := filepath.Join("..", "..", "..", "docs", name)
		text, err := os.ReadFile(path)
		must(t, err)
		before, rest, found := strings.Cut(string(text), tableBegin)
		was, after, ended := strings.Cut(rest, tableEnd)
		switch {
		case !found || !ended:
			t.Errorf("%s has no place for the table", name)
		case was != want && *update:
			must(t, os.WriteFile(path, []byte(before+tableBegin+want+tableEnd+after), 0o644))
		case was != want:
			t.Errorf("the table of %s is another one; run this test with -update\n%s", name, want)
		}
	}
}

// TestDayOfTenMillionDomains lets the store give out the chunks of 10 million domains for three days, a minute at a time, and
// tells how evenly they come. The domains themselves are left out.
func TestDayOfTenMillionDomains(t *testing.T) {
	t.Parallel()
	fleet, step := size{10_000_000, 24 * time.Hour}, time.Minute
	if os.Getenv("TODOKU_FULL") == "" {
		fleet, step = size{250_000, 24 * time.Hour}, 10*time.Minute
	}
	begin := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	now := begin
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "watch.db"), store.Options{Now: func() time.Time { return now }})
	must(t, err)
	defer s.Close()
	_, err = s.DB().Exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
  INSERT INTO watch_chunk (every, made, due, domains) SELECT ?2, ?3, ?3, 500 FROM n`, fleet.chunks(), fleet.every.Milliseconds(),
		begin.UnixMilli())
	must(t, err)
	var most, jobs, days int
	var longest time.Duration
	last := map[int64]time.Time{}
	for ; now.Before(begin.Add(72 * time.Hour)); now = now.Add(step) {
		n, err := all(t.Context(), s, now, func(j watch.Job) {
			if before, seen := last[j.Chunk]; seen {
				longest = max(longest, now.Sub(before))
			}
			last[j.Chunk] = now
		})
		must(t, err)
		if now.Sub(begin) < 48*time.Hour {
			continue // the first round is due at once, the second finds its place in the day
		}
		most, jobs, days = max(most, n), jobs+n, 1
	}
	mean := float64(fleet.chunks()) * float64(step) / float64(fleet.every)
	t.Logf("%d chunks: %d jobs in a day, %.1f in %v on average, %d at most; at most %v between two looks", fleet.chunks(), jobs/days, mean,
		step, most, longest)
	if d := float64(jobs) / float64(fleet.chunks()); d < 0.95 || d > 1.05 {
		t.Errorf("%.2f looks a day", d)
	}
	if float64(most) > 3*mean+3 {
		t.Errorf("%d jobs at once, %.1f on average", most, mean)
	}
	if longest > fleet.every*8/5 {
		t.Errorf("%v between two looks", longest)
	}
}

// all takes all chunks that are due, as an engine does.
func all(ctx context.Context, s *store.Store, now time.Time, each func(watch.Job)) (sum int, err error) {
	for {
		n, err := s.Due(ctx, now, 200, func(_ *sql.Tx, jobs []watch.Job) error {
			for _, j := range jobs {
				each(j)
			}
			return nil
		})
		if sum += n; err != nil || n < 200 {
			return sum, err
		}
	}
}
