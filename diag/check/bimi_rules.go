package check

import (
	"todoku/codes"
	"todoku/diag"
)

// Where the rules of BIMI stand: Internet-Drafts, named without their number.
const (
	bimiDraft = "draft-brand-indicators-for-message-identification"
	svgDraft  = "draft-svg-tiny-ps-abrotman"
	vmcDraft  = "draft-fetch-validation-vmc-wchuang"
)

// bimiUnseen is why faults of BIMI matter: mail arrives, without the logo.
func bimiUnseen() codes.Text {
	return codes.Text{
		EN: "receivers show no logo beside the mail; whether it arrives does not depend on it",
		JA: "受信側でロゴが表示されません。メールの到達には影響しません"}
}

// The rules of the BIMI check for the record and what it needs.
var (
	BIMINone = &diag.Rule{
		ID: "bimi-none", Severity: diag.Info, Owner: diag.OwnerDNS, Ref: bimiDraft + " §5",
		Says: codes.Text{
			EN: "{domain} publishes no logo for its mail (no BIMI record at {name})",
			JA: "{domain} はメール用のロゴを公開していません({name} にBIMIレコードがありません)"},
		Why: codes.Text{
			EN: "Gmail, Yahoo, Apple and others can show a logo beside mail that passes DMARC; nothing is lost without one",
			JA: "GmailやYahoo、Appleなどは、DMARCの認証に成功したメールの横にロゴを表示できます。設定しなくてもメールの到達に支障はありません"},
		Fix: codes.Text{
			EN: "nothing to do, unless you want a logo: it takes an enforced DMARC policy, a logo in SVG Tiny PS and, for Gmail and Apple, a certificate",
			JA: "対応は任意です。ロゴを表示したい場合は、DMARCポリシーの強化、SVG Tiny PS形式のロゴ、(GmailやAppleでは)証明書が必要です"},
	}

	BIMIDeclined = &diag.Rule{
		ID: "bimi-declined", Severity: diag.Info, Owner: diag.OwnerDNS, Ref: bimiDraft + " §5.3.1",
		Says: codes.Text{
			EN: "{name} declines: no logo is to be shown (l= and a= are empty)",
			JA: "{name} は、ロゴを表示しないと宣言しています(l= と a= が空です)"},
		Why: codes.Text{
			EN: "this is a valid choice, also against the logo of the organisation's domain",
			JA: "有効な設定です。組織ドメインのロゴを使わせない場合にも用いられます"},
		Fix: codes.Text{
			EN: "nothing to do where that is meant; else put the place of the logo into l=",
			JA: "意図した設定であれば対応は不要です。ロゴを表示したい場合は、l= にロゴのURLを設定してください"},
	}

	BIMIMultiple = &diag.Rule{
		ID: "bimi-multiple", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: bimiDraft + " §8.2", Why: bimiUnseen(),
		Says: codes.Text{
			EN: "{name} has {count} BIMI records, one is allowed",
			JA: "{name} にBIMIレコードが{count}件あります(1件だけ設定できます)"},
		Fix: codes.Text{
			EN: "keep one of them and delete the others",
			JA: "1件だけを残し、ほかは削除してください"},
	}

	BIMIMisplaced = &diag.Rule{
		ID: "bimi-misplaced", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: bimiDraft + " §5.3", Why: bimiUnseen(),
		Says: codes.Text{
			EN: "the BIMI record of {domain} stands at the domain itself, where nobody looks for it",
			JA: "{domain} のBIMIレコードがドメイン名そのものに設定されており、受信側から参照されません"},
		Fix: codes.Text{
			EN: "move it to {name}",
			JA: "{name} に移してください"},
	}

	BIMISyntax = &diag.Rule{
		ID: "bimi-syntax", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: bimiDraft + " §5.3",
		Says: codes.Text{
			EN: "the BIMI record at {name} has a fault at {where}: {fault}",
			JA: "{name} のBIMIレコードの{where}に誤りがあります: {fault}"},
		Why: codes.Text{
			EN: "receivers must not guess what is meant: they ignore the record or show no logo",
			JA: "受信側は推測で補ってはならないため、レコードを無視するか、ロゴを表示しません"},
		Fix: codes.Text{
			EN: "correct the record: v=BIMI1; l=https://…/logo.svg; a=https://…/certificate.pem;",
			JA: "レコードを修正してください(書式: v=BIMI1; l=https://…/logo.svg; a=https://…/certificate.pem;)"},
	}

	BIMIIgnoredTag = &diag.Rule{
		ID: "bimi-ignored-tag", Severity: diag.Info, Owner: diag.OwnerDNS, Ref: bimiDraft + " §5.3",
		Says: codes.Text{
			EN: "the BIMI record at {name} has tags that receivers ignore: {tags}",
			JA: "{name} のBIMIレコードに、受信側で無視されるタグがあります: {tags}"},
		Why: codes.Text{
			EN: "what they were to say is not heard; the rest of the record counts",
			JA: "これらのタグの指定は反映されません(ほかの部分は有効です)"},
		Fix: codes.Text{
			EN: "delete them, or correct their names: v, l, a, lps, avp",
			JA: "削除するか、タグ名(v、l、a、lps、avp)を修正してください"},
	}

	BIMIDMARC = &diag.Rule{
		ID: "bimi-dmarc", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: bimiDraft + " §8.1",
		Says: codes.Text{
			EN: "there is a BIMI record, but DMARC at {name} does not allow a logo: {problem}",
			JA: "BIMIレコードがありますが、{name} のDMARCがロゴ表示の条件を満たしません: {problem}"},
		Why: codes.Text{
			EN: "receivers show a logo only where the domain and its organisation's domain have p=quarantine or p=reject for all mail, subdomains included",
			JA: "受信側がロゴを表示するのは、ドメインと組織ドメインのDMARCが、サブドメインを含む全メールに p=quarantine または p=reject を適用している場合だけです"},
		Fix: codes.Text{
			EN: "raise the policy when the reports show that your mail passes: p=quarantine or p=reject, without sp=none, t=y and pct",
			JA: "レポートで自社のメールの認証成功を確認したうえで、p=quarantine または p=reject に引き上げてください(sp=none、t=y、pct は付けません)"},
	}

	BIMINoCertificate = &diag.Rule{
		ID: "bimi-no-certificate", Severity: diag.Info, Owner: diag.OwnerSender, Ref: bimiDraft + " §5.3",
		Says: codes.Text{
			EN: "the BIMI record at {name} names no certificate (a= is empty)",
			JA: "{name} のBIMIレコードに証明書の指定がありません(a= が空です)"},
		Why: codes.Text{
			EN: "Gmail and Apple show a logo only with a mark certificate (VMC or CMC); Yahoo and others show it without one",
			JA: "GmailやAppleは、マーク証明書(VMCまたはCMC)がないロゴを表示しません。Yahooなどは証明書なしでも表示します"},
		Fix: codes.Text{
			EN: "order a VMC (registered trademark) or a CMC (logo in use for a year) and put its place into a=, if Gmail or Apple matter to you",
			JA: "GmailやAppleでも表示したい場合は、VMC(登録商標)またはCMC(1年以上使用しているロゴ)を取得し、a= にURLを設定してください"},
	}
)
