package main

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"todoku/cmd/report"
	"todoku/sender/history"
)

// TestTraffic: what counts is the busiest hour of the day of the mail, whenever
// somebody asks.
func TestTraffic(t *testing.T) {
	t.Parallel()
	schema := schemaNamed(t, report.DiagnosisSchemaName)
	burst := time.Now().Add(-30 * time.Hour)
	for name, c := range map[string]struct {
		apart, before time.Duration // of the mails, and of the last one from now
		when, want    string
	}{
		"in a quarter of an hour, 20 hours ago": {7 * time.Second, 20 * time.Hour, "", "confirmed"},
		"over the whole day":                    {11 * time.Minute, 0, "", "open"},
		"another day":                           {7 * time.Second, 30 * time.Hour, "", "open"},
		"on the day of the mail": {7 * time.Second, 30 * time.Hour,
			burst.Add(-10 * time.Minute).Format(time.RFC3339), "confirmed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "history.db")
			last := time.Now().Add(-c.before)
			at := last
			s, err := history.OpenWith(t.Context(), file, history.Options{Now: func() time.Time { return at }})
			if err != nil {
				t.Fatal(err)
			}
			for i := range 120 {
				at = last.Add(-time.Duration(i) * c.apart)
				id := fmt.Sprint(i)
				if err := s.Begin(t.Context(), history.Sending{ID: id, Recipient: "user@takes.test"}); err != nil {
					t.Fatal(err)
				}
				if err := s.Finish(t.Context(), id, history.Outcome{Result: history.OK, Code: "40000"}); err != nil {
					t.Fatal(err)
				}
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			args := []string{"diagnose", "--lab", "421 4.7.0 too many messages", "--from", "news@healthy.test", "--to",
				"user@takes.test", "--history-file", file}
			if c.when != "" {
				args = append(args, "--time", c.when)
			}
			d, _ := diagnoseLine(t, schema, "", args...)
			if got := d.status("sending-too-fast"); got != c.want {
				t.Errorf("%s, want %s: %s", got, c.want, d.Answer)
			}
		})
	}
}
