package paste

import "strings"

// isExpected reports whether a code is the one that a program had hoped for: `Expected response code "250" but got …`,
// "250 expected". It is not what the server said.
func isExpected(before, after string) bool {
	const enough = 32
	after = strings.TrimLeft(after[:min(len(after), enough)], ` "'`)
	if low := lower(after); strings.HasPrefix(low, "expected") || strings.HasPrefix(low, "was expected") ||
		strings.HasPrefix(low, "erwartet") {
		return true
	}
	before = lower(before[max(0, len(before)-enough):])
	if !strings.Contains(before, "expect") && !strings.Contains(before, "erwartet") {
		return false
	}
	before = strings.TrimRight(before, ` "'/:0123456789`)
	for _, w := range [...]string{" response", " reply", " status", " code", " smtp", " is", " was"} {
		before = strings.TrimSuffix(before, w)
	}
	for _, w := range [...]string{" response", " reply", " status"} {
		before = strings.TrimSuffix(before, w)
	}
	return strings.HasSuffix(before, "expected") || strings.HasSuffix(before, "expecting") || strings.HasSuffix(before, "erwartet")
}
