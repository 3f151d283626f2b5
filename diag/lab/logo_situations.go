package lab

// logo is the zone line of an assertion record (BIMI).
func logo(tags string) string { return `default._bimi TXT "v=BIMI1; ` + tags + `"` }

// Where the files of the lab's logos are.
const (
	logoHost    = "brand.lab.test"
	logoAddress = "192.0.2.85"
	logoURL     = "https://" + logoHost + "/"
	logoGood    = "l=" + logoURL + "logo.svg; a=" + logoURL + "bimi.pem;"
)

// logosZone has the web server of the logos.
const logosZone = "$ORIGIN lab.test.\nbrand A " + logoAddress + "\n"

// logoSituations are the domains that publish a logo, or try to: each breaks one rule.
func logoSituations() []situation { return append(logoRecordSituations(), logoFileSituations()...) }

// logoFileSituations are seen by a visit to the web server.
func logoFileSituations() []situation {
	file := func(svg, pem string) string { return logo("l=" + logoURL + svg + "; a=" + logoURL + pem + ";") }
	list := []situation{
		{name: "bimi", extra: logo(logoGood),
			en: "a logo with everything in place (BIMI)", ja: "ロゴの設定(BIMI)がすべて整っています"},
		{name: "bimi-gone", rules: "bimi-fetch", extra: file("gone.svg", "bimi.pem"),
			en: "a logo that is not there any more", ja: "ロゴのファイルがありません"},
		{name: "bimi-moved", rules: "bimi-redirect", extra: file("moved.svg", "bimi.pem"),
			en: "a logo behind a redirect", ja: "ロゴのURLがリダイレクトされます"},
		{name: "bimi-script", rules: "bimi-svg", extra: file("script.svg", "bimiscript.pem"),
			en: "a logo with a script in it", ja: "ロゴにスクリプトが含まれています"},
		{name: "bimi-large", rules: "bimi-logo-large", extra: file("large.svg", "bimilarge.pem"),
			en: "a logo larger than receivers like", ja: "ロゴのサイズが大きすぎます"},
		{name: "bimi-wide", rules: "bimi-logo-shape", extra: file("wide.svg", "bimiwide.pem"),
			en: "a logo that is not square", ja: "ロゴが正方形ではありません"},
		{name: "bimi-expired", rules: "bimi-certificate", extra: file("logo.svg", "bimiexpired.pem"),
			en: "a logo whose certificate has expired", ja: "ロゴの証明書の期限が切れています"},
		{name: "bimi-ends", rules: "bimi-certificate-expiring", extra: file("logo.svg", "bimiends.pem"),
			en: "a logo whose certificate ends soon", ja: "ロゴの証明書の期限が近づいています"},
		{name: "bimi-bare", rules: "bimi-certificate-profile", extra: file("logo.svg", "bimibare.pem"),
			en: "a logo whose certificate has no proof of transparency", ja: "ロゴの証明書に透明性(CT)の証明がありません"},
	}
	for i := range list {
		list[i].args = []string{"check", "domain", "{}", "--only", "bimi"}
	}
	return list
}

// logoRecordSituations are seen in DNS.
func logoRecordSituations() []situation {
	return []situation{
		{name: "bimi-none", rules: "bimi-none", en: "no logo (BIMI)", ja: "ロゴ(BIMI)を公開していません"},
		{name: "bimi-declined", rules: "bimi-declined", extra: logo("l=; a=;"),
			en: "a domain that wants no logo", ja: "ロゴを表示しないと宣言しています"},
		{name: "bimi-http", rules: "bimi-syntax", extra: logo("l=http://" + logoHost + "/logo.svg; a=" + logoURL + "bimi.pem;"),
			en: "a logo that is not at an https address", ja: "ロゴのURLが https ではありません"},
		{name: "bimi-two", rules: "bimi-multiple", extra: logo(logoGood) + "\n" + logo("l="+logoURL+"old.svg;"),
			en: "two BIMI records", ja: "BIMIレコードが2つあります"},
		{name: "bimi-misplaced", rules: "bimi-misplaced", extra: `@ TXT "v=BIMI1; ` + logoGood + `"`,
			en: "BIMI record at the domain itself", ja: "BIMIレコードの設定場所が誤っています"},
		{name: "bimi-tag", rules: "bimi-ignored-tag", extra: logo(logoGood + " size=64;"),
			en: "BIMI record with a tag that nobody knows", ja: "BIMIレコードに、定義されていないタグがあります"},
		{name: "bimi-watching", rules: "dmarc-policy-none bimi-dmarc", extra: logo(logoGood),
			dmarc: dmarc("v=DMARC1; p=none; rua=mailto:dmarc@{}"),
			en:    "a logo, and DMARC that only watches", ja: "ロゴがありますが、DMARCが監視のみです"},
		{name: "bimi-plain", rules: "bimi-no-certificate", extra: logo("l=" + logoURL + "logo.svg; a=;"),
			en: "a logo without a certificate", ja: "ロゴの証明書がありません"},
	}
}
