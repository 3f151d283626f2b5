package settings

import (
	"slices"
	"strings"

	"todoku/codes"
	"todoku/diag/provider"
)

// AllProfiles stands for all providers.
const AllProfiles = "all"

// ProfileIDs lists what a profile may be.
func ProfileIDs() []string {
	ids := []string{AllProfiles}
	for h := range provider.Headings() {
		ids = append(ids, h.ID)
	}
	return ids
}

// ParseProfile takes the id of a provider, or a name that people call it by.
func ParseProfile(s string) (string, error) {
	word, ids := strings.ToLower(strings.TrimSpace(s)), ProfileIDs()
	if slices.Contains(ids, word) {
		return word, nil
	}
	for h := range provider.Headings() {
		if slices.ContainsFunc(h.Called, func(c string) bool { return strings.EqualFold(c, word) }) {
			return h.ID, nil
		}
	}
	return "", codes.Wrong(codes.Say(codes.Text{EN: "no provider has the id {id}", JA: "{id} という事業者のIDはありません"}, codes.QuotedStart("id", s, 60)),
		codes.DidYouMean(word, "", ids, codes.Say(codes.Text{EN: "ids: {ids}", JA: "ID一覧: {ids}"}, codes.List("ids", ids))))
}
