package check

import (
	"todoku/codes"
	"todoku/diag"
)

// The rules of the BIMI check for the logo and the certificate.
var (
	BIMIFetch = &diag.Rule{
		ID: "bimi-fetch", Severity: diag.Fail, Owner: diag.OwnerSender, Ref: bimiDraft + " §8.3", Why: bimiUnseen(),
		Says: codes.Text{
			EN: "{url} cannot be fetched: {problem}",
			JA: "{url} を取得できません: {problem}"},
		Fix: codes.Text{
			EN: "put the file there, on a web server with a valid certificate, open to everybody, or correct the address in the record",
			JA: "有効な証明書を持つウェブサーバーに、誰でも取得できる状態でファイルを置くか、レコードのURLを修正してください"},
	}

	BIMIRedirect = &diag.Rule{
		ID: "bimi-redirect", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "draft-brotman-ietf-bimi-guidance §5.7",
		Says: codes.Text{
			EN: "{url} redirects to {to}",
			JA: "{url} は {to} にリダイレクトされます"},
		Why: codes.Text{
			EN: "receivers may follow no redirect, and show no logo then",
			JA: "リダイレクトをたどらない受信側では、ロゴが表示されません"},
		Fix: codes.Text{
			EN: "put the last address into the BIMI record",
			JA: "BIMIレコードに、リダイレクト先のURLを直接設定してください"},
	}

	BIMISVG = &diag.Rule{
		ID: "bimi-svg", Severity: diag.Fail, Owner: diag.OwnerSender, Ref: svgDraft + " §2",
		Says: codes.Text{
			EN: "the logo {url} breaks SVG Tiny PS in line {line}: {what}",
			JA: "ロゴ {url} の{line}行目がSVG Tiny PSに適合していません: {what}"},
		Why: codes.Text{
			EN: "receivers check the logo against this profile before they show it, and authorities before they certify it",
			JA: "受信側は表示前に、認証局は証明書の発行前に、この形式に適合しているかを検査します。適合しないロゴは表示されません"},
		Fix: codes.Text{
			EN: "export the logo as SVG Tiny 1.2 and convert it to SVG Tiny PS, with a text editor or the converters of the BIMI group",
			JA: "SVG Tiny 1.2で書き出し、テキストエディターやBIMI Groupの変換ツールでSVG Tiny PSに変換してください"},
	}

	BIMILogoLarge = &diag.Rule{
		ID: "bimi-logo-large", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: svgDraft + " §2.4",
		Says: codes.Text{
			EN: "the logo {url} is {octets} octets long, {limit} are meant to be the most",
			JA: "ロゴ {url} が{octets}バイトあります(上限の目安は{limit}バイト)"},
		Why: codes.Text{
			EN: "receivers may fetch no more than 32 kB, and show no logo then",
			JA: "受信側が取得を32KBまでに制限していると、ロゴが表示されません"},
		Fix: codes.Text{
			EN: "simplify the paths, and take out what an editor left in the file",
			JA: "パスを単純化し、作成ソフトが残した不要な情報を取り除いてください"},
	}

	BIMILogoShape = &diag.Rule{
		ID: "bimi-logo-shape", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: svgDraft + " §2.4",
		Says: codes.Text{
			EN: "the logo {url} may not be shown as it is meant to be (line {line}): {what}",
			JA: "ロゴ {url} が意図どおりに表示されないことがあります({line}行目): {what}"},
		Why: codes.Text{
			EN: "receivers show logos small, in a square or a circle; some refuse a logo without a size in pixels",
			JA: "受信側は、ロゴを小さな正方形や円形で表示します。ピクセル単位の大きさがないロゴを受け付けない受信側もあります"},
		Fix: codes.Text{
			EN: "make the picture square, with a viewBox such as \"0 0 128 128\" and, where given, width and height in pixels",
			JA: "画像を正方形にし、viewBox(例: \"0 0 128 128\")を指定してください。width・heightを指定する場合はピクセル単位にします"},
	}

	BIMICertificate = &diag.Rule{
		ID: "bimi-certificate", Severity: diag.Fail, Owner: diag.OwnerSender, Ref: vmcDraft + " §5",
		Says: codes.Text{
			EN: "the certificate {url} does not prove the logo: {problem}",
			JA: "証明書 {url} ではロゴを証明できません: {problem}"},
		Why: codes.Text{
			EN: "Gmail and Apple show the logo only with a valid certificate; others may show none either where a certificate fails",
			JA: "GmailやAppleは、有効な証明書がなければロゴを表示しません。証明書の検証に失敗したロゴは、ほかの受信側でも表示されないことがあります"},
		Fix: codes.Text{
			EN: "put the certificate with its issuers there, in PEM and valid for this domain and this logo; the authority that issued it helps",
			JA: "このドメインとロゴに対して有効な証明書を、中間証明書とともにPEM形式で置いてください。不明な点は発行元の認証局に確認してください"},
	}

	BIMICertificateExpiring = &diag.Rule{
		ID: "bimi-certificate-expiring", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: vmcDraft + " §4.5",
		Says: codes.Text{
			EN: "the certificate {url} ends in {days} days ({expires})",
			JA: "証明書 {url} の有効期限まであと{days}日です({expires})"},
		Why: codes.Text{
			EN: "the logo disappears with it; a new one takes days or weeks, as the mark is verified again",
			JA: "期限が切れるとロゴが表示されなくなります。更新には商標などの再確認があり、数日から数週間かかります"},
		Fix: codes.Text{
			EN: "order the next certificate now, and replace the file",
			JA: "早めに更新を申し込み、ファイルを差し替えてください"},
	}

	BIMICertificateProfile = &diag.Rule{
		ID: "bimi-certificate-profile", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: vmcDraft + " §4",
		Says: codes.Text{
			EN: "the certificate {url} is not as mark certificates are meant to be: {problem}",
			JA: "証明書 {url} がマーク証明書の規定どおりではありません: {problem}"},
		Why: codes.Text{
			EN: "some receivers refuse it for that, others pass it over",
			JA: "これを理由に証明書を認めない受信側があります"},
		Fix: codes.Text{
			EN: "put the file there as the authority delivered it, the mark certificate first; else ask the authority for a new one",
			JA: "認証局から受け取ったファイルを、マーク証明書を先頭にしてそのまま置いてください。解決しない場合は認証局に再発行を依頼してください"},
	}
)
