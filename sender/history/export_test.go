package history_test

import (
	"encoding/json"
	"strings"
	"testing"

	"todoku/sender/history"
)

// TestHostileTexts stores and reads back what should never have come.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	for i, text := range []string{"'; DROP TABLE sendings; --", "a\x00b", "\xff\xfe", "\r\nBcc: x",
		strings.Repeat("長", 1<<14), "%s%n", "\u202e", `{"a":`, "\"", "@", "a@b@c@"} {
		id := string(rune('a' + i))
		must(t, s.Begin(t.Context(), history.Sending{ID: id, Kind: text, Sender: text, Name: text, Recipient: text,
			Cc: []string{"x", "y,z"}, Subject: text, MessageID: text}))
		must(t, s.Finish(t.Context(), id, history.Outcome{Result: history.Failed, Code: text, Reply: text, Reason: text,
			Transcript: json.RawMessage(text)}))
		x, err := s.Get(t.Context(), id)
		must(t, err)
		if x.Sender != text || x.Recipient != text || x.Subject != text || x.Reply != text || x.Code != text ||
			len(x.Cc) != 2 || !json.Valid(x.Transcript) {
			t.Errorf("%q came back as %+q", text[:min(len(text), 20)], x.Sender[:min(len(x.Sender), 20)])
		}
		if v, err := s.Flag(t.Context(), text); err != nil || v.Errors != 1 || v.Address != text {
			t.Errorf("%q: %+v %v", text[:min(len(text), 20)], v, err)
		}
		if list := all(t, s.List(t.Context(), history.Filter{Recipient: text})); len(list) != 1 {
			t.Errorf("%q: %d found", text[:min(len(text), 20)], len(list))
		}
		if _, err := json.Marshal(all(t, s.List(t.Context(), history.Filter{Transcripts: true}))); err != nil {
			t.Errorf("the export is no JSON any more after %q: %v", text[:min(len(text), 20)], err)
		}
	}
}
