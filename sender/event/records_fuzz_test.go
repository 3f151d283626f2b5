package event_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"todoku/sender/event"
)

// readAll reads an input to its end. No input may fail, and none may give events without end.
func readAll(t *testing.T, text string) {
	t.Helper()
	n := 0
	for _, err := range event.Read(context.Background(), event.Source{Reader: strings.NewReader(text)}) {
		if err != nil && !strings.HasPrefix(text, "\x1f\x8b") {
			t.Fatal(err)
		}
		if n++; n > len(text)+10 {
			t.Fatal("more events than octets")
		}
	}
}

func FuzzServices(f *testing.F) {
	for _, c := range serviceCases(f) {
		f.Add(c.object, uint(len(c.object)/2), "\n")
		f.Add(c.object, uint(len(c.object)), `{"a":[`)
	}
	f.Fuzz(func(t *testing.T, object string, cut uint, between string) {
		readAll(t, object+between+object[:cut%(uint(len(object))+1)]+between+object)
	})
}

func FuzzTables(f *testing.F) {
	text, err := os.ReadFile("testdata/tables.txt")
	if err != nil {
		f.Fatal(err)
	}
	for block := range strings.SplitSeq(string(text), "\n---\n") {
		_, table, _ := strings.Cut(block, "\n\n")
		f.Add(table, uint(len(table)/2), "\"")
	}
	f.Fuzz(func(t *testing.T, table string, cut uint, more string) {
		head, rest := table[:cut%(uint(len(table))+1)], table[cut%(uint(len(table))+1):]
		readAll(t, head+more+rest)
	})
}
