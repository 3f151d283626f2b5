package main

import (
	"regexp"
	"strings"
	"testing"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
)

// Rules are what users read and scripts hold on to.
func TestRules(t *testing.T) {
	t.Parallel()
	id := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)+$`)
	rfc := `RFC [1-9]\d{2,4}( §[0-9A-Z]+(\.\d+)*)?`
	ref := regexp.MustCompile(`^draft-[a-z0-9-]+( §\d+(\.\d+)*)?$|^` + rfc + `(; ` + rfc + `)*$`)
	owners := map[diag.Owner]bool{diag.OwnerDNS: true, diag.OwnerESP: true, diag.OwnerMail: true, diag.OwnerNetwork: true,
		diag.OwnerRecipient: true, diag.OwnerSender: true}
	seen := map[string]bool{}
	for _, c := range check.All() {
		bilingual(t, "check "+c.Name, c.Title, false)
		for _, r := range c.Rules {
			if !id.MatchString(r.ID) || !strings.HasPrefix(r.ID, c.Name) && r.ID != "ttl-long" || seen[r.ID] {
				t.Errorf("%s: not a new id of check %s", r.ID, c.Name)
			}
			seen[r.ID] = true
			if !ref.MatchString(r.Ref) {
				t.Errorf("%s: Ref %q has not the form \"RFC 7208 §4.6.4\"", r.ID, r.Ref)
			}
			if !owners[r.Owner] {
				t.Errorf("%s: unknown owner %q", r.ID, r.Owner)
			}
			if r.Severity != diag.Fail && r.Severity != diag.Warn && r.Severity != diag.Info {
				t.Errorf("%s: severity %v", r.ID, r.Severity)
			}
			bilingual(t, r.ID+" Says", r.Says, true)
			bilingual(t, r.ID+" Why", r.Why, true)
			bilingual(t, r.ID+" Fix", r.Fix, true)
		}
	}
}

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

// bilingual demands both languages, each in its own script, with the same
// placeholders.
func bilingual(t *testing.T, what string, text codes.Text, prose bool) {
	t.Helper()
	switch {
	case text.EN == "" || text.JA == "":
		t.Errorf("%s: a language is missing: %+v", what, text)
	case strings.ContainsFunc(text.EN, isJapanese):
		t.Errorf("%s: Japanese in the English text: %s", what, text.EN)
	case prose && !strings.ContainsFunc(text.JA, isJapanese):
		t.Errorf("%s: no Japanese in the Japanese text: %s", what, text.JA)
	}
	en, ja := map[string]bool{}, map[string]bool{}
	for _, p := range placeholder.FindAllString(text.EN, -1) {
		en[p] = true
	}
	for _, p := range placeholder.FindAllString(text.JA, -1) {
		ja[p] = true
		if !en[p] {
			t.Errorf("%s: %s stands only in the Japanese text", what, p)
		}
	}
	for p := range en {
		if !ja[p] {
			t.Errorf("%s: %s stands only in the English text", what, p)
		}
	}
}
