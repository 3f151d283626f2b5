package dkim

import "strings"

// SplitSelector takes apart what people give as a selector: "s1", "s=s1;", "s1._domainkey", "s1._domainkey.example.test". The
// domain is "" where none was given.
func SplitSelector(given string) (selector, domain string) {
	given = strings.TrimRight(strings.ToLower(strings.TrimSpace(given)), ".;")
	selector, domain, _ = strings.Cut(strings.TrimPrefix(given, "s="), "._domainkey")
	return selector, strings.TrimPrefix(domain, ".")
}
