package spf

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"todoku/diag/resolve"
)

// TestZones runs the "; check:" lines of the zone files in testdata through
// the real resolver.
func TestZones(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.zone")
	if err != nil || len(files) == 0 {
		t.Fatal("no zones", err)
	}
	line := regexp.MustCompile(`(?m)^; check: (\S+) (\S+) (\S+) = (.*)$`)
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		zone, err := resolve.ParseZone(strings.NewReader(string(b)), file)
		if err != nil {
			t.Fatal(err)
		}
		r, err := resolve.New(resolve.Options{Zones: []*resolve.Zone{zone}, Offline: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range line.FindAllStringSubmatch(string(b), -1) {
			if m[1] == "ADDRESS" {
				continue
			}
			from := strings.TrimPrefix(m[2], "-")
			e := Check(context.Background(), r, Query{IP: addr(t, m[1]), MailFrom: from, HELO: m[3]})
			or := func(s string) string {
				if s == "" {
					return "-"
				}
				return s
			}
			got := fmt.Sprintf("%s by %s at %s, %d + %d", e.Result, or(e.Mechanism), or(e.Domain), e.Lookups, e.VoidLookups)
			if got != m[4] {
				t.Errorf("%s: %s %s %s: %s, want %s (%v)", file, m[1], m[2], m[3], got, m[4], e.Trail)
			}
			if want := m[1] + " does not send for kaisha.test"; e.Result == Fail && e.Domain == "kaisha.test" && e.Explanation != want {
				t.Errorf("%s: explanation %q, want %q", m[1], e.Explanation, want)
			}
		}
	}
}
