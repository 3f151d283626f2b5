package dkim_test

import (
	"testing"

	"todoku/diag/dkim"
)

func TestSplitSelector(t *testing.T) {
	t.Parallel()
	for given, want := range map[string][2]string{
		"s1": {"s1", ""}, " S1 ": {"s1", ""}, "s=s1;": {"s1", ""}, "a.b": {"a.b", ""}, "s1.": {"s1", ""},
		"s1._domainkey": {"s1", ""}, "s1._domainkey.example.test.": {"s1", "example.test"},
		"": {"", ""}, "._domainkey": {"", ""}, "_domainkey": {"_domainkey", ""},
	} {
		if selector, domain := dkim.SplitSelector(given); selector != want[0] || domain != want[1] {
			t.Errorf("%q: %q of %q, want %q of %q", given, selector, domain, want[0], want[1])
		}
	}
}
