package lab

import (
	"fmt"
	"strings"
)

// situations holds one domain for each situation; a new one is one entry here.
func situations() []situation {
	list := []situation{{name: "healthy", group: "healthy",
		en: "a sender with everything in place", ja: "すべて正しく設定された送信元です",
		args: []string{"check", "domain", "{}", "--ip", sender}, extra: stsZone + "\nmta-sts A " + policyHost, sts: healthyPolicy()},
		{name: idnName, group: "healthy", en: "a healthy domain with a Japanese name", ja: "正しく設定された日本語ドメインです"}}
	add := func(group string, more []situation) {
		for _, s := range more {
			s.group = group
			list = append(list, s)
		}
	}
	add("spf", spfSituations())
	add("dkim", dkimSituations())
	add("dmarc", dmarcSituations())
	add("mx", routeSituations())
	add("lists", listSituations())
	add("dane", daneSituations())
	add("bimi", logoSituations())
	add("transport", transportSituations())
	add("dns", unreadableSituations())
	add("ns", nameServerSituations())
	return list
}

func spf(record string) string { return `@ TXT "` + record + `"` }

func spfSituations() []situation {
	return []situation{
		{name: "no-spf", code: "42550", rules: "spf-none", spf: none,
			en: "no SPF record", ja: "SPFレコードがありません"},
		{name: "two-spf", code: "42550", rules: "spf-multiple", spf: spf("v=spf1 ip4:192.0.2.7 -all") + "\n" +
			spf("v=spf1 include:_spf.lab.test -all"),
			en: "two SPF records", ja: "SPFレコードが2つあります"},
		{name: "spf-limit", code: "42550", rules: "spf-lookups",
			spf: spf("v=spf1 ip4:192.0.2.7 include:_spf.lab.test include:_spf.esp.test include:_spf.crm.test mx a:out.lab.test -all"),
			en:  "SPF needs more than ten look-ups", ja: "SPFのDNS参照が10回を超えています"},
		{name: "spf-ip", code: "42550", rules: "spf-ip-fail", spf: spf("v=spf1 ip4:192.0.2.99 -all"), args: []string{"check",
			"domain", "{}", "--ip", sender},
			en: "SPF does not cover the sending address", ja: "SPFに送信元IPアドレスが含まれていません"},
		{name: "spf-syntax", code: "42550", rules: "spf-syntax", spf: spf("v=spf1 ipv4:192.0.2.7 -all"),
			en: "SPF record with a typing mistake", ja: "SPFレコードに書き間違いがあります"},
		{name: "spf-loop", code: "42550", rules: "spf-loop", spf: spf("v=spf1 ip4:192.0.2.7 include:back.{} -all"),
			extra: `back TXT "v=spf1 include:{} -all"`,
			en:    "SPF includes itself", ja: "SPFの include が循環しています"},
		{name: "spf-void", code: "42550", rules: "spf-void-lookups", spf: spf("v=spf1 ip4:192.0.2.7 a:old1.{} a:old2.{} a:old3.{} -all"),
			en: "SPF names hosts that no longer exist", ja: "SPFが存在しないホストを参照しています"},
		{name: "spf-open", code: "42550", rules: "spf-all-pass", spf: spf("v=spf1 +all"),
			en: "SPF lets everybody send (+all)", ja: "SPFで誰でも送信が許可されています(+all)"},
		{name: "spf-include-none", code: "42550", rules: "spf-include-none", spf: spf("v=spf1 ip4:192.0.2.7 include:reports.lab.test -all"),
			en: "SPF includes a name without a record", ja: "SPFの include 先にレコードがありません"},
		{name: "spf-redirect-none", code: "42550", rules: "spf-redirect-none", spf: spf("v=spf1 ip4:192.0.2.7 redirect=old.lab.test"),
			en: "SPF redirects to a name without a record", ja: "SPFの redirect 先にレコードがありません"},
		{name: "what-if", rules: "change-text-dropped", extra: `@ TXT "site-verification=4f1c9a"`, args: []string{"check", "domain", "{}",
			"--set", "{} TXT v=spf1 ip4:192.0.2.7 -all"},
			en: "a new SPF record that would take away another text", ja: "SPFの変更で、ほかの用途の文字列が失われます"},
		{name: "spf-ptr", rules: "spf-ptr", spf: spf("v=spf1 ip4:192.0.2.7 ptr -all"),
			en: "SPF uses ptr", ja: "SPFで ptr を使っています"},
		{name: "spf-no-all", rules: "spf-no-all", spf: spf("v=spf1 ip4:192.0.2.7"),
			en: "SPF without an end", ja: "SPFの末尾に all がありません"},
		{name: "spf-neutral", rules: "spf-neutral-all", spf: spf("v=spf1 ip4:192.0.2.7 ?all"),
			en: "SPF that says nothing about the rest (?all)", ja: "SPFがその他の送信元を判定しません(?all)"},
		{name: "spf-no-service", code: "42550", rules: "spf-missing-include", args: []string{"check", "spf", "{}",
			"--require-include", "_spf.esp.test"},
			en: "SPF lacks the include that the sending service asks for", ja: "配信サービスが指定する include がSPFにありません"},
		{name: "spf-no-range", code: "42550", rules: "spf-missing-ip", args: []string{"check", "spf", "{}", "--require-ip", "203.0.113.0/26"},
			en: "SPF lacks the addresses that the sending service asks for",
			ja: "配信サービスが指定するIPアドレスがSPFに足りません"},
		{name: "spf-after-all", rules: "spf-after-all", spf: spf("v=spf1 ip4:192.0.2.7 -all include:_spf.lab.test"),
			en: "SPF goes on after all, where nobody reads", ja: "SPFの all より後ろに、評価されない記述があります"},
		{name: "spf-equals", rules: "spf-ignored", spf: spf("v=spf1 ip4:192.0.2.7 include=_spf.lab.test -all"),
			en: "SPF with an equals sign for a colon", ja: "SPFで「:」とすべきところが「=」になっています"},
		{name: "spf-long", rules: "spf-long", spf: "@ TXT" + quoted("v=spf1 ip4:192.0.2.7"+manyAddresses()+" -all"),
			en: "SPF record too long for one UDP answer", ja: "SPFレコードが長く、UDPの応答に収まらないことがあります"},
		{name: "spf-macro", rules: "spf-macro", spf: spf("v=spf1 ip4:192.0.2.7 exists:%{l}.users.{} -all"), extra: "*.users A 127.0.0.2",
			en: "SPF depends on the local part of the sender", ja: "SPFの結果が送信者のローカルパートで変わります"},
	}
}

