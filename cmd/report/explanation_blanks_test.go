package report

import (
	"regexp"
	"testing"

	"todoku/codes"
	"todoku/diag/check"
)

func TestBlanks(t *testing.T) {
	t.Parallel()
	says := codes.Text{EN: "{lookups} look-ups, {limit} are allowed", JA: "{lookups}回です。上限は{limit}回です"}
	if got := Blanks(says, codes.English); got != "‹lookups› look-ups, ‹limit› are allowed" {
		t.Error(got)
	}
	if got := Blanks(says, codes.Japanese); got != "‹回数›回です。上限は‹上限›回です" {
		t.Error(got)
	}
}

// Every place in the texts of rules has a Japanese name, and no name is without a place.
func TestBlankNames(t *testing.T) {
	t.Parallel()
	places, names := map[string]bool{}, blankNames()
	for _, r := range check.Rules() {
		for _, text := range []codes.Text{r.Says, r.Why, r.Fix} {
			for _, m := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(text.JA, -1) {
				if places[m[1]] = true; names[m[1]] == "" {
					t.Errorf("%s: {%s}", r.ID, m[1])
				}
			}
		}
	}
	for name := range names {
		if !places[name] {
			t.Errorf("no rule has {%s}", name)
		}
	}
}
