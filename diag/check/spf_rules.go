package check

import (
	"todoku/codes"
	"todoku/diag"
)

// Why texts that several rules share.
var (
	spfPermError = codes.Text{
		EN: "receivers answer permerror, SPF never passes, and DMARC must rely on DKIM alone: 550 5.7.24 or 5.7.26, delivery code 42550 or 42553",
		JA: "受信側の判定が permerror となり、SPF認証に失敗します。DMARCの認証はDKIMの結果だけで決まり、550 5.7.24 や 5.7.26(配信コード 42550・42553)で拒否される原因になります"}
	spfNoProof = codes.Text{
		EN: "receivers cannot tell this mail from forged mail: 550 5.7.26, delivery code 42550 or 42553, or the junk folder",
		JA: "受信側が正規のメールとなりすましを区別できません。550 5.7.26(配信コード 42550・42553)での受信拒否や迷惑メール判定の原因になります"}
	spfAnybody = codes.Text{
		EN: "anybody may send mail in the name of the domain, and receivers trust it less for that: junk folder or 550 5.7.26 (42550)",
		JA: "誰でもこのドメインを名乗って送信でき、受信側の評価も下がります。迷惑メール判定や 550 5.7.26(42550)の原因になります"}
)

// What the rules cause: the platform's codes and the enhanced codes of RFC 7372
// and of large providers.
var (
	spfErrorCodes = []string{"42550", "42553", "5.7.24", "5.7.26"}
	spfFailCodes  = []string{"42550", "42553", "5.7.23", "5.7.26", "5.7.27"}
)

