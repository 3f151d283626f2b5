package sources

import "todoku/codes"

// Says is what a result type of RFC 8460 §4.3 means, whose matter it is, and what to do.
func (f *TLSFailure) Says() codes.Text {
	switch f.Type {
	case "starttls-not-supported":
		return codes.Text{EN: "the mail server offers no STARTTLS: the mail admin has to turn it on",
			JA: "メールサーバーがSTARTTLSに対応していません。メール管理者が有効にする必要があります"}
	case "certificate-host-mismatch":
		return codes.Text{EN: "the certificate is for other names than the MX host: the mail admin has to renew it with that name",
			JA: "証明書の名前がMXホスト名と一致しません。メール管理者がその名前の証明書に替える必要があります"}
	case "certificate-expired":
		return codes.Text{EN: "the certificate has expired: the mail admin has to renew it",
			JA: "証明書の有効期限が切れています。メール管理者が更新する必要があります"}
	case "certificate-not-trusted":
		return codes.Text{EN: "the certificate is of no CA that senders trust, or the chain is not whole: the mail admin has to mend it",
			JA: "証明書が信頼されないCAのものか、中間証明書が不足しています。メール管理者が直す必要があります"}
	case "validation-failure":
		return codes.Text{EN: "TLS failed for another reason: the mail admin has to look at the server at that time",
			JA: "その他の理由でTLSに失敗しました。メール管理者がその時刻のサーバーの状態を確認してください"}
	}
	return f.policySays()
}

// policySays is Says for the types about DANE and MTA-STS.
func (f *TLSFailure) policySays() codes.Text {
	switch f.Type {
	case "tlsa-invalid":
		return codes.Text{EN: "no TLSA record fits the certificate: the DNS admin has to renew the records before the certificate changes",
			JA: "TLSAレコードが証明書と一致しません。DNS管理者が、証明書の変更前にレコードを更新する必要があります"}
	case "dnssec-invalid":
		return codes.Text{EN: "DNSSEC of the MX host cannot be validated: the DNS admin has to mend the signatures",
			JA: "MXホストのDNSSECを検証できません。DNS管理者が署名を直す必要があります"}
	case "dane-required":
		return codes.Text{EN: "the sender demands DANE, and there is no TLSA record that can be used: the DNS admin may publish one",
			JA: "送信側がDANEを必須としていますが、使えるTLSAレコードがありません。DNS管理者が公開を検討してください"}
	case "sts-policy-fetch-error":
		return codes.Text{EN: "the MTA-STS policy could not be fetched: the web admin has to look at https://mta-sts. of the domain",
			JA: "MTA-STSポリシーを取得できませんでした。ウェブ管理者が https://mta-sts. のサーバーを確認してください"}
	case "sts-policy-invalid":
		return codes.Text{EN: "the MTA-STS policy has a fault: the web admin has to mend the file",
			JA: "MTA-STSポリシーの内容に誤りがあります。ウェブ管理者がファイルを直す必要があります"}
	case "sts-webpki-invalid":
		return codes.Text{EN: "the certificate of the web server with the MTA-STS policy does not hold: the web admin has to renew it",
			JA: "MTA-STSポリシーを置くウェブサーバーの証明書が無効です。ウェブ管理者が更新する必要があります"}
	}
	return codes.Text{EN: "a failure that RFC 8460 does not name: look at the mail server", JA: "RFC 8460にない種別の失敗です。メールサーバーを確認してください"}
}
