package check_test

import (
	"strings"
	"testing"
	"time"

	"todoku/diag"
	"todoku/diag/check"
)

func address(t *testing.T, text string) diag.Result {
	t.Helper()
	target, err := diag.AddressTarget(text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return diag.Run(t.Context(), diag.Env{Now: time.Now}, target, []*diag.Check{check.Address()}).Results[0]
}

func TestAddress(t *testing.T) {
	t.Parallel()
	for text, rules := range map[string]string{
		"taro@kaisha.test": "", "taro+tag@kaisha.test": "", "o'hara@kaisha.test": "", `"a b"@kaisha.test`: "",
		`"a@b"@kaisha.test`: "", "利用者@kaisha.test": "", "taro@例え.test": "",
		strings.Repeat("a", 64) + "@kaisha.test": "", strings.Repeat("a", 65) + "@kaisha.test": "address-syntax",
		"a..b@kaisha.test": "address-syntax", ".a@kaisha.test": "address-syntax", "a.@kaisha.test": "address-syntax",
		"a b@kaisha.test": "address-syntax", " a@kaisha.test": "address-syntax", "a @kaisha.test": "address-syntax",
		"a>b@kaisha.test": "address-syntax", "<a@kaisha.test": "address-syntax", "a(c)@kaisha.test": "address-syntax",
		"a@b@kaisha.test": "address-syntax", "a\r\nDATA@kaisha.test": "address-syntax", `"@kaisha.test`: "address-syntax",
		// Carriers gave such addresses out, and people still have them.
		"a..b.@docomo.ne.jp": "address-dots", "a.@ezweb.ne.jp": "address-dots", ".a@docomo.ne.jp": "address-syntax",
		"a.b@docomo.ne.jp": "", "a..b@gmail.com": "address-syntax",
		"taro@gmial.com": "address-typo", "taro@docomo.ne.jo": "address-typo", "taro@yahoo.co.jo": "address-typo", "taro@gmail.com": "",
	} {
		if got := ruleIDs(address(t, text)); got != rules {
			t.Errorf("%q: %q, want %q", text, got, rules)
		}
	}
	if f := address(t, "taro@gmial.com").Facts.(*check.AddressFacts); f.Suggestion != "taro@gmail.com" {
		t.Errorf("%+v", f)
	}
}

// FuzzAddress: whatever is typed, what is judged regular holds nothing that ends
// a line or a path of SMTP.
func FuzzAddress(f *testing.F) {
	for _, s := range []string{"taro@kaisha.test", `"a b"@kaisha.test`, "a>b@x.test", "a\r\nb@x.test", "a..b@docomo.ne.jp", "@", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := diag.AddressTarget(text); err != nil {
			return
		}
		r := address(t, text)
		if strings.Contains(ruleIDs(r), "address-syntax") {
			return
		}
		local := r.Facts.(*check.AddressFacts).Local
		if strings.ContainsAny(local, "\r\n\x00") || local == "" || !strings.HasPrefix(local, `"`) && strings.ContainsAny(local, "<> @") {
			t.Errorf("%q is taken for an address", text)
		}
	})
}
