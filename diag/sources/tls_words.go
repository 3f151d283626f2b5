package sources

import "todoku/codes"

// Says is what a result type means, whose matter it is, and what to do.
func (f *TLSFailure) Says() codes.Text {
	for _, x := range tlsTexts {
		if x.kind == f.Type {
			return x.says
		}
	}
	return codes.Text{EN: "a failure that RFC 8460 does not name: look at the mail server",
		JA: "RFC 8460にない種別の失敗です。メールサーバーを確認してください"}
}

// tlsTexts are the result types of RFC 8460 §4.3.
var tlsTexts = [...]struct {
	kind string
	says codes.Text
}{
	{"starttls-not-supported", codes.Text{EN: "the mail server offers no STARTTLS: the mail admin has to turn it on",
		JA: "メールサーバーがSTARTTLSに対応していません。メール管理者が有効にする必要があります"}},
	{"certificate-host-mismatch", codes.Text{EN: "the certificate is for other names than the MX host: the mail admin has to renew it with that name",
		JA: "証明書の名前がMXホスト名と一致しません。メール管理者がその名前の証明書に替える必要があります"}},
	{"certificate-expired", codes.Text{EN: "the certificate has expired: the mail admin has to renew it",
		JA: "証明書の有効期限が切れています。メール管理者が更新する必要があります"}},
	{"certificate-not-trusted", codes.Text{EN: "the certificate is of no CA that senders trust, or the chain is not whole: the mail admin has to mend it",
		JA: "証明書が信頼されないCAのものか、中間証明書が不足しています。メール管理者が直す必要があります"}},
	{"validation-failure", codes.Text{EN: "TLS failed for another reason: the mail admin has to look at the server at that time",
		JA: "その他の理由でTLSに失敗しました。メール管理者がその時刻のサーバーの状態を確認してください"}},
	{"tlsa-invalid", codes.Text{EN: "no TLSA record fits the certificate: the DNS admin has to renew the records before the certificate changes",
		JA: "TLSAレコードが証明書と一致しません。DNS管理者が、証明書の変更前にレコードを更新する必要があります"}},
	{"dnssec-invalid", codes.Text{EN: "DNSSEC of the MX host cannot be validated: the DNS admin has to mend the signatures",
		JA: "MXホストのDNSSECを検証できません。DNS管理者が署名を直す必要があります"}},
	{"dane-required", codes.Text{EN: "the sender demands DANE, and there is no TLSA record that can be used: the DNS admin may publish one",
		JA: "送信側がDANEを必須としていますが、使えるTLSAレコードがありません。DNS管理者が公開を検討してください"}},
	{"sts-policy-fetch-error", codes.Text{EN: "the MTA-STS policy could not be fetched: the web admin has to look at https://mta-sts. of the domain",
		JA: "MTA-STSポリシーを取得できませんでした。ウェブ管理者が https://mta-sts. のサーバーを確認してください"}},
	{"sts-policy-invalid", codes.Text{EN: "the MTA-STS policy has a fault: the web admin has to mend the file",
		JA: "MTA-STSポリシーの内容に誤りがあります。ウェブ管理者がファイルを直す必要があります"}},
	{"sts-webpki-invalid", codes.Text{EN: "the certificate of the web server with the MTA-STS policy does not hold: the web admin has to renew it",
		JA: "MTA-STSポリシーを置くウェブサーバーの証明書が無効です。ウェブ管理者が更新する必要があります"}},
}
