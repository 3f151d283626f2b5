package report

import (
	"todoku/codes"
	"todoku/diag/campaign"
	"todoku/diag/provider"
)

// needText is what a demand is about, in a word or two.
func needText(needs string) codes.Text {
	switch needs {
	case "spf", "spf_not_fail":
		return codes.Same("SPF")
	case "spf_from":
		return codes.Text{EN: "SPF of the From domain", JA: "FromのSPF"}
	case "dkim":
		return codes.Same("DKIM")
	case "spf_or_dkim":
		return codes.Text{EN: "SPF or DKIM", JA: "SPFまたはDKIM"}
	case "key_bits":
		return codes.Text{EN: "size of the key", JA: "鍵の長さ"}
	case "dmarc":
		return codes.Text{EN: "DMARC record", JA: "DMARCレコード"}
	case "dmarc_pass", "dmarc_policy":
		return codes.Same("DMARC")
	case "alignment", "dkim_alignment":
		return codes.Text{EN: "alignment", JA: "ドメインの一致"}
	case "ptr", "ptr_named":
		return codes.Text{EN: "reverse DNS", JA: "逆引き"}
	case "helo":
		return codes.Same("HELO")
	case "tls":
		return codes.Same("TLS")
	case "dns", "dns_mx":
		return codes.Text{EN: "sender's domain", JA: "送信者のドメイン"}
	case "one_click":
		return codes.Text{EN: "one-click unsubscribe", JA: "ワンクリック配信停止"}
	}
	return mailNeedText(needs)
}

// mailNeedText does so for what is in the mail, and for what nobody sees from outside.
func mailNeedText(needs string) codes.Text {
	switch needs {
	case "list_unsubscribe", "unsubscribe":
		return codes.Text{EN: "unsubscribe", JA: "配信停止"}
	case "format", "address":
		return codes.Text{EN: "form of the mail", JA: "メールの形式"}
	case "size":
		return codes.Text{EN: "size", JA: "サイズ"}
	case "line":
		return codes.Text{EN: "length of a line", JA: "行の長さ"}
	case "complaints":
		return codes.Text{EN: "complaints", JA: "苦情率"}
	case "consent":
		return codes.Text{EN: "consent", JA: "受信者の同意"}
	case "list_hygiene":
		return codes.Text{EN: "clean list", JA: "宛先リストの整理"}
	case "imprint":
		return codes.Text{EN: "imprint", JA: "発行者情報"}
	case "arc":
		return codes.Same("ARC")
	}
	return codes.Same(needs)
}

// breachText is what becomes of a mail.
func breachText(b provider.Breach) codes.Text {
	switch b {
	case provider.Refused:
		return codes.Text{EN: "refused", JA: "拒否"}
	case provider.Deferred:
		return codes.Text{EN: "held back", JA: "一時拒否"}
	case provider.Reset:
		return codes.Text{EN: "the connection is cut without a reply", JA: "応答なしで切断"}
	case provider.Junk:
		return codes.Text{EN: "taken, then put into the spam folder", JA: "受け取られますが、迷惑メールフォルダーに入ります"}
	case provider.Marked:
		return codes.Text{EN: "taken, then shown with a warning", JA: "受け取られますが、警告が表示されます"}
	case provider.Discarded:
		return codes.Text{EN: "taken, then shown to nobody", JA: "受け取られますが、受信者には表示されません"}
	case provider.Unhelped:
		return codes.Text{EN: "taken, but may be filtered, and the provider then gives no help", JA: "受け取られますが、振り分けの対象になり、事業者の救済を受けられません"}
	}
	return codes.Text{EN: "nothing is published about what follows", JA: "満たさない場合の扱いは公表されていません"}
}

// replyCertaintyText is what a predicted reply rests on.
func replyCertaintyText(c codes.Certainty) codes.Text {
	switch c {
	case codes.Documented:
		return codes.Text{EN: "documented", JA: "公表"}
	case codes.Observed:
		return codes.Text{EN: "observed", JA: "観測"}
	}
	return codes.Text{EN: "inferred", JA: "推定"}
}

// suspectText says what is wrong with recipients.
func suspectText(f campaign.Fault) codes.Text {
	switch f {
	case campaign.FaultSyntax:
		return codes.Text{EN: "no mail address", JA: "メールアドレスの形ではない"}
	case campaign.FaultDuplicate:
		return codes.Text{EN: "named twice", JA: "重複"}
	case campaign.FaultInvalid:
		return codes.Text{EN: "invalid in the history", JA: "送信履歴で有効フラグが無効"}
	case campaign.FaultNoDomain:
		return codes.Text{EN: "the domain does not exist", JA: "ドメインが存在しない"}
	case campaign.FaultNoMX:
		return codes.Text{EN: "the domain takes no mail (no MX)", JA: "ドメインにMXがない"}
	case campaign.FaultNullMX:
		return codes.Text{EN: "the domain takes no mail (null MX)", JA: "メールを受信しないドメイン(null MX)"}
	case campaign.FaultUnknown:
		return codes.Text{EN: "DNS did not tell", JA: "DNSで確認できない"}
	case campaign.FaultTypo:
		return codes.Text{EN: "looks like a typing mistake", JA: "入力誤りの疑い"}
	}
	return codes.Text{EN: "of a task, not of a person", JA: "役割のアドレス(個人宛てではない)"}
}

// campaignMark is the status of a requirement as a sign.
func campaignMark(s campaign.Status) string {
	switch s {
	case campaign.Pass:
		return "✓"
	case campaign.Fail:
		return "✗"
	case campaign.Unknown:
		return "?"
	}
	return "–"
}
