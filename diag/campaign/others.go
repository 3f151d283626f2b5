package campaign

import (
	"todoku/codes"
	"todoku/diag/provider"
)

// pageOf is the page of a provider; "" and those that publish nothing have the one of all others.
func pageOf(id string) provider.Page {
	if p, ok := provider.PageOf(id); ok {
		return p
	}
	return others()
}

// others is what every server may ask for. Nobody publishes it: it is common knowledge of the field.
func others() provider.Page {
	demand := func(needs string, level provider.Level, layer provider.Layer, breach provider.Breach,
		text codes.Text) provider.Fact {
		return provider.Fact{Topic: provider.Demand, Layer: layer, Needs: needs, Level: level, Breach: breach, Text: text}
	}
	return provider.Page{
		Name: codes.Text{EN: "other servers", JA: "その他のサーバー"},
		Sources: []provider.Source{{Title: codes.Text{EN: "common knowledge", JA: "一般的な知見"}, Certainty: codes.General,
			Checked: "2026-11-27"}},
		Facts: []provider.Fact{
			demand("spf_not_fail", provider.Required, provider.LayerDNS, provider.Refused, codes.Text{
				EN: "SPF does not fail: many servers refuse such mail.",
				JA: "SPFの認証に失敗(fail)しないこと(失敗したメールは多くのサーバーで拒否されます)。"}),
			demand("spf_or_dkim", provider.Recommended, provider.LayerDNS, provider.Junk, codes.Text{
				EN: "SPF or DKIM passes.",
				JA: "SPFまたはDKIMの認証に成功すること。"}),
			demand("dmarc_policy", provider.Required, provider.LayerDNS, provider.Refused, codes.Text{
				EN: "The DMARC policy of the domain of From: is followed.",
				JA: "FromのドメインのDMARCポリシーに従って処理されます。"}),
			demand("ptr", provider.Recommended, provider.LayerConnection, provider.Refused, codes.Text{
				EN: "A PTR of the sending address.",
				JA: "送信元IPアドレスの逆引き(PTR)。"}),
			demand("dns", provider.Required, provider.LayerDNS, provider.Refused, codes.Text{
				EN: "The sender's domains exist and can take mail.",
				JA: "送信者のドメインが存在し、メールを受け取れること。"}),
			demand("format", provider.Recommended, provider.LayerMessage, provider.Refused, codes.Text{
				EN: "The header has the form of RFC 5322.",
				JA: "ヘッダーがRFC 5322に沿っていること。"}),
		},
	}
}
