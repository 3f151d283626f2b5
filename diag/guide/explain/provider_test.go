package explain

import (
	"slices"
	"testing"

	"todoku/codes"
	"todoku/diag/provider"
)

// TestProviderNames: a provider is found by what people call it, by a domain of its addresses, an address, or a mail host.
func TestProviderNames(t *testing.T) {
	t.Parallel()
	x := loaded(t)
	for input, want := range map[string][]string{
		"docomo": {"docomo"}, "ドコモ": {"docomo"}, "DOCOMO": {"docomo"}, "ＮＴＴドコモ": {"docomo"},
		"「ドコモ」": {"docomo"}, "spモード": {"docomo"}, "docomo.ne.jp": {"docomo"}, "taro@docomo.ne.jp": {"docomo"},
		"<Taro@Docomo.ne.jp>": {"docomo"}, "taro＠docomo.ne.jp": {"docomo"}, "mfsmax.docomo.ne.jp": {"docomo"},
		"docomo.ne.jp.": {"docomo"}, "au": {"au"}, "AU": {"au"}, "auメール": {"au"}, "UQモバイル": {"au"},
		"ezweb.ne.jp": {"au"}, "msmx.au.com": {"au"}, "ソフトバンク": {"softbank"}, "SoftBank": {"softbank"},
		"ワイモバイル": {"softbank"}, "Y!mobile": {"softbank"}, "i.softbank.jp": {"softbank"},
		"taro@yahoo.ne.jp": {"softbank"}, "楽天モバイル": {"rakuten_mobile"}, "楽メール": {"rakuten_mobile"},
		"mail-rakumail-jp.gslb.rmb-ss.jp": {"rakuten_mobile"}, "ぷらら": {"plala"}, "a@plala.or.jp": {"plala"},
		"yahoo": {"yahoo", "yahoo_jp"}, "Yahoo!メール": {"yahoo_jp"}, "ヤフー": {"yahoo_jp"}, "yahoo.co.jp": {"yahoo_jp"},
		"yahoo.com": {"yahoo"}, "att.net": {"yahoo"}, "x@sbcglobal.net": {"yahoo"}, "AT&T": {"yahoo", "att"}, "att": {"att"},
		"al-ip4-mx-vip1.prodigy.net": {"att"}, "gmail": {"gmail"}, "Gmail": {"gmail"}, "gmail-smtp-in.l.google.com": {"gmail"},
		"google": {"gmail"}, "outlook": {"outlook", "exchange_online"}, "hotmail": {"outlook"},
		"Microsoft 365": {"exchange_online"}, "kaisha-example.mail.protection.outlook.com": {"exchange_online"},
		"outlook-com.olc.protection.outlook.com": {"outlook"}, "gmx": {"gmx_webde"}, "web.de": {"gmx_webde"},
		"mail.com": {"gmx_webde"}, "orange": {"orange_laposte"}, "La Poste": {"orange_laposte"}, "laposte.net": {"orange_laposte"},
		"icloud": {"apple"}, "me.com": {"apple"}, "mx01.mail.icloud.com": {"apple"},
	} {
		var got []string
		for _, r := range x.Explain(input).Readings {
			if r.Kind == KindProvider {
				got = append(got, r.ID)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q is read as %v, want %v", input, got, want)
		}
	}
	for _, input := range []string{"notdocomo.ne.jp", "gmail.example", "taro@kaisha.test", "docomo.example", "kaisha.test", "au.example"} {
		if e := x.Explain(input); len(e.Readings) > 0 {
			t.Errorf("%q is read as %s %s", input, e.Readings[0].Kind, e.Readings[0].ID)
		}
	}
}

// TestProviderPages: whoever holds mailboxes for many people has a page that says what it demands or does, and to whom to turn.
func TestProviderPages(t *testing.T) {
	t.Parallel()
	x := loaded(t)
	for _, id := range []string{"gmail", "outlook", "exchange_online", "yahoo", "apple", "yahoo_jp", "docomo", "au", "softbank",
		"rakuten_mobile",
		"gmx_webde", "orange_laposte", "tonline", "comcast"} {
		list := x.Explain(id).Readings
		if len(list) == 0 || list[0].Page == nil {
			t.Errorf("%s has no page", id)
			continue
		}
		for _, topic := range []provider.Topic{provider.Demand, provider.Contact} {
			if len(list[0].Page.About("", topic)) == 0 {
				t.Errorf("%s says nothing of %s", id, topic)
			}
		}
		if len(list[0].Replies) == 0 {
			t.Errorf("%s shows no reply", id)
		}
	}
}

func loaded(t *testing.T) Explainer {
	t.Helper()
	c, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	return Explainer{c}
}
