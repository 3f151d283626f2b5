package event_test

import (
	"os"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
)

// TestTables reads the tables of testdata/tables.txt, each also as Windows writes them.
func TestTables(t *testing.T) {
	text, err := os.ReadFile("testdata/tables.txt")
	if err != nil {
		t.Fatal(err)
	}
	_, all, _ := strings.Cut(string(text), "\n")
	for block := range strings.SplitSeq(all, "\n---\n") {
		head, table, _ := strings.Cut(block, "\n\n")
		want := strings.Split(head, "\n")
		for name, form := range map[string]string{
			"plain": table, "crlf": strings.ReplaceAll(table, "\n", "\r\n"), "no end": strings.TrimRight(table, "\n"), "mark": "\ufeff" + table,
			"cp932":  encoded(t, japanese.ShiftJIS, table),
			"utf-16": encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), table),
		} {
			t.Run(want[0]+" "+name, func(t *testing.T) { checkEvents(t, form, want[0], want[1:]...) })
		}
	}
}

func encoded(t *testing.T, e encoding.Encoding, s string) string {
	t.Helper()
	out, err := e.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
