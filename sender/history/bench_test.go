package history_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"todoku/sender/history"
)

// BenchmarkBeginFinish is all that the history does for one mail: four commits.
func BenchmarkBeginFinish(b *testing.B) {
	s := open(b, filepath.Join(b.TempDir(), "history.db"), history.Options{})
	transcript := json.RawMessage(`["` + strings.Repeat("250-mx1.kaisha.test says ok ", 60) + `"]`)
	ctx := b.Context()
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		n++
		id := fmt.Sprintf("%014d", n)
		must(b, s.Begin(ctx, history.Sending{ID: id, Kind: "test", Sender: "info@example.test", Recipient: "user" + id +
			"@kaisha.test", Subject: "件名"}))
		must(b, s.Progress(ctx, id, history.Step{Phase: history.InSession, MX: "mx1.kaisha.test", Address: "192.0.2.25:25"}))
		must(b, s.Progress(ctx, id, history.Step{Phase: history.ContentSent}))
		must(b, s.Finish(ctx, id, history.Outcome{Result: history.OK, Code: "40000", Reply: "250 2.0.0 Ok", Transcript: transcript}))
	}
}

// BenchmarkList reads 1,000 of 1,000 sendings.
func BenchmarkList(b *testing.B) {
	s := open(b, filepath.Join(b.TempDir(), "history.db"), history.Options{})
	for i := range 1000 {
		sent(b, s, fmt.Sprint(i), "x@x.test", history.Outcome{Result: history.OK})
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range s.List(b.Context(), history.Filter{}) {
			must(b, err)
		}
	}
}

// BenchmarkOpen opens a history that is there, as every start of the program does.
func BenchmarkOpen(b *testing.B) {
	path := filepath.Join(b.TempDir(), "history.db")
	open(b, path, history.Options{})
	for b.Loop() {
		s, err := history.Open(b.Context(), path)
		must(b, err)
		must(b, s.Close())
	}
}
