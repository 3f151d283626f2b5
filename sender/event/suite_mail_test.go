package event

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"todoku/codes"
)

// suiteRow is a mail of the suite with what others read in it.
type suiteRow struct {
	Corpus, File, Format, Status, Replycode, Reason, Recipient, Action, Diagnosticcode string
	FeedbackType                                                                       string `json:"feedback_type"`
}

func suitePath(t *testing.T) string {
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
		t.Skip("the public suite of bounces is not here: set TODOKU_SUITES")
	}
	return dir
}

func suiteRows(t *testing.T, name string) []suiteRow {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(suitePath(t), name+".jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var rows []suiteRow
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row suiteRow
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		row.Corpus = name
		rows = append(rows, row)
	}
	return rows
}

// suiteClasses are the classes that count as right for each reason.
func suiteClasses(t *testing.T) map[string][]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(suitePath(t), "reason_map.json"))
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		Reasons []struct {
			Reason string
			Coarse string `json:"coarse_class"`
		}
		Classes map[string]string
	}
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, r := range m.Reasons {
		for one := range strings.SplitSeq(r.Coarse, "/") {
			class := m.Classes[one]
			if class == "" {
				class = map[string]string{"s": "delivered", "a": "auto-reply", "f": "complaint"}[one]
			}
			out[r.Reason] = append(out[r.Reason], class)
		}
	}
	return out
}

// readSuiteMail reads a mail of the suite and judges its events.
func readSuiteMail(t *testing.T, path string, judge *Judge) []Event {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []Event
	for e, err := range Read(context.Background(), Source{Name: path, Reader: f}) {
		if err != nil {
			t.Fatal(err)
		}
		judge.Judge(&e)
		out = append(out, e)
	}
	return out
}

func suiteJudge(t *testing.T) *Judge {
	t.Helper()
	c, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	return NewJudge(c, func(string) string { return "" })
}

// suiteScore counts what is right.
type suiteScore struct{ rows, decoded, recipient, status, statusOf, code, codeOf, class int }

func (s *suiteScore) add(t *testing.T, row suiteRow, e *Event, classes map[string][]string) {
	s.rows++
	if e == nil {
		t.Logf("%s %s: no event (%s, %s, %.100q)", row.File, row.Recipient, row.Reason, row.Status, row.Diagnosticcode)
		return
	}
	s.decoded++
	if row.Recipient == "" || strings.EqualFold(e.Recipient, row.Recipient) || strings.EqualFold(e.OriginalRecipient, row.Recipient) ||
		strings.HasSuffix(row.Recipient, ".invalid") {
		s.recipient++
	} else {
		t.Logf("%s: recipient %s, want %s", row.File, e.Recipient, row.Recipient)
	}
	if real := row.Status != "" && !strings.Contains(row.Status, ".0.9") && !strings.Contains(row.Status, ".9."); real && e.Action.Trouble() {
		s.statusOf++
		if got := e.Reply.Enhanced.String(); got == row.Status {
			s.status++
		} else {
			t.Logf("%s: status %s, want %s: %.200q", row.File, got, row.Status, e.Reply.String())
		}
	}
	if row.Replycode != "" && e.Action.Trouble() {
		s.codeOf++
		if got := strconv.Itoa(e.Reply.Code); got == row.Replycode {
			s.code++
		} else {
			t.Logf("%s: code %s, want %s: %.200q", row.File, got, row.Replycode, e.Reply.String())
		}
	}
	class := suiteClass(e)
	if slices.Contains(classes[row.Reason], class) || row.Reason == "onhold" || row.Reason == "undefined" { // others could not tell
		s.class++
		return
	}
	id := ""
	if e.Verdict != nil {
		id = e.Verdict.Reason.ID + " by " + e.Verdict.Rule
	}
	t.Logf("%s: class %s, want %s %v: %s %s %.300q", row.File, class, row.Reason, classes[row.Reason], id, e.Action, e.Reply.String())
}

// suiteClass is the class of an event.
func suiteClass(e *Event) string {
	switch {
	case e.Action.Trouble() && e.Verdict != nil:
		return string(e.Verdict.Reason.Class)
	case e.Feedback != "":
		return "complaint"
	case e.Action == Relayed || e.Action == Expanded:
		return "delivered"
	}
	return string(e.Action)
}

// TestMailSuite holds the reader against what others read in 648 mails.
func TestMailSuite(t *testing.T) {
	t.Parallel()
	judge, classes := suiteJudge(t), suiteClasses(t)
	var s suiteScore
	files, used := map[string][]Event{}, map[string][]bool{}
	for _, row := range suiteRows(t, "sisimai-set-of-emails") {
		if _, ok := files[row.File]; !ok {
			events := readSuiteMail(t, filepath.Join(suitePath(t), row.Corpus, row.File), judge)
			files[row.File], used[row.File] = events, make([]bool, len(events))
		}
		s.add(t, row, eventOf(row, files[row.File], used[row.File]), classes)
	}
	t.Logf("%+v", s)
	if s.decoded*100 < s.rows*99 || s.recipient*100 < s.rows*99 || s.status*100 < s.statusOf*98 || s.code*100 < s.codeOf*98 ||
		s.class*100 < s.rows*97 {
		t.Error("less than the bars: 99 % decoded, 99 % of recipients, 98 % of codes, 97 % of classes")
	}
}

// eventOf is the event of a row: that of its recipient, or else one that no other row has.
func eventOf(row suiteRow, events []Event, used []bool) *Event {
	var out *Event
	for i := range events {
		if used[i] {
			continue
		}
		if strings.EqualFold(events[i].Recipient, row.Recipient) {
			used[i] = true
			return &events[i]
		}
		if out == nil {
			out = &events[i]
		}
	}
	return out
}

// TestMailSuiteNewer: mails of systems that came later are read as well.
func TestMailSuiteNewer(t *testing.T) {
	t.Parallel()
	judge := suiteJudge(t)
	list, _ := filepath.Glob(filepath.Join(suitePath(t), "sisimai-newer-2025", "*.eml"))
	read := 0
	for _, path := range list {
		if len(readSuiteMail(t, path, judge)) > 0 {
			read++
		} else {
			t.Log(path)
		}
	}
	if len(list) != 21 || read < 19 {
		t.Errorf("%d of %d are read", read, len(list))
	}
	none, _ := filepath.Glob(filepath.Join(suitePath(t), "sisimai-not-bounce", "*.eml"))
	for _, path := range none {
		if events := readSuiteMail(t, path, judge); len(events) > 0 {
			t.Errorf("%s is taken for a notice: %+v", filepath.Base(path), events[0])
		}
	}
}
