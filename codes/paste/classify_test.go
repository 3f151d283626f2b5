package paste

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"todoku/codes"
)

// letters are the classes as the suite writes them.
func letters() map[string]codes.Class {
	return map[string]codes.Class{
		"U": codes.ClassUserUnknown, "D": codes.ClassMailboxDisabled, "F": codes.ClassMailboxFull,
		"H": codes.ClassHostUnknown, "N": codes.ClassNetworkOrExpired, "L": codes.ClassTooLarge,
		"S": codes.ClassSpamContent, "P": codes.ClassPolicyBlock, "R": codes.ClassRateLimited, "Y": codes.ClassRelayDenied,
		"E": codes.ClassSystemError, "?": codes.ClassUnspecified,
	}
}

// reasonClasses are the classes that count for each reason of the suite.
func reasonClasses(t *testing.T) map[string][]codes.Class {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(suiteDir(t), "reason_map.json"))
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		Reasons []struct {
			Reason string
			Coarse string `json:"coarse_class"`
		}
	}
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	out := map[string][]codes.Class{}
	for _, r := range m.Reasons {
		for l := range strings.SplitSeq(r.Coarse, "/") {
			if class, ok := letters()[l]; ok {
				out[r.Reason] = append(out[r.Reason], class)
			} else {
				t.Logf("reason %s: class %q", r.Reason, l)
			}
		}
	}
	return out
}

// TestClassifySuite: what others read out of real bounces. The rest is listed.
func TestClassifySuite(t *testing.T) {
	t.Parallel()
	c, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	classes := reasonClasses(t)
	all, right := 0, 0
	for _, row := range suiteRows(t, "sisimai-set-of-emails.jsonl") {
		want := classes[row.Reason]
		if row.Diagnosticcode == "" || len(want) == 0 {
			continue
		}
		all++
		p := Parse(row.Diagnosticcode)
		v := c.Classify(p.Reply, p.Context)
		if slices.Contains(want, v.Reason.Class) {
			right++
			continue
		}
		t.Logf("%s: %s, got %s by %q, want %s: %.240q", row.File, row.Reason, v.Reason.ID, v.Rule, want, row.Diagnosticcode)
	}
	t.Logf("%d of %d diagnostics in their class (%.1f %%)", right, all, 100*float64(right)/float64(all))
	if right*100 < all*94 {
		t.Error("fewer than 94 of 100")
	}
}
