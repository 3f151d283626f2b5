package typo_test

import (
	"testing"

	"todoku/diag/typo"
)

func TestSuggest(t *testing.T) {
	t.Parallel()
	for typed, meant := range map[string]string{
		"gmial.com": "gmail.com", "gmail.con": "gmail.com", "gmai.com": "gmail.com", "GMAILL.com.": "gmail.com",
		"docomo.ne.jo": "docomo.ne.jp", "docmo.ne.jp": "docomo.ne.jp",
		"yahoo.co.jo": "yahoo.co.jp", "yaho.co.jp": "yahoo.co.jp", "hotmial.com": "hotmail.com",
		"softbnak.ne.jp": "softbank.ne.jp", "iclodu.com": "icloud.com", "ezwweb.ne.jp": "ezweb.ne.jp",
		"gmail.com": "", "example.jp": "", "kaisha.test": "", "web.de": "", "wob.de": "web.de", "": "",
	} {
		if got, _ := typo.Suggest(typed); got != meant {
			t.Errorf("%q: %q, want %q", typed, got, meant)
		}
	}
}