// manyAddresses are SPF terms that no shorter ones can stand for.
func manyAddresses() string {
	var b strings.Builder
	for i := range 30 {
		fmt.Fprintf(&b, " ip4:198.51.100.%d", 8*i)
	}
	return b.String()
}

func dkimSituations() []situation {
	return []situation{
		{name: "no-dkim", code: "42550", rules: "dkim-none-found", dkim: none,
			en: "no DKIM key under any usual selector", ja: "一般的なセレクターにDKIMの鍵が見つかりません"},
		{name: "dkim-weak", rules: "dkim-key-weak", dkim: keyLine("s1", "v=DKIM1; k=rsa; p="+rsa1024),
			en: "DKIM key of 1024 bits", ja: "DKIMの鍵が1024ビットです"},
		{name: "dkim-short", code: "42550", rules: "dkim-key-short", dkim: keyLine("s1", "v=DKIM1; k=rsa; p="+rsa512),
			en: "DKIM key of 512 bits, which receivers refuse", ja: "DKIMの鍵が512ビットで、受信側に拒否されます"},
		{name: "dkim-revoked", code: "42550", rules: "dkim-revoked", dkim: keyLine("s1", "v=DKIM1; p="),
			en: "DKIM key revoked", ja: "DKIMの鍵が失効しています"},
		{name: "dkim-wrong", code: "42550", rules: "dkim-syntax", dkim: keyLine("s1", "v=DKIM1; k=rsa; p=MIIB!broken"),
			en: "DKIM key that is no key", ja: "DKIMの鍵が壊れています"},
		{name: "dkim-testing", rules: "dkim-testing", dkim: keyLine("s1", "v=DKIM1; t=y; k=rsa; p="+rsa2048),
			en: "DKIM key marked as a test", ja: "DKIMの鍵がテスト中の設定です"},
		{name: "dkim-dangling", code: "42550", rules: "dkim-cname-broken", dkim: "s1._domainkey CNAME s1.gone.esp.test.",
			en: "DKIM selector is an alias of nothing", ja: "DKIMのセレクターが存在しない名前を指しています"},
		{name: "dkim-two", code: "42550", rules: "dkim-multiple", dkim: keyLine("s1", "v=DKIM1; k=rsa; p="+rsa2048) + "\n" +
			keyLine("s1", "v=DKIM1; k=ed25519; p="+ed25519),
			en: "two DKIM keys under one selector", ja: "1つのセレクターにDKIMの鍵が2つあります"},
		{name: "dkim-selector", code: "42550", rules: "dkim-selector-none", args: []string{"check", "domain", "{}", "--selector", "s9"},
			en: "no DKIM key under the selector that signs", ja: "署名に使うセレクターにDKIMの鍵がありません"},
		{name: "dkim-type", code: "42550", rules: "dkim-key-unusable", dkim: keyLine("s1", "v=DKIM1; k=ed448; p="+ed25519),
			en: "DKIM key of a type that receivers do not know", ja: "DKIMの鍵の種類に受信側が対応していません"},
	}
}

