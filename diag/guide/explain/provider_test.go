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

// TestWords: what people type around a word, or in another spelling, leads to the word; a sentence that names a provider
// shows its page.
func TestWords(t *testing.T) {
	t.Parallel()
	x := loaded(t)
	for input, want := range map[string]string{
		"DKIM2": "term dkim2", "ＤＫＩＭ２": "term dkim2", "DKIM2-Signature": "term dkim2", "Message-Instance": "term dkim2",
		"mldsa44": "term dkim2", "ARC": "term arc", "ARC-Seal": "term arc", "dkim2-key": "rule dkim2-key",
		"なりすまし規制": "term spoofing-refusal", "なりすましメール拒否とは": "term spoofing-refusal",
		"RFC違反": "term rfc-violating-address", "RFC 違反アドレス": "term rfc-violating-address",
		"ＲＦＣ違反":   "term rfc-violating-address",
		"PCメール拒否": "term pc-mail-refusal", "URLリンク付きメール拒否": "term url-mail-refusal",
		"受信許可リスト設定": "term allow-list",
		"指定受信の設定方法": "term allow-list", "キャリアメールって何": "term carrier-mail",
		"総務省の要請": "term ministry-request",
		"基本認証":   "term basic-authentication", "XOAUTH2": "term basic-authentication",
		"spfとは": "term spf", "ＳＰＦとは何ですか？": "term spf", "DKIM 設定": "term dkim", "DMARCの意味": "term dmarc",
		"SPFレコードの設定方法": "term spf", "what is DKIM?": "term dkim", "スパムハウス": "term blocklist",
		"迷惑メールフィルター": "term junk-judgement", "容量超過": "reason mailbox_full",
		"グレイリストって何": "term greylisting",
		"【42553】":   "delivery_code 42553", "42553とは": "delivery_code 42553", "ドコモとは": "provider docomo",
		"gmailとは": "provider gmail",
		"ドコモのメール": "provider docomo", "docomo メール": "provider docomo",
		"ソフトバンク 問い合わせ":       "provider softbank",
		"gmail requirements": "provider gmail", "Yahoo!": "provider yahoo", "auの窓口": "provider au",
	} {
		got := "nothing"
		if list := x.Explain(input).Readings; len(list) > 0 {
			got = string(list[0].Kind) + " " + list[0].ID
		}
		if got != want {
			t.Errorf("%q is read as %s, want %s", input, got, want)
		}
	}
	for input, want := range map[string]string{
		"ドコモにメールが届かない": "docomo", "auのお客様に届きません": "au",
		"ソフトバンク宛てが正常なのに届かない": "softbank",
	} {
		if !slices.ContainsFunc(x.Explain(input).Readings, func(r Reading) bool { return r.Kind == KindProvider && r.ID == want }) {
			t.Errorf("%q does not show the page of %s", input, want)
		}
	}
	for _, input := range []string{"autumnとは", "メールとは違う", "とは", "設定"} {
		if list := x.Explain(input).Readings; len(list) > 0 && list[0].Kind == KindProvider {
			t.Errorf("%q is read as %s", input, list[0].ID)
		}
	}
}

// TestContacts: a reply of a provider for everybody names its contact and asks no IT department; a company's server does.
func TestContacts(t *testing.T) {
	t.Parallel()
	x := loaded(t)
	departments := []string{"contact_recipient_admin", "countermeasure_ask", "ask_it_department"}
	for input, want := range map[string]string{
		"554 5.7.1 [CS01] Message rejected due to local policy":                     "icloudadmin@apple.com",
		"550 5.7.1 Unfortunately, messages from [192.0.2.1] were not sent (S3140).": "https://olcsupport.office.com/",
		"553 VS98-IP1 deferred": "https://support.yahoo-net.jp/PccMail/s/",
		"to=<a@gmail.com>, relay=gmail-smtp-in.l.google.com[192.0.2.1]:25, 550 5.7.1 policy reasons": "https://support.goog" +
			"le.com/mail/contact/gmail_bulk_sender_escalation",
		"550 5.7.1 refused by policy of mx.kaisha.test": "",
	} {
		r := x.Explain(input).Readings[0]
		got := ""
		if len(r.Contacts) > 0 {
			got = r.Contacts[0].Address
		}
		asks := slices.ContainsFunc(r.Steps, func(s codes.Remedy) bool { return slices.Contains(departments, s.ID) })
		if got != want || asks != (want == "") {
			t.Errorf("%q: contact %q, want %q; asks an IT department: %v", input, got, want, asks)
		}
	}
	// Where only the recipient is heard, or nobody, the recipient is asked.
	for _, input := range []string{"host mfsmax.docomo.ne.jp said: 550 5.7.1 <a@docomo.ne.jp>: refused by policy",
		"host mx.plala.or.jp said: 550 5.7.1 <a@x.plala.or.jp>: refused by policy"} {
		r := x.Explain(input).Readings[0]
		ask := slices.ContainsFunc(r.Steps, func(s codes.Remedy) bool { return s.ID == "ask_recipient_allow" })
		other := slices.ContainsFunc(r.Steps, func(s codes.Remedy) bool {
			return s.ID == "contact_provider" || slices.Contains(departments, s.ID)
		})
		if !ask || other || r.Action != codes.ActionContactRecipient {
			t.Errorf("%q: %v, %s", input, r.Steps, r.Action)
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
