package paste

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// suiteRow is a diagnostic text with the codes that others read in it.
type suiteRow struct {
	File, Format, Status, Replycode, Diagnosticcode, Recipient, Reason string
}

func suiteDir(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("TODOKU_SUITES")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "suites")
	}
	dir = filepath.Join(dir, "bounce")
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("TODOKU_SUITES_REQUIRED") == "1" {
			t.Fatal(err)
		}
		t.Skip("suite not found: set TODOKU_SUITES")
	}
	return dir
}

func suiteRows(t *testing.T, name string) []suiteRow {
	t.Helper()
	f, err := os.Open(filepath.Join(suiteDir(t), name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var rows []suiteRow
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row suiteRow
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	return rows
}

func TestParseSuite(t *testing.T) {
	t.Parallel()
	var codes, codesRight, enhanced, enhancedRight, silent, invented int
	for _, row := range suiteRows(t, "sisimai-set-of-emails.jsonl") {
		text := row.Diagnosticcode
		if text == "" {
			continue
		}
		got := Parse(text)
		switch {
		case row.Replycode != "" && strings.Contains(text, row.Replycode):
			codes++
			if want := row.Replycode; strings.HasPrefix(got.Reply.String(), want) {
				codesRight++
			} else {
				t.Logf("%s: code %d, want %s: %.300q", row.File, got.Reply.Code, want, text)
			}
		case row.Replycode == "":
			silent++
			if got.Reply.Code != 0 {
				invented++
				t.Logf("%s: code %d, want none: %.300q", row.File, got.Reply.Code, text)
			}
		}
		if strings.Contains(text, row.Status) {
			enhanced++
			if got.Reply.Enhanced.String() == row.Status {
				enhancedRight++
			} else {
				t.Logf("%s: enhanced %s, want %s: %.300q", row.File, got.Reply.Enhanced, row.Status, text)
			}
		}
	}
	// Those that are missed stand in no form but "words 551 words", or say less than
	// another reply beside them; the codes that were not expected are there.
	if codesRight < codes*98/100 || enhancedRight < enhanced*98/100 || invented > 6 {
		t.Error("less than before")
	}
	t.Logf("codes %d of %d, enhanced codes %d of %d, a code where none was expected %d of %d", codesRight, codes,
		enhancedRight, enhanced, invented, silent)
}

// TestParseWholeMails pastes the bounce mails themselves, header and all.
func TestParseWholeMails(t *testing.T) {
	t.Parallel()
	rows := suiteRows(t, "sisimai-set-of-emails.jsonl")
	recipients := map[string]int{}
	for _, row := range rows {
		recipients[row.File]++
	}
	var all, right, addressed int
	for _, row := range rows {
		mail, err := os.ReadFile(filepath.Join(suiteDir(t), "sisimai-set-of-emails", row.File))
		if err != nil || recipients[row.File] > 1 || row.Replycode == "" {
			continue
		}
		got := Parse(string(mail))
		all++
		if strings.HasPrefix(got.Reply.String(), row.Replycode) {
			right++
		}
		if got.Recipient == row.Recipient {
			addressed++
		}
	}
	if right < all*97/100 || addressed < all*88/100 {
		t.Error("less than before")
	}
	t.Logf("of %d mails, codes %d, recipients %d", all, right, addressed)
}
