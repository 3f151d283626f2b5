package check

import (
	"todoku/codes"
	"todoku/diag"
)

// Why texts that several rules share.
var (
	dmarcRequired = codes.Text{
		EN: "Gmail (550 5.7.40), Yahoo and Outlook.com (550 5.7.515) want a DMARC record from everybody who sends in bulk: delivery code 42550 or 42553, or the junk folder",
		JA: "Gmail(550 5.7.40)、Yahoo、Outlook.com(550 5.7.515)は、一斉送信する送信者にDMARCレコードを求めています。配信コード 42550・42553 での受信拒否や迷惑メール判定の原因になります"}
	dmarcUnprotected = codes.Text{
		EN: "forged mail in the name of the domain is delivered like any other, and its complaints lower the reputation of the real mail",
		JA: "このドメインをかたるなりすましメールもそのまま配信され、その苦情が正規のメールの評価を下げます"}
	dmarcUnread = codes.Text{
		EN: "receivers put a default in the place of what they cannot read, or ignore the record; not all read the same",
		JA: "読み取れない部分は既定値として扱われるか、レコード全体が無視されます。解釈は受信側によって異なります"}
	dmarcNoReports = codes.Text{
		EN: "no report arrives there: who sends in the name of the domain, and which of the own mail fails, stays unseen until mail is refused",
		JA: "レポートが届かないため、誰がこのドメインで送信しているか、正規のメールのどれが認証に失敗しているかを、受信拒否されるまで把握できません"}
)

// What the rules cause: the platform's codes and the enhanced codes of large
// providers.
var (
	dmarcAbsentCodes = []string{"42550", "42553", "5.7.40", "4.7.40", "4.7.31", "5.7.515"}
	dmarcFailCodes   = []string{"42550", "42553", "5.7.26", "4.7.26", "5.7.1", "5.7.509", "5.7.515"}
)

