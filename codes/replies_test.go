package codes_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"todoku/codes"
	"todoku/codes/paste"
)

// TestReplies: what people paste is read as it was meant, and a text that only looks like it is not.
func TestReplies(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/replies.txt")
	if err != nil {
		t.Fatal(err)
	}
	c := load(t)
	all, wrong := 0, 0
	for line := range strings.Lines(string(data)) {
		want, text, ok := strings.Cut(strings.TrimSpace(line), " | ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		all++
		if faults := misread(c, want, strings.ReplaceAll(text, "⏎", "\n")); len(faults) > 0 {
			wrong++
			t.Errorf("%s\n\twant %s: %s", text, want, strings.Join(faults, ", "))
		}
	}
	t.Logf("%d of %d as meant", all-wrong, all)
}

// misread gives what a text is read as where that is not what is wanted.
func misread(c *codes.Catalogue, want, text string) (faults []string) {
	p := paste.Parse(text)
	v := c.Classify(p.Reply, p.Context)
	permanent := map[codes.Tri]string{codes.Yes: "yes", codes.No: "no", codes.Unknown: "either"}[v.Permanent]
	delivery := v.Delivery.ID
	if delivery == "" {
		delivery = "none"
	}
	code, _, _ := strings.Cut(p.Reply.String(), " ")
	got := map[string]string{"reason": v.Reason.ID, "code": code, "enhanced": p.Reply.Enhanced.String(), "action": string(v.Action),
		"permanent": permanent, "after": v.RetryAfter.String(), "stage": string(p.Context.Stage), "delivery": delivery,
		"event": string(p.Context.Event), "to": p.Recipient}
	for word := range strings.FieldsSeq(want) {
		key, values, ok := strings.Cut(word, "=")
		if !ok {
			key, values = "reason", word
		}
		if is, known := got[key]; !known || !slices.Contains(strings.Split(values, "/"), is) {
			faults = append(faults, key+" is "+is+" (rule "+v.Rule+")")
		}
	}
	return faults
}
