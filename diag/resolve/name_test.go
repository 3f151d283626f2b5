package resolve

import (
	"net/netip"
	"strings"
	"testing"
)

func TestToASCII(t *testing.T) {
	t.Parallel()
	good := map[string]string{
		"Example.JP.":       "example.jp",
		"例え.test":           "xn--r8jz45g.test",
		"例え。test":           "xn--r8jz45g.test",
		"Ｅｘａｍｐｌｅ．jp":        "example.jp",
		"_dmarc.example.jp": "_dmarc.example.jp",
		"bücher.example":    "xn--bcher-kva.example",
	}
	for in, want := range good {
		if got, err := ToASCII(in); err != nil || got != want {
			t.Errorf("ToASCII(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
	for _, bad := range []string{"", "a..b", ".example", strings.Repeat("a", 64) + ".test", strings.Repeat("abcdefg.", 40) + "test"} {
		if got, err := ToASCII(bad); err == nil {
			t.Errorf("ToASCII(%q) = %q, want an error", bad, got)
		}
	}
	if got := ToUnicode("xn--r8jz45g.test"); got != "例え.test" {
		t.Errorf("ToUnicode: %q", got)
	}
}

func TestReverse(t *testing.T) {
	t.Parallel()
	for ip, want := range map[string]string{
		"192.0.2.7":        "7.2.0.192.in-addr.arpa",
		"::ffff:192.0.2.7": "7.2.0.192.in-addr.arpa",
		"2001:db8::1":      "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
	} {
		if got := Reverse(netip.MustParseAddr(ip)); got != want {
			t.Errorf("Reverse(%s) = %s, want %s", ip, got, want)
		}
	}
}

func FuzzToASCII(f *testing.F) {
	for _, s := range []string{"example.jp", "例え.test", "a..b", "xn--", "xn--zzzzz", "a\\.b.test", "\x00.test", "ß.test"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := ToASCII(s)
		if err != nil {
			return
		}
		if again, err := ToASCII(a); err != nil || again != a {
			t.Errorf("ToASCII(%q) = %q, and of that %q, %v", s, a, again, err)
		}
		ToUnicode(a)
	})
}
