package codes_test

import (
	"os"
	"strings"
	"testing"

	"todoku/codes"
	"todoku/codes/paste"
)

// TestWordings: what servers say in many words and languages reaches its class.
func TestWordings(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/wordings.txt")
	if err != nil {
		t.Fatal(err)
	}
	c := load(t)
	var want codes.Class
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if class, ok := strings.CutPrefix(line, "# "); ok {
			want = codes.Class(class)
			continue
		}
		p := paste.Parse(line)
		if v := c.Classify(p.Reply, p.Context); v.Reason.Class != want {
			t.Errorf("%q: %s (%s) by %q, want %s", line, v.Reason.Class, v.Reason.ID, v.Rule, want)
		}
	}
}