// The rules of the DMARC check (RFC 9989).
var (
	DMARCNone = &diag.Rule{
		ID: "dmarc-none", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 9989 §4.10.1", Codes: dmarcAbsentCodes, Why: dmarcRequired,
		Says: codes.Text{
			EN: "{domain} has no DMARC record",
			JA: "{domain} にDMARCレコードがありません"},
		Fix: codes.Text{
			EN: "begin with p=none and an address for reports; it changes nothing for your mail and shows who sends in your name",
			JA: "まず p=none とレポートの宛先(rua)を公開してください。メールの扱いは変わらず、自社ドメインの送信状況を把握できます"},
	}

	DMARCNoDomain = &diag.Rule{
		ID: "dmarc-no-domain", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 9989 §3.2.13",
		Codes: []string{"42550", "42553", "5.1.8", "5.7.27"},
		Says: codes.Text{
			EN: "{domain} does not exist in DNS (NXDOMAIN)",
			JA: "{domain} はDNSに存在しません(NXDOMAIN)"},
		Why: codes.Text{
			EN: "receivers refuse mail from a domain that does not exist, or judge it by the np policy of the domain above",
			JA: "存在しないドメインからのメールは、受信を拒否されるか、上位ドメインの np ポリシーで処理されます"},
		Fix: codes.Text{
			EN: "correct the spelling of the domain, renew it, or publish its records (MX, SPF)",
			JA: "ドメイン名の綴りと有効期限を確認するか、MXやSPFなどのレコードを公開してください"},
	}

	DMARCMultiple = &diag.Rule{
		ID: "dmarc-multiple", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 9989 §4.10", Codes: dmarcAbsentCodes,
		Says: codes.Text{
			EN: "{name} has {count} DMARC records, one is allowed",
			JA: "{name} にDMARCレコードが{count}個あります(1個だけにする必要があります)"},
		Why: codes.Text{
			EN: "receivers discard all of them: the domain counts as one without DMARC (Gmail 550 5.7.40, Outlook.com 550 5.7.515)",
			JA: "受信側はすべてのレコードを無視し、DMARC未設定として扱います(Gmail 550 5.7.40、Outlook.com 550 5.7.515)"},
		Fix: codes.Text{
			EN: "keep one of the records and delete the others",
			JA: "1つだけ残し、他のレコードを削除してください"},
	}

	DMARCMisplaced = &diag.Rule{
		ID: "dmarc-misplaced", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 9989 §4.5", Codes: dmarcAbsentCodes,
		Says: codes.Text{
			EN: "the DMARC record stands at {place} instead of at {name}",
			JA: "DMARCレコードが {name} ではなく {place} に設定されています"},
		Why: codes.Text{
			EN: "no receiver looks there: the domain counts as one without a DMARC record of its own (Gmail 550 5.7.40, Outlook.com 550 5.7.515)",
			JA: "受信側はこの場所を参照しないため、DMARC未設定として扱われます(Gmail 550 5.7.40、Outlook.com 550 5.7.515)"},
		Fix: codes.Text{
			EN: "move the TXT record to the name {name}; a DNS service that adds the domain itself wants only the part before it",
			JA: "このTXTレコードを {name} に移してください。ドメイン名を自動で補うDNSサービスでは、ドメイン名より前の部分だけを入力します"},
	}

	DMARCCNAMEBroken = &diag.Rule{
		ID: "dmarc-cname-broken", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 1034 §3.6.2", Codes: dmarcAbsentCodes,
		Says: codes.Text{
			EN: "{name} is an alias (CNAME) of {alias}, where there is no DMARC record",
			JA: "{name} は {alias} の別名(CNAME)ですが、その先にDMARCレコードがありません"},
		Why: codes.Text{
			EN: "the domain counts as one without DMARC (Gmail 550 5.7.40, Outlook.com 550 5.7.515)",
			JA: "DMARC未設定として扱われます(Gmail 550 5.7.40、Outlook.com 550 5.7.515)"},
		Fix: codes.Text{
			EN: "have the record published at {alias}, by the service that runs it or by yourself; or remove the CNAME and then publish a TXT record at {name}: no other record can stand beside a CNAME",
			JA: "{alias} を管理するサービスに連絡するか、自社で管理している場合は {alias} にレコードを公開してください。サービスを利用していない場合は、先にCNAMEを削除してから {name} にTXTレコードを公開してください(CNAMEと他のレコードは併存できません)"},
	}

	DMARCSyntax = &diag.Rule{
		ID: "dmarc-syntax", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 9989 §4.8", Codes: dmarcAbsentCodes, Why: dmarcUnread,
		Says: codes.Text{
			EN: "the DMARC record at {name} has a fault at position {offset}: \"{text}\" ({fault}; right: {expected})",
			JA: "{name} のDMARCレコードの{offset}バイト目に誤りがあります:「{text}」({fault}。正しい形: {expected})"},
		Fix: codes.Text{
			EN: "correct this part and keep the rest: the policy and every address for reports",
			JA: "この部分だけを修正し、ポリシーやレポートの宛先など、他の部分はそのまま残してください"},
	}

	DMARCPolicyNone = &diag.Rule{
		ID: "dmarc-policy-none", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 9989 §4.7", Codes: nil, Why: dmarcUnprotected,
		Says: codes.Text{
			EN: "the policy for {domain} is none: watched, not protected",
			JA: "{domain} のポリシーは none(監視のみ)で、なりすましから保護されていません"},
		Fix: codes.Text{
			EN: "when the reports show that all own mail passes, go on to p=quarantine, later to p=reject",
			JA: "レポートで自社のメールがすべて認証に成功していることを確認したら、p=quarantine、さらに p=reject へ進めてください"},
	}

	DMARCPolicyMissing = &diag.Rule{
		ID: "dmarc-policy-missing", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 9989 §4.7", Codes: nil,
		Says: codes.Text{
			EN: "the DMARC record at {name} has no p tag",
			JA: "{name} のDMARCレコードに p タグがありません"},
		Why: codes.Text{
			EN: "it counts as p=none today; receivers that follow RFC 7489 ignore such a record unless it has rua",
			JA: "現在の仕様では p=none として扱われますが、RFC 7489 に従う受信側は、rua がなければレコードを無視します"},
		Fix: codes.Text{
			EN: "write the policy right after v=DMARC1",
			JA: "v=DMARC1 の直後に p タグを記載してください"},
	}

	DMARCPolicyOrder = &diag.Rule{
		ID: "dmarc-policy-order", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 7489 §6.4", Codes: nil,
		Says: codes.Text{
			EN: "p is not the second tag of the DMARC record at {name}",
			JA: "{name} のDMARCレコードで、p タグが2番目にありません"},
		Why: codes.Text{
			EN: "RFC 9989 does not mind; receivers that follow RFC 7489 may ignore the record",
			JA: "RFC 9989 では問題ありませんが、RFC 7489 に従う受信側はレコードを無視することがあります"},
		Fix: codes.Text{
			EN: "write the policy right after v=DMARC1",
			JA: "p タグを v=DMARC1 の直後に移してください"},
	}

	DMARCTesting = &diag.Rule{
		ID: "dmarc-testing", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 9989 §4.7", Codes: nil, Why: dmarcUnprotected,
		Says: codes.Text{
			EN: "t=y at {name}: receivers apply {applied} instead of {policy}",
			JA: "{name} は t=y(テスト中)のため、{policy} の代わりに {applied} が適用されます"},
		Fix: codes.Text{
			EN: "remove t=y when the reports show that all own mail passes",
			JA: "レポートで自社のメールがすべて認証に成功していることを確認したら、t=y を削除してください"},
	}

	DMARCSubdomainWeaker = &diag.Rule{
		ID: "dmarc-subdomain-weaker", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 9989 §4.7", Codes: nil,
		Says: codes.Text{
			EN: "{tag}={weaker} at {name} protects subdomains less than p={policy} protects the domain",
			JA: "{name} の {tag}={weaker} により、サブドメインの保護が p={policy} より弱くなっています"},
		Why: codes.Text{
			EN: "forgers use invented subdomains instead, and the complaints fall on the whole domain",
			JA: "なりすましに架空のサブドメインが使われ、その苦情がドメイン全体の評価を下げます"},
		Fix: codes.Text{
			EN: "remove the tag, so that p applies to subdomains too, when their mail passes",
			JA: "サブドメインのメールが認証に成功していることを確認し、このタグを削除して p を適用してください"},
	}

	DMARCRemovedTag = &diag.Rule{
		ID: "dmarc-removed-tag", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 9989 §C.5.2", Codes: nil,
		Says: codes.Text{
			EN: "the DMARC record at {name} has tags that are no longer part of DMARC: {tags}",
			JA: "{name} のDMARCレコードに、廃止されたタグがあります: {tags}"},
		Why: codes.Text{
			EN: "receivers of today ignore them, older ones still follow them: with pct not all treat the mail alike, with ri and rf not all report alike",
			JA: "現在の仕様に従う受信側はこのタグを無視し、古い受信側は従います。そのため pct ではメールの扱いが、ri・rf ではレポートの送り方が受信側によって分かれます"},
		Fix: codes.Text{
			EN: "remove them; to try out a policy use t=y",
			JA: "このタグを削除してください。ポリシーの試行には t=y を使います"},
	}

	DMARCDefaultTag = &diag.Rule{
		ID: "dmarc-default-tag", Severity: diag.Info, Owner: diag.OwnerDNS, Ref: "RFC 9989 §C.5.2", Codes: nil,
		Says: codes.Text{
			EN: "the DMARC record at {name} has tags that are no longer part of DMARC and only repeat the old default: {tags}",
			JA: "{name} のDMARCレコードに、廃止されたタグが以前の既定値のまま残っています: {tags}"},
		Why: codes.Text{
			EN: "they change nothing: old and new receivers treat the mail alike",
			JA: "影響はありません。新旧どちらの受信側も、メールの扱いは同じです"},
		Fix: codes.Text{
			EN: "remove them at the next change of the record",
			JA: "次にレコードを変更するときに削除してください"},
	}

	DMARCIgnoredTag = &diag.Rule{
		ID: "dmarc-ignored-tag", Severity: diag.Info, Owner: diag.OwnerDNS, Ref: "RFC 9989 §4.8", Codes: nil,
		Says: codes.Text{
			EN: "receivers ignore parts of the DMARC record at {name}: {tags}{note}",
			JA: "{name} のDMARCレコードに、受信側が無視する部分があります: {tags}{note}"},
		Why: codes.Text{
			EN: "they do no harm, but what was meant by them does not happen",
			JA: "害はありませんが、意図した指定は効いていません"},
		Fix: codes.Text{
			EN: "remove them, or correct the spelling",
			JA: "削除するか、綴りを修正してください"},
	}

	DMARCNoRUA = &diag.Rule{
		ID: "dmarc-no-rua", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 9989 §5.1.3", Codes: nil, Why: dmarcNoReports,
		Says: codes.Text{
			EN: "the DMARC record at {name} names no address for reports (rua)",
			JA: "{name} のDMARCレコードに、集計レポートの宛先(rua)がありません"},
		Fix: codes.Text{
			EN: "add rua with an address that somebody, or a service, reads",
			JA: "担当者またはサービスが確認できる宛先を rua に追加してください"},
	}

	DMARCURIScheme = &diag.Rule{
		ID: "dmarc-uri-scheme", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 9989 §4.7", Codes: nil, Why: dmarcNoReports,
		Says: codes.Text{
			EN: "the DMARC record at {name} sends reports to addresses that are not mailto: {uris}",
			JA: "{name} のDMARCレコードに、mailto: 以外のレポート宛先があります: {uris}"},
		Fix: codes.Text{
			EN: "give a mailto: address; receivers support nothing else",
			JA: "mailto: の宛先を指定してください。それ以外に対応する受信側はほとんどありません"},
	}

	DMARCRUAUnauthorised = &diag.Rule{
		ID: "dmarc-rua-unauthorised", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 9990 §4", Codes: nil, Why: dmarcNoReports,
		Says: codes.Text{
			EN: "{destination} does not say that it takes these reports ({tag}={uri}) by v=DMARC1 at {name}: {status}",
			JA: "{destination} がこのレポート({tag}={uri})の受け取りを、{name} の v=DMARC1 で許可していません({status})"},
		Fix: codes.Text{
			EN: "have the owner of {destination} publish nothing but v=DMARC1 at {name}, or use an address of your own domain",
			JA: "{destination} の管理者に、{name} に v=DMARC1 だけを公開するよう依頼するか、自社ドメインの宛先に変更してください"},
	}

	DMARCRUANoMX = &diag.Rule{
		ID: "dmarc-rua-no-mx", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 5321 §5.1", Codes: nil, Why: dmarcNoReports,
		Says: codes.Text{
			EN: "{destination} cannot receive mail, so the reports for {tag}={uri} are lost",
			JA: "{destination} はメールを受信できないため、{tag}={uri} へのレポートが届きません"},
		Fix: codes.Text{
			EN: "give {destination} an MX record, or use an address that receives mail",
			JA: "{destination} にMXレコードを設定するか、受信できる宛先に変更してください"},
	}

	DMARCPSLDiffers = &diag.Rule{
		ID: "dmarc-psl-differs", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 9989 §4.10.2", Codes: nil,
		Says: codes.Text{
			EN: "receivers disagree about {domain}: by the tree walk (RFC 9989) record {record}, policy {policy}, organisational domain {org}; by the public suffix list (RFC 7489) record {psl_record}, policy {psl_policy}, organisational domain {psl_org}",
			JA: "{domain} の扱いが受信側で異なります。ツリーをたどる方式(RFC 9989): レコード {record}、ポリシー {policy}、組織ドメイン {org}。パブリックサフィックスリスト(RFC 7489): レコード {psl_record}、ポリシー {psl_policy}、組織ドメイン {psl_org}"},
		Why: codes.Text{
			EN: "the same mail can pass at one provider and fail at another (550 5.7.26)",
			JA: "同じメールが、ある受信側では認証に成功し、別の受信側では失敗することがあります(550 5.7.26)"},
		Fix: codes.Text{
			EN: "publish a record at {psl_org}, beginning with p=none: both ways of looking find it",
			JA: "{psl_org} に、まず p=none のレコードを公開してください。どちらの方式でも見つかります"},
	}

	DMARCFail = &diag.Rule{
		ID: "dmarc-fail", Severity: diag.Fail, Owner: diag.OwnerMail, Ref: "RFC 9989 §5.3.5", Codes: dmarcFailCodes,
		Says: codes.Text{
			EN: "the mail from {from} fails DMARC: SPF {spf}; DKIM {dkim}; policy {policy}",
			JA: "{from} からのメールはDMARC認証に失敗します。SPF: {spf}、DKIM: {dkim}、適用されるポリシー: {policy}"},
		Why: codes.Text{
			EN: "neither SPF nor DKIM passed for a domain of {org}: 550 5.7.26 (Gmail), 5.7.515 or 5.7.509 (Microsoft), 5.7.1: delivery code 42550 or 42553, or the junk folder",
			JA: "SPF・DKIMのどちらも {org} に一致するドメインで認証に成功していません。550 5.7.26(Gmail)、5.7.515・5.7.509(Microsoft)、5.7.1 など(配信コード 42550・42553)での受信拒否や迷惑メール判定の原因になります"},
		Fix: codes.Text{
			EN: "sign with DKIM for a domain of {org} (d={org}), or send with an envelope sender of {org} whose SPF record covers the sending address",
			JA: "{org} のドメインでDKIM署名(d={org})を付けるか、送信元IPアドレスをSPFで許可した {org} のドメインをエンベロープ送信者に使ってください"},
	}

	DMARCFromInvalid = &diag.Rule{
		ID: "dmarc-from-invalid", Severity: diag.Fail, Owner: diag.OwnerMail, Ref: "RFC 9989 §5.3.1",
		Codes: []string{"42550", "5.7.1", "5.7.512"},
		Says: codes.Text{
			EN: "the From header \"{from}\" gives no author domain",
			JA: "Fromヘッダー「{from}」から送信者のドメインを読み取れません"},
		Why: codes.Text{
			EN: "DMARC cannot be evaluated, and most receivers refuse such mail (550 5.7.1)",
			JA: "DMARCを評価できず、多くの受信側がこのようなメールを拒否します(550 5.7.1)"},
		Fix: codes.Text{
			EN: "write exactly one address with a domain in the From header",
			JA: "Fromヘッダーには、ドメイン付きのアドレスを1つだけ記載してください"},
	}

	DMARCFromSeveral = &diag.Rule{
		ID: "dmarc-from-several", Severity: diag.Warn, Owner: diag.OwnerMail, Ref: "RFC 9989 §11.5", Codes: []string{"42550", "5.7.1"},
		Says: codes.Text{
			EN: "the From header names several domains: {domains}",
			JA: "Fromヘッダーに複数のドメインがあります: {domains}"},
		Why: codes.Text{
			EN: "many receivers refuse such mail as an attack; others judge every domain and take the worst",
			JA: "なりすましの手口とみなして受信を拒否する受信側や、すべてのドメインを評価して最も悪い結果を採用する受信側があります"},
		Fix: codes.Text{
			EN: "send from one address; put the others into Reply-To or Cc",
			JA: "差出人は1つにし、他のアドレスは Reply-To や Cc に記載してください"},
	}
)
