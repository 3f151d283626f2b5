package check

import (
	"todoku/codes"
	"todoku/diag"
)

// tlsrptNone says what is missing without reports.
var tlsrptNone = codes.Text{
	EN: "no report arrives: that senders fail to reach your servers by TLS, or hold mail back because of MTA-STS or DANE, stays unseen",
	JA: "レポートが届かないため、送信側のTLS接続の失敗や、MTA-STS・DANEによる配送の保留を把握できません"}

// The rules of the TLS-RPT check (RFC 8460).
var (
	TLSRPTSyntax = &diag.Rule{
		ID: "tlsrpt-syntax", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 8460 §3", Codes: nil, Why: tlsrptNone,
		Says: codes.Text{
			EN: "the TLS-RPT record at {name} has a fault at {where}: \"{text}\" ({fault}; right: {expected})",
			JA: "{name} のTLS-RPTレコードの{where}に誤りがあります:「{text}」({fault}。正しい形: {expected})"},
		Fix: codes.Text{
			EN: "correct this part and keep every other destination",
			JA: "この部分だけを修正し、ほかの送信先はそのまま残してください"},
	}

	TLSRPTMultiple = &diag.Rule{
		ID: "tlsrpt-multiple", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 8460 §3", Codes: nil, Why: tlsrptNone,
		Says: codes.Text{
			EN: "{name} has {count} TLS-RPT records, one is allowed: senders discard all of them",
			JA: "{name} にTLS-RPTレコードが{count}個あります(1個だけにする必要があり、送信側はすべて無視します)"},
		Fix: codes.Text{
			EN: "make one record with the destinations of all, separated by commas",
			JA: "すべての送信先をカンマで区切り、1つのレコードにまとめてください"},
	}

	TLSRPTNoMX = &diag.Rule{
		ID: "tlsrpt-no-mx", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 5321 §5.1", Codes: nil, Why: tlsrptNone,
		Says: codes.Text{
			EN: "{destination} cannot receive mail, so the TLS reports for {uri} are lost",
			JA: "{destination} はメールを受信できないため、{uri} へのTLSレポートが届きません"},
		Fix: codes.Text{
			EN: "give {destination} an MX record, or use an address that receives mail",
			JA: "{destination} にMXレコードを設定するか、受信できる宛先に変更してください"},
	}

	TLSRPTNoHost = &diag.Rule{
		ID: "tlsrpt-no-host", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 8460 §5.4", Codes: nil, Why: tlsrptNone,
		Says: codes.Text{
			EN: "{destination} has no address, so the TLS reports for {uri} are lost",
			JA: "{destination} のアドレスがDNSにないため、{uri} へのTLSレポートが届きません"},
		Fix: codes.Text{
			EN: "correct the name, or use a destination that exists",
			JA: "ホスト名を修正するか、存在する送信先に変更してください"},
	}

	TLSRPTURIScheme = &diag.Rule{
		ID: "tlsrpt-uri-scheme", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 8460 §3", Codes: nil, Why: tlsrptNone,
		Says: codes.Text{
			EN: "the TLS-RPT record at {name} sends reports to addresses that are neither mailto: nor https: {uris}",
			JA: "{name} のTLS-RPTレコードに、mailto: でも https: でもない送信先があります: {uris}"},
		Fix: codes.Text{
			EN: "give a mailto: or an https: address; senders support nothing else",
			JA: "mailto: または https: の送信先を指定してください。送信側はそれ以外に対応していません"},
	}

	TLSRPTMisplaced = &diag.Rule{
		ID: "tlsrpt-misplaced", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 8460 §3", Codes: nil, Why: tlsrptNone,
		Says: codes.Text{
			EN: "the TLS-RPT record stands at {place} instead of at {name}",
			JA: "TLS-RPTレコードが {name} ではなく {place} に設定されています"},
		Fix: codes.Text{
			EN: "move the TXT record to the name {name}; a DNS service that adds the domain itself wants only the part before it",
			JA: "このTXTレコードを {name} に移してください。ドメイン名を自動で補うDNSサービスでは、ドメイン名より前の部分だけを入力します"},
	}

	TLSRPTNone = &diag.Rule{
		ID: "tlsrpt-none", Severity: diag.Info, Owner: diag.OwnerDNS, Ref: "RFC 8460 §3", Codes: nil, Why: tlsrptNone,
		Says: codes.Text{
			EN: "{domain} has no TLS-RPT record",
			JA: "{domain} にTLS-RPTレコードがありません"},
		Fix: codes.Text{
			EN: "nothing has to be done; who uses MTA-STS or DANE publishes a record at {name}, with an address that somebody, or a service, reads",
			JA: "対応は必須ではありません。MTA-STSまたはDANEを使う場合は、担当者またはサービスが確認できる宛先を {name} に公開してください"},
	}

	TLSRPTIgnored = &diag.Rule{
		ID: "tlsrpt-ignored", Severity: diag.Info, Owner: diag.OwnerDNS, Ref: "RFC 8460 §3", Codes: nil,
		Says: codes.Text{
			EN: "the TLS-RPT record at {name} has parts that senders ignore: {terms}",
			JA: "{name} のTLS-RPTレコードに、送信側が無視する部分があります: {terms}"},
		Why: codes.Text{
			EN: "of a field that stands there twice the first one counts, and unknown fields count for nothing",
			JA: "同じ項目が複数ある場合は最初のものだけが有効で、未知の項目は無視されます"},
		Fix: codes.Text{
			EN: "correct the name of the field, or take the part out",
			JA: "項目名を修正するか、その部分を削除してください"},
	}
)
