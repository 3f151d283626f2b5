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
		// Another end (japanese.md B-15 and others of the kind).
		"gmail.co.jp": "gmail.com", "gmail.jp": "gmail.com", "gmail.ne.jp": "gmail.com", "gmail.net": "gmail.com", "GMAIL.CO": "gmail.com",
		"gmail.or.jp": "gmail.com", "gmail.com.jp": "gmail.com", "gmail.com.com": "gmail.com",
		"icloud.co.jp": "icloud.com", "icloud.jp": "icloud.com", "icloud.ne.jp": "icloud.com",
		"docomo.jp": "docomo.ne.jp", "docomo.co.jp": "docomo.ne.jp", "docomo.ne": "docomo.ne.jp", "docomo.or.jp": "docomo.ne.jp",
		"docomo.ne.jp.jp": "docomo.ne.jp", "docomo.nejp": "docomo.ne.jp", "docomone.jp": "docomo.ne.jp", "docomo.ne.jp.com": "docomo.ne.jp",
		"ezweb.jp": "ezweb.ne.jp", "ezweb.co.jp": "ezweb.ne.jp", "ezweb.com": "ezweb.ne.jp", "ezweb.ne": "ezweb.ne.jp",
		"au.ne.jp": "au.com", "au.co.jp": "au.com",
		"softbank.com": "softbank.ne.jp", "softbank.or.jp": "softbank.ne.jp", "softbank.ne": "softbank.ne.jp",
		"i.softbank.ne.jp": "i.softbank.jp", "i.softbank.co.jp": "i.softbank.jp", "i.softbank.com": "i.softbank.jp",
		"nifty.jp": "nifty.com", "nifty.or.jp": "nifty.com", "outlook.co.jp": "outlook.jp", "outlook.net": "outlook.com",
		"nifty.co.jp": "nifty.com", "docomo.com": "docomo.ne.jp",
		"hotmail.jp": "hotmail.co.jp", "hotmail.ne.jp": "hotmail.co.jp", "yahoo.ne.jp": "yahoo.co.jp", "yahoo.jp": "yahoo.co.jp",
		"yahoo.or.jp": "yahoo.co.jp", "yahoo.co.jp.jp": "yahoo.co.jp", "plala.ne.jp": "plala.or.jp", "ocn.jp": "ocn.ne.jp",
		"biglobe.jp": "biglobe.ne.jp", "so-net.jp": "so-net.ne.jp", "ymobile.co.jp": "ymobile.ne.jp", "jcom.home.jp": "jcom.home.ne.jp",
		// Genuine domains that look like slips, and strangers with such an end.
		"ymail.com": "", "softbank.co.jp": "", "softbank.jp": "", "yahoo.com": "", "yahoo.co.uk": "", "yahoo.com.br": "", "k.vodafone.ne.jp": "",
		"outlook.jp": "", "live.jp": "", "hotmail.co.jp": "", "rakuten.co.jp": "", "nttdocomo.com": "", "aozora.co.jp": "", "kaisha.ne.jp": "",
		"i.softbank.jp": "", "docomo.example.jp": "", "gmail.example.com": "", "mail.com": "", "sub.gmail.com": "",
		"gmail.com": "", "example.jp": "", "kaisha.test": "", "web.de": "", "wob.de": "web.de", "": "",
	} {
		if got, _ := typo.Suggest(typed); got != meant {
			t.Errorf("%q: %q, want %q", typed, got, meant)
		}
	}
}
