package app

import (
	"fmt"
	"strings"
	"testing"

	"todoku/cmd/report/page"
	"todoku/codes"
)

func FuzzDomainTarget(f *testing.F) {
	for _, s := range []string{"example.jp", "例え.test", "a@b", "https://a/", "*.a", "a..b", "-", "xn--", "\x00", "。。",
		strings.Repeat("a.", 127)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		target, err := DomainTarget(s)
		if err != nil {
			if text := fmt.Sprint(page.ErrorLines(err, codes.Japanese)); strings.ContainsAny(text, "\x1b\r\x00") {
				t.Errorf("%q: raw control characters in %q", s, text)
			}
			return
		}
		again, err := DomainTarget(target.ASCII)
		if err != nil || again.ASCII != target.ASCII {
			t.Errorf("%q: %q is no fixed point: %+v, %v", s, target.ASCII, again, err)
		}
		if target.Kind != "domain" || target.ASCII == "" {
			t.Errorf("%q: %+v", s, target)
		}
	})
}

// TestSelectorsMayBeNumbers: as those of days are; an address is none.
func TestSelectorsMayBeNumbers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"20230601": "20230601", "S1": "s1", "s1._domainkey.a.test": "s1", "k.2024": "k.2024",
		"192.0.2.7": "", "_domainkey": "", "": "", "a..b": "", "a b": ""} {
		if got, err := ParseSelector(text); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
}
