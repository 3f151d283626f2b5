package check

import (
	"strings"
	"testing"

	"todoku/diag/arc"
)

// TestARCReasonsHaveWords: every reason reads well in both languages, for each of the three fields.
func TestARCReasonsHaveWords(t *testing.T) {
	t.Parallel()
	for _, r := range arc.Reasons() {
		for _, k := range []arc.Kind{arc.AAR, arc.AMS, arc.AS} {
			words := arcFault(arc.Fault{Kind: k, Reason: r, Tag: "bh"})
			if words.EN == string(r) || words.EN == words.JA || strings.ContainsAny(words.EN+words.JA, "<>{}") {
				t.Errorf("%s: %+v", r, words)
			}
		}
	}
}
