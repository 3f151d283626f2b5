package check

import (
	"todoku/codes"
	"todoku/diag"
)

// The rules of the DANE check.
var (
	DANEMismatch = &diag.Rule{
		ID: "dane-mismatch", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 7672 §3.1", Codes: []string{"41606", "4.7.0"},
		Writing: daneWait(),
		Says: codes.Text{
			EN: "no TLSA record of {host} matches the certificate that the server shows at {address}: {problem}",
			JA: "{host} のTLSAレコードが、{address} でサーバーが提示する証明書と一致しません: {problem}"},
		Why: codes.Text{
			EN: "senders with DANE do not deliver there: their mail waits, and comes back at the end of the retries (41606)",
			JA: "DANEを使う送信側からは配送されません。メールは送信待ちになり、再送期限が過ぎるとエラーになります(41606)"},
		Fix: codes.Text{
			EN: "publish a TLSA record of the certificate in use, or put back the one that the records are of; next time publish the new record first, and change the certificate once the TTL has passed",
			JA: "使用中の証明書のTLSAレコードを公開するか、" +
				"レコードに対応する証明書に戻してください。" +
				"次回からは、先に新しいレコードを公開し、TTLが過ぎてから証明書を更新してください"},
	}

	DANEStartTLS = &diag.Rule{
		ID: "dane-starttls", Severity: diag.Fail, Owner: diag.OwnerRecipient, Ref: "RFC 7672 §2.2", Codes: []string{"41606", "5.7.10"},
		Writing: daneWait(),
		Says: codes.Text{
			EN: "{host} has TLSA records, and there is no TLS at {address}: {reply}",
			JA: "{host} にはTLSAレコードがありますが、{address} ではTLSを使えません: {reply}"},
		Why: codes.Text{
			EN: "TLSA records promise TLS: mail of senders with DANE waits, and comes back at the end of the retries (41606)",
			JA: "TLSAレコードはTLSへの対応を宣言するものです。DANEを使う送信側からのメールは送信待ちになり、" +
				"再送期限が過ぎるとエラーになります(41606)"},
		Fix: codes.Text{
			EN: "make STARTTLS work on {host}; until then take its TLSA records away",
			JA: "{host} でSTARTTLSを使えるようにしてください。それまではTLSAレコードを削除してください"},
	}

	DANEUnsigned = &diag.Rule{
		ID: "dane-unsigned", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 7672 §2.2.1", Codes: nil,
		Says: codes.Text{
			EN: "DNSSEC does not secure {what}: {name} is not signed",
			JA: "{what} はDNSSECで保護されていません({name} に署名がありません)"},
		Why: codes.Text{
			EN: "senders use TLSA records only where DNSSEC secures the way to them: most deliver as if there were none",
			JA: "送信側は、DNSSECで保護されている場合にだけTLSAレコードを使います。ほとんどの送信側は、レコードがないものとして配送します"},
		Fix: codes.Text{
			EN: "sign the zone with DNSSEC and give its DS record to the registrar",
			JA: "ゾーンをDNSSECで署名し、DSレコードをレジストラに登録してください"},
	}

	DANESyntax = &diag.Rule{
		ID: "dane-syntax", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 6698 §2.1", Codes: nil,
		Says: codes.Text{
			EN: "a TLSA record of {host} is broken: {fault} ({record})",
			JA: "{host} のTLSAレコードが壊れています: {fault}({record})"},
		Why: codes.Text{
			EN: "senders pass it over; where no other record is left, they check no certificate",
			JA: "送信側はこのレコードを無視します。ほかに使えるレコードがなければ、証明書は検証されません"},
		Fix: codes.Text{
			EN: "make the record again from the certificate, and take this one away",
			JA: "証明書からレコードを作り直し、このレコードを削除してください"},
	}

	DANEUnusable = &diag.Rule{
		ID: "dane-unusable", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 7672 §3.1.3", Codes: nil,
		Says: codes.Text{
			EN: "senders of mail cannot use a TLSA record of {host}: {fault} ({record})",
			JA: "{host} のTLSAレコードは、メールの送信側では使えません: {fault}({record})"},
		Why: codes.Text{
			EN: "senders pass it over; where no other record is left, they check no certificate",
			JA: "送信側はこのレコードを無視します。ほかに使えるレコードがなければ、証明書は検証されません"},
		Fix: codes.Text{
			EN: "publish a record of usage 3 or 2 (best: 3 1 1), and take this one away",
			JA: "用途3または2のレコード(推奨は「3 1 1」)を公開し、このレコードを削除してください"},
	}

	DANEPartial = &diag.Rule{
		ID: "dane-partial", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 7672 §2.2.1", Codes: nil,
		Says: codes.Text{
			EN: "{names} has TLSA records, and {hosts} has none",
			JA: "{names} にはTLSAレコードがありますが、{hosts} にはありません"},
		Why: codes.Text{
			EN: "mail that goes to a host without them is as little protected as without DANE, and somebody in between can lead it there",
			JA: "TLSAレコードのないホストへの配送はDANEで保護されず、経路上の第三者がメールをそちらへ誘導できます"},
		Fix: codes.Text{
			EN: "publish TLSA records for all MX hosts",
			JA: "すべてのMXホストにTLSAレコードを公開してください"},
	}

	DANERollover = &diag.Rule{
		ID: "dane-rollover", Severity: diag.Info, Owner: diag.OwnerDNS, Ref: "RFC 7671 §8.1", Codes: nil,
		Says: codes.Text{
			EN: "the TLSA records of {host} are of one certificate or key only: there is none for the next",
			JA: "{host} のTLSAレコードは、1つの証明書(または鍵)のものだけで、次のものがありません"},
		Why: codes.Text{
			EN: "a certificate with a new key that is installed before its record is published and seen everywhere stops mail",
			JA: "新しい鍵の証明書を、レコードが行き渡る前に設置すると、メールが届かなくなります"},
		Fix: codes.Text{
			EN: "keep the key when you renew, or publish the record of the next key (or of your authority, 2 1 1) beside this one before you change",
			JA: "更新時に鍵を使い続けるか、変更の前に次の鍵(または認証局の「2 1 1」)のレコードを追加で公開してください"},
	}

	DANENone = &diag.Rule{
		ID: "dane-none", Severity: diag.Info, Owner: diag.OwnerDNS, Ref: "RFC 7672 §2.2", Codes: nil,
		Says: codes.Text{
			EN: "the MX hosts of {domain} have no TLSA records",
			JA: "{domain} のMXホストにTLSAレコードがありません"},
		Why: codes.Text{
			EN: "mail arrives all the same; senders with DANE cannot tell the real server from a false one",
			JA: "メールは届きます。ただし、DANEを使う送信側がサーバーの真偽を確認できません"},
		Fix: codes.Text{
			EN: "nothing has to be done; DANE needs DNSSEC, and care when certificates are renewed",
			JA: "対応は必須ではありません。DANEにはDNSSECと、証明書更新時の運用が必要です"},
	}
)

// daneWait is what a rule says to somebody who writes to the domain, where senders with DANE do not deliver.
func daneWait() *diag.Advice {
	return &diag.Advice{
		Why: codes.Text{
			EN: "if your server or the one of your sending service uses DANE, mail to this host waits, and comes back at the end of the retries (41606)",
			JA: "送信サーバー(または配信サービス)がDANEを使う場合、このホスト宛てのメールは送信待ちになり、" +
				"再送期限が過ぎるとエラーになります(41606)"},
		Fix: codes.Text{
			EN: "tell the recipient's administrator by another way, with these lines",
			JA: "別の手段で宛先のシステム管理者に連絡し、この内容を伝えてください"},
		Owner: diag.OwnerRecipient,
	}
}