// The rules of the SPF check that fail (RFC 7208).
var (
	SPFNone = &diag.Rule{
		ID: "spf-none", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 7208 §4.5", Codes: spfFailCodes, Why: spfNoProof,
		Says: codes.Text{
			EN: "{domain} has no SPF record ({status}){shown}",
			JA: "{domain} にSPFレコードが定義されていません({status}){shown}"},
		Fix: codes.Text{
			EN: "publish one TXT record that begins with v=spf1 and lists every server and service that sends for the domain",
			JA: "v=spf1 で始まるTXTレコードを1つ公開し、このドメインで送信するすべてのサーバーとサービスを記載してください"},
	}

	SPFMultiple = &diag.Rule{
		ID: "spf-multiple", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 7208 §4.5", Codes: spfErrorCodes, Why: spfPermError,
		Says: codes.Text{
			EN: "{domain} has {count} SPF records, one is allowed",
			JA: "{domain} にSPFレコードが{count}個あります(1個だけにする必要があります)"},
		Fix: codes.Text{
			EN: "join them into one record and delete the others",
			JA: "1つのレコードにまとめ、残りを削除してください"},
	}

	SPFSyntax = &diag.Rule{
		ID: "spf-syntax", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 7208 §4.6", Codes: spfErrorCodes, Why: spfPermError,
		Says: codes.Text{
			EN: "the SPF record of {domain} has a fault at position {offset}: \"{text}\" ({problem})",
			JA: "{domain} のSPFレコードの{offset}バイト目に誤りがあります:「{text}」({problem})"},
		Fix: codes.Text{
			EN: "correct this term, or remove it: one faulty term makes the whole record void",
			JA: "この部分を修正するか削除してください。1か所の誤りでレコード全体が無効になります"},
	}

	SPFLookups = &diag.Rule{
		ID: "spf-lookups", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 7208 §4.6.4", Codes: spfErrorCodes, Why: spfPermError,
		Says: codes.Text{
			EN: "the SPF record needs {lookups} DNS look-ups ({includes} includes), {limit} are allowed",
			JA: "SPFレコードのDNS参照が{lookups}回必要です(include は{includes}個)。上限は{limit}回です"},
		Fix: codes.Text{
			EN: "remove services that no longer send and terms that match nothing, or replace an include by its addresses",
			JA: "使っていないサービスや一致することのない項目を削除するか、include をIPアドレスに置き換えてください"},
	}

	SPFVoidLookups = &diag.Rule{
		ID: "spf-void-lookups", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 7208 §4.6.4", Codes: spfErrorCodes, Why: spfPermError,
		Says: codes.Text{
			EN: "{lookups} look-ups of the SPF record find nothing ({terms}), {limit} are allowed",
			JA: "SPFレコードのDNS参照のうち{lookups}回は該当するデータがありません({terms})。上限は{limit}回です"},
		Fix: codes.Text{
			EN: "remove the terms whose names no longer exist, or correct the names",
			JA: "存在しない名前を参照する項目を削除するか、名前を修正してください"},
	}

	SPFAllPass = &diag.Rule{
		ID: "spf-all-pass", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 7208 §11.1", Codes: spfFailCodes, Why: spfAnybody,
		Says: codes.Text{
			EN: "\"{term}\" in the SPF record of {domain} lets every address of the Internet pass",
			JA: "{domain} のSPFレコードの「{term}」により、すべてのIPアドレスからの送信が許可されています"},
		Fix: codes.Text{
			EN: "list the addresses that send and end the record with ~all, later with -all",
			JA: "送信するIPアドレスを記載し、末尾を ~all(確認後は -all)にしてください"},
	}

	SPFLoop = &diag.Rule{
		ID: "spf-loop", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 7208 §4.6.4", Codes: spfErrorCodes, Why: spfPermError,
		Says: codes.Text{
			EN: "\"{term}\" in the SPF record of {domain} leads back to {target}: the record includes itself",
			JA: "{domain} のSPFレコードの「{term}」が {target} に戻り、循環しています"},
		Fix: codes.Text{
			EN: "remove the term that leads back",
			JA: "循環の原因となる項目を削除してください"},
	}

	SPFIncludeNone = &diag.Rule{
		ID: "spf-include-none", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 7208 §5.2", Codes: spfErrorCodes, Why: spfPermError,
		Says: codes.Text{
			EN: "\"{term}\" in the SPF record of {domain}: there is no SPF record at {target} ({status}){shown}",
			JA: "{domain} のSPFレコードの「{term}」の参照先 {target} にSPFレコードがありません({status}){shown}"},
		Fix: codes.Text{
			EN: "correct the name as the service documents it, or name the addresses that send; remove the include only when nobody sends through that service",
			JA: "サービスの案内どおりの名前に修正するか、送信するIPアドレスを記載してください。このサービスから送信しない場合に限り、include を削除してください"},
	}

	SPFRedirectNone = &diag.Rule{
		ID: "spf-redirect-none", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 7208 §6.1", Codes: spfErrorCodes, Why: spfPermError,
		Says: codes.Text{
			EN: "\"{term}\" in the SPF record of {domain}: there is no SPF record at {target} ({status}){shown}",
			JA: "{domain} のSPFレコードの「{term}」のredirect先 {target} にSPFレコードがありません({status}){shown}"},
		Fix: codes.Text{
			EN: "publish a record there, correct the name, or end the record with ~all instead",
			JA: "参照先にレコードを公開するか、名前を修正するか、redirect の代わりに ~all で終えてください"},
	}

	SPFMXHosts = &diag.Rule{
		ID: "spf-mx-hosts", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 7208 §4.6.4", Codes: spfErrorCodes, Why: spfPermError,
		Says: codes.Text{
			EN: "\"{term}\" in the SPF record of {domain}: {target} has more than {limit} MX hosts",
			JA: "{domain} のSPFレコードの「{term}」: {target} のMXホストが{limit}個を超えています"},
		Fix: codes.Text{
			EN: "replace the mx term by the addresses of the hosts that really send",
			JA: "mx の代わりに、実際に送信するホストのIPアドレスを記載してください"},
	}

	SPFMissingInclude = &diag.Rule{
		ID: "spf-missing-include", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 7208 §5.2", Codes: spfFailCodes, Why: spfNoProof,
		Says: codes.Text{
			EN: "the SPF record does not include {include}",
			JA: "SPFレコードに必要な include({include})がありません"},
		Fix: codes.Text{
			EN: "add include:{include} in front of the final all",
			JA: "末尾の all の前に include:{include} を追加してください"},
	}

	SPFMissingIP = &diag.Rule{
		ID: "spf-missing-ip", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 7208 §5.6", Codes: spfFailCodes, Why: spfNoProof,
		Says: codes.Text{
			EN: "the SPF record does not let {ip} send: {result}",
			JA: "SPFレコードに必要なIPアドレス {ip} が含まれていません({result})"},
		Fix: codes.Text{
			EN: "add the address in front of the final all",
			JA: "末尾の all の前にこのIPアドレスを追加してください"},
	}

	SPFIPFail = &diag.Rule{
		ID: "spf-ip-fail", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 7208 §2.6", Codes: spfFailCodes, Why: spfNoProof,
		Says: codes.Text{
			EN: "mail of {domain} from {ip} gets the SPF result {result} (by \"{mechanism}\")",
			JA: "{ip} から送信した {domain} のメールはSPF認証に失敗します(結果: {result}、判定した項目:「{mechanism}」)"},
		Fix: codes.Text{
			EN: "add the address to the record if it sends for the domain; otherwise send through a server that the record lists",
			JA: "このIPアドレスから送信する場合はレコードに追加してください。そうでない場合は、レコードにあるサーバーから送信してください"},
	}
)