func dmarc(record string) string { return `_dmarc TXT "` + record + `"` }

func dmarcSituations() []situation {
	return []situation{
		{name: "no-dmarc", code: "42550", rules: "dmarc-none", dmarc: none,
			en: "no DMARC record", ja: "DMARCレコードがありません"},
		{name: "dmarc-misaligned", code: "42550", rules: "dmarc-fail", args: []string{"check", "dmarc", "--from", "news@{}",
			"--spf", "pass:esp.test", "--dkim", "pass:esp.test"},
			en: "SPF and DKIM pass for the service's domain only, and DMARC says reject",
			ja: "SPFとDKIMがサービス側のドメインでしか成功せず、DMARCが reject です"},
		{name: "dmarc-watch", rules: "dmarc-policy-none", dmarc: dmarc("v=DMARC1; p=none; rua=mailto:dmarc@{}"),
			en: "DMARC that only watches (p=none)", ja: "DMARCが監視のみです(p=none)"},
		{name: "dmarc-misplaced", code: "42550", rules: "dmarc-misplaced", dmarc: spf("v=DMARC1; p=reject; rua=mailto:dmarc@{}"),
			en: "DMARC record at the domain itself", ja: "DMARCレコードの設定場所が誤っています"},
		{name: "two-dmarc", code: "42550", rules: "dmarc-multiple", dmarc: dmarc("v=DMARC1; p=none; rua=mailto:a@{}") + "\n" +
			dmarc("v=DMARC1; p=reject; rua=mailto:a@{}"),
			en: "two DMARC records", ja: "DMARCレコードが2つあります"},
		{name: "dmarc-syntax", code: "42550", rules: "dmarc-syntax", dmarc: dmarc("v=DMARC1; p=reject rua=mailto:dmarc@{}"),
			en: "DMARC record with a typing mistake", ja: "DMARCレコードに書き間違いがあります"},
		{name: "dmarc-unauthorised", rules: "dmarc-rua-unauthorised", dmarc: dmarc("v=DMARC1; p=reject; rua=mailto:dmarc@reports.test"),
			en: "DMARC reports to a domain that does not want them", ja: "DMARCレポートの宛先が受け取りを許可していません"},
		{name: "dmarc-deaf", rules: "dmarc-rua-no-mx", dmarc: dmarc("v=DMARC1; p=reject; rua=mailto:dmarc@nomail.test"),
			en: "DMARC reports to a domain that takes no mail", ja: "DMARCレポートの宛先がメールを受信しません"},
		{name: "dmarc-old", rules: "dmarc-removed-tag", dmarc: dmarc("v=DMARC1; p=reject; pct=50; rua=mailto:dmarc@{}"),
			en: "DMARC record with a tag that is no longer valid", ja: "DMARCレコードに廃止されたタグがあります"},
		{name: "dmarc-subdomains", rules: "dmarc-subdomain-weaker", dmarc: dmarc("v=DMARC1; p=reject; sp=none; rua=mailto:dmarc@{}"),
			en: "DMARC that leaves subdomains open", ja: "DMARCがサブドメインを保護していません"},
		{name: "dmarc-testing", rules: "dmarc-testing", dmarc: dmarc("v=DMARC1; p=reject; t=y; rua=mailto:dmarc@{}"),
			en: "DMARC in testing mode", ja: "DMARCがテスト中の設定です"},
		{name: "dmarc-silent", rules: "dmarc-no-rua", dmarc: dmarc("v=DMARC1; p=reject"),
			en: "DMARC without an address for reports", ja: "DMARCレポートの宛先がありません"},
		{name: "dmarc-web", rules: "dmarc-uri-scheme", dmarc: dmarc("v=DMARC1; p=reject; rua=mailto:dmarc@{},https://{}/dmarc"),
			en: "DMARC reports to a web address", ja: "DMARCレポートの宛先がWebのURLです"},
		{name: "mail.dmarc-walk", rules: "dmarc-psl-differs",
			en: "a subdomain's DMARC that old and new receivers read differently",
			ja: "新旧の受信側で解釈が異なる、サブドメインのDMARCです"},
	}
}

