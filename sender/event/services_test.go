package event_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"todoku/codes"
	"todoku/sender/event"
)

// allCodes is loaded once for all tests.
var allCodes = sync.OnceValues(func() (*codes.Catalogue, error) { return codes.Load(codes.Files) })

// eventsOf reads an input and says of each event what happened, to whom, and for which reason.
func eventsOf(t *testing.T, text string) (events []string, in event.Input) {
	t.Helper()
	c, err := allCodes()
	if err != nil {
		t.Fatal(err)
	}
	judge := event.NewJudge(c, func(string) string { return "" })
	src := event.Source{Name: "input", Reader: strings.NewReader(text), Input: &in}
	for e, err := range event.Read(context.Background(), src) {
		if err != nil {
			t.Fatal(err)
		}
		says := fmt.Sprintf("%s %s", e.Action, e.Recipient)
		if e.Action.Trouble() {
			judge.Judge(&e)
			says += " " + e.Verdict.Reason.ID
		}
		events = append(events, says)
	}
	return events, in
}

// checkEvents compares what an input tells with what it should.
func checkEvents(t *testing.T, text, format string, want ...string) {
	t.Helper()
	got, in := eventsOf(t, text)
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n\t%s\nwant\n\t%s\nof\n%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"), text[:min(len(text), 3000)])
	}
	if in.Format != format {
		t.Errorf("format %q, want %q", in.Format, format)
	}
}

// TestSentTwice has an event that came twice, without any id but that of the mail; a later one of the same mail counts.
func TestSentTwice(t *testing.T) {
	const head = `{"eventType":"Delivery","mail":{"messageId":"m1","destination":["a@one.test"]},"delivery":{"recipients":["a@one.test"],` +
		`"timestamp":"2026-11-02T01:02:0`
	checkEvents(t, head+"3.000Z\"}}\n"+head+"3.000Z\"}}\n"+head+"4.000Z\"}}\n", "ses", "delivered a@one.test", "delivered a@one.test")
}

// formsOf are the ways in which objects are put together.
func formsOf(objects ...string) map[string]string {
	var pretty []string
	for _, o := range objects {
		pretty = append(pretty, indented(o))
	}
	return map[string]string{
		"lines":  strings.Join(objects, "\n") + "\n",
		"crlf":   strings.Join(objects, "\r\n"),
		"joined": strings.Join(objects, ""),
		"array":  "[" + strings.Join(objects, ",") + "]",
		"pretty": strings.Join(pretty, "\n"),
		"parray": "[\n  " + strings.Join(pretty, ",\n  ") + "\n]\n",
		"within": `{"meta":{"a":[1,"{"]},"items":[` + strings.Join(objects, ",") + `],"next":"x"}`,
		"log":    "2026-11-02 01:02:03 INFO got " + strings.Join(objects, "\n2026-11-02 01:02:03 INFO \"got ") + "\n",
		"quoted": `{"Records":[{"body":` + quoted(objects[0]) + `}` + more(objects[1:]) + `]}`,
		"mark":   "\ufeff" + strings.Join(objects, "\n"),
	}
}

func more(objects []string) string {
	var b strings.Builder
	for _, o := range objects {
		b.WriteString(`,{"body":` + quoted(o) + `}`)
	}
	return b.String()
}
