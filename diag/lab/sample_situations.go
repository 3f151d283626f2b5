package lab

import "strings"

// sampleSituations lists the ready-made mails, the healthy one first.
func sampleSituations() []sampleSituation {
	return []sampleSituation{
		{name: "healthy", en: "a newsletter with nothing wrong", ja: "問題のないメールマガジン"},
		{name: "unsigned", rules: "dkim-unsigned", signer: none,
			en: "no DKIM signature; SPF alone passes DMARC", ja: "DKIM署名がなく、SPFだけでDMARCの認証に成功します"},
		{name: "list-footer", rules: "dkim-body-changed dkim-altered",
			signed: footer("_______________________________________________\nmembers mailing list\n"),
			en:     "a mailing list put a footer under the signed body",
			ja:     "メーリングリストが署名済みの本文にフッターを追加しました"},
		{name: "external", rules: "dkim-signature-mismatch dkim-altered", signed: afterwards("Subject: ", "Subject: [EXTERNAL] "),
			en: "a gateway put [EXTERNAL] before the signed subject",
			ja: "ゲートウェイが署名済みの件名に [EXTERNAL] を付けました"},
		{name: "requoted", rules: "dkim-body-changed dkim-altered", signed: requoted,
			en: "a server wrote the signed body as quoted-printable",
			ja: "中継サーバーが署名済みの本文を quoted-printable に変換しました"},
		{name: "key-revoked", code: "42550", rules: "dkim-signature-key", from: "dkim-revoked.test",
			en: "signed with a key that is revoked", ja: "失効した鍵で署名されています"},
		{name: "key-missing", code: "42550", rules: "dkim-signature-key", from: "no-dkim.test",
			en: "signed with a key that nobody published", ja: "公開されていない鍵で署名されています"},
		{name: "unaligned", code: "42550", rules: "dmarc-fail", from: "dmarc-misaligned.test", signer: "healthy.test",
			envelope: "healthy.test",
			en:       "SPF and DKIM pass for another domain than that of From",
			ja:       "SPFとDKIMが、Fromとは別のドメインで成功しています"},
		{name: "placeholder", rules: "content-placeholder", write: inBody("Hello Hanako", "Hello {{first_name}}"),
			en: "a placeholder that was not filled in", ja: "差し込み項目が置き換えられていません"},
		{name: "no-unsubscribe", code: "42550", rules: "content-unsubscribe-click", write: withoutClick,
			en: "a newsletter that cannot be left with one click", ja: "ワンクリックで配信停止できないメールマガジン"},
		{name: "two-authors", code: "42550", write: secondFrom,
			rules: "headers-from-multiple dmarc-from-several dmarc-fail",
			en:    "two From fields, of which readers show either",
			ja:    "Fromヘッダーが2つあり、どちらが表示されるか分かりません"},
		{name: "arc", rules: "arc-broken", signed: sealedInPart,
			en: "a forwarder left half of an ARC set", ja: "転送サーバーが不完全なARCヘッダーを残しました"},
		{name: "forged", code: "42550", rules: "spf-ip-fail dmarc-fail dkim-unsigned", signer: none, ip: "192.0.2.99",
			en: "from a server that nobody allowed, and not signed",
			ja: "許可されていないサーバーからの、署名のないメール"},
	}
}

// withoutClick takes the field away that makes an address one of one click (RFC 8058 §3.1).
func withoutClick(l *letter) { l.set("List-Unsubscribe-Post", "") }

// sealedInPart puts an ARC set without its message signature over the mail.
func sealedInPart(eml string) string {
	return "ARC-Seal: i=1; a=rsa-sha256; cv=none; d=esp.test; s=s1; t=1795478400; b=AAAA\r\n" +
		"ARC-Authentication-Results: i=1; mx.esp.test; spf=pass smtp.mailfrom=news@healthy.test; dkim=pass header.d=healthy.test\r\n" + eml
}

// secondFrom adds another author behind the first.
func secondFrom(l *letter) { l.head = append(l.head, "From: Boss <boss@spf-ip.test>") }

// requoted writes the body anew as quoted-printable, as a server does that takes no 8-bit data.
func requoted(eml string) string {
	head, body, _ := strings.Cut(eml, "\r\n\r\n")
	head = strings.Replace(head, "Content-Transfer-Encoding: 7bit", "Content-Transfer-Encoding: quoted-printable", 1)
	body = strings.NewReplacer("=", "=3D", "December and is", "December=\r\n and is").Replace(body)
	return head + "\r\n\r\n" + body
}