func routeSituations() []situation {
	return []situation{
		{name: "no-mx", code: "41605", rules: "mx-none", mx: none, dmarc: dmarc("v=DMARC1; p=reject; rua=mailto:dmarc@lab.test"),
			en: "neither MX nor address", ja: "MXレコードもA・AAAAレコードもありません"},
		{name: "implicit-mx", rules: "mx-implicit", mx: "@ A 192.0.2.80",
			en: "no MX, only a web server", ja: "MXレコードがなく、Webサーバーだけがあります"},
		{name: "null-mx", code: "41605", rules: "mx-null", mx: "@ MX 0 .", dmarc: dmarc("v=DMARC1; p=reject; rua=mailto:dmarc@lab.test"),
			en: "null MX: takes no mail", ja: "null MX(メールを受信しないドメイン)です"},
		{name: "null-and-mx", code: "41605", rules: "mx-conflicting-null", mx: "@ MX 0 .\n@ MX 10 mx1.lab.test.",
			en: "null MX beside a real one", ja: "null MX と通常のMXが混在しています"},
		{name: "mx-no-address", code: "41605", rules: "mx-no-address", mx: "@ MX 10 gone",
			en: "MX host without an address", ja: "MXのホストにA・AAAAレコードがありません"},
		{name: "mx-alias", code: "41605", rules: "mx-cname", mx: "@ MX 10 mail\nmail CNAME mx1.lab.test.",
			en: "MX host is an alias", ja: "MXのホストが別名(CNAME)です"},
		{name: "mx-literal", code: "41605", rules: "mx-ip-literal", mx: "@ MX 10 192.0.2.25.",
			en: "MX record holds an address", ja: "MXレコードにIPアドレスが書かれています"},
		{name: "mx-private", code: "41605", rules: "mx-private-address", mx: "@ MX 10 mail\nmail A 10.0.0.25",
			en: "MX host with a private address", ja: "MXのホストがプライベートアドレスです"},
		{name: "mx-twice", rules: "mx-duplicate", mx: "@ MX 10 mx1.lab.test.\n@ MX 20 mx1.lab.test.",
			en: "the same MX host twice", ja: "同じMXホストが重複しています"},
		{name: "mx-verification", rules: "mx-verification", mx: "@ MX 10 mx1.lab.test.\n@ MX 32767 ms31415.msv1.invalid.",
			en: "an MX record that only verified the domain",
			ja: "ドメインの所有確認にだけ使ったMXレコードが残っています"},
		{name: "nowhere", code: "41605", rules: "mx-none spf-none dkim-none-found dmarc-no-domain", absent: true,
			en: "a domain that does not exist", ja: "存在しないドメインです"},
		{name: "mx-no-ptr", rules: "ptr-mx-none", mx: "@ MX 10 mail\nmail A 192.0.2.8",
			en: "the MX host's address has no name", ja: "MXホストのアドレスに逆引きがありません"},
		{name: "mx-ptr-mismatch", rules: "ptr-mx-mismatch", mx: "@ MX 10 mail\nmail A 192.0.2.9",
			en: "the name of the MX host's address does not point back",
			ja: "MXホストのアドレスの逆引きと正引きが一致しません"},
		{name: "no-ptr", code: "42550", rules: "ptr-none", spf: spf("v=spf1 ip4:192.0.2.8 -all"), args: []string{"check",
			"domain", "{}", "--ip", "192.0.2.8"},
			en: "the sending address has no name", ja: "送信元IPアドレスに逆引きがありません"},
		{name: "ptr-mismatch", code: "42550", rules: "ptr-mismatch", spf: spf("v=spf1 ip4:192.0.2.9 -all"),
			args: []string{"check", "domain", "{}", "--ip", "192.0.2.9"},
			en:   "the name of the sending address does not point back", ja: "送信元IPアドレスの逆引きと正引きが一致しません"},
		{name: "ptr-generic", rules: "ptr-generic", spf: spf("v=spf1 ip4:192.0.2.10 -all"), args: []string{"check", "domain",
			"{}", "--ip", "192.0.2.10"},
			en: "the sending address has a name like an access line",
			ja: "送信元IPアドレスの逆引きが接続回線のような名前です"},
	}
}

// unreadableSituations are domains that nobody can look at.
func unreadableSituations() []situation {
	faulty := func(word string) string { return "$FAULT {} * " + word + "\n$FAULT *.{} * " + word }
	return []situation{
		{name: "lame", code: "41605", extra: faulty("SERVFAIL ede=22"),
			en: "DNS servers that are gone: SERVFAIL", ja: "DNSサーバーが応答できません(SERVFAIL)"},
		{name: "refusing", code: "41605", extra: faulty("REFUSED"),
			en: "a DNS server that refuses to answer", ja: "DNSサーバーが回答を拒否します(REFUSED)"},
		{name: "silent", code: "41605", extra: faulty("SILENCE"), args: []string{"check", "domain", "{}", "--timeout", "1s"},
			en: "DNS servers that never answer", ja: "DNSサーバーから応答がありません"},
		{name: "garbled", code: "41605", extra: faulty("GARBAGE"), args: []string{"check", "domain", "{}", "--timeout", "1s"},
			en: "a DNS server that answers with garbage", ja: "DNSサーバーが壊れた応答を返します"},
	}
}
