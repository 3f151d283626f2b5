package provider

import "todoku/codes"

// PageOrOthers gives the page of a provider by its id; for "", and for those that publish nothing, the one of all others.
func PageOrOthers(id string) Page {
	if p, ok := PageOf(id); ok {
		return p
	}
	return others()
}

// others is what every server may ask for. Nobody publishes it: it is common knowledge of the field.
func others() Page {
	demand := func(needs string, level Level, layer Layer, breach Breach,
		text codes.Text) Fact {
		return Fact{Topic: Demand, Layer: layer, Needs: needs, Level: level, Breach: breach, Text: text}
	}
	return Page{
		Name: codes.Text{EN: "other servers", JA: "その他のサーバー"},
		Sources: []Source{{Title: codes.Text{EN: "common knowledge", JA: "一般的な知見"}, Certainty: codes.General,
			Checked: "2026-11-27"}},
		Facts: []Fact{
			demand("spf_not_fail", Required, LayerDNS, Refused, codes.Text{
				EN: "SPF does not fail: many servers refuse such mail.",
				JA: "SPFの認証に失敗(fail)しないこと(失敗したメールは多くのサーバーで拒否されます)。"}),
			demand("spf_or_dkim", Recommended, LayerDNS, Junk, codes.Text{
				EN: "SPF or DKIM passes.",
				JA: "SPFまたはDKIMの認証に成功すること。"}),
			demand("dmarc_policy", Required, LayerDNS, Refused, codes.Text{
				EN: "The DMARC policy of the domain of From: is followed.",
				JA: "FromのドメインのDMARCポリシーに従って処理されます。"}),
			demand("ptr", Recommended, LayerConnection, Refused, codes.Text{
				EN: "A PTR of the sending address.",
				JA: "送信元IPアドレスの逆引き(PTR)。"}),
			demand("dns", Required, LayerDNS, Refused, codes.Text{
				EN: "The sender's domains exist and can take mail.",
				JA: "送信者のドメインが存在し、メールを受け取れること。"}),
			demand("format", Recommended, LayerMessage, Refused, codes.Text{
				EN: "The header has the form of RFC 5322.",
				JA: "ヘッダーがRFC 5322に沿っていること。"}),
		},
	}
}
