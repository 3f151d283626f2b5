package lab

// logo is the zone line of an assertion record (BIMI).
func logo(tags string) string { return `default._bimi TXT "v=BIMI1; ` + tags + `"` }

// Where the files of the lab's logos are.
const (
	logoHost = "brand.lab.test"
	logoURL  = "https://" + logoHost + "/"
	logoGood = "l=" + logoURL + "logo.svg; a=" + logoURL + "bimi.pem;"
)

// logoSituations are the domains that publish a logo, or try to: each breaks one rule.
func logoSituations() []situation {
	return []situation{
		{name: "bimi", extra: logo(logoGood), args: []string{"check", "domain", "{}", "--only", "bimi"},
			en: "a logo with everything in place (BIMI)", ja: "ロゴの設定(BIMI)がすべて整っています"},
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
