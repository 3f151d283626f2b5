package lab

import "strings"

// nameServerSituations are domains whose name servers are not what the delegation promises.
func nameServerSituations() []situation {
	fails := func(address, word string) string {
		return at(address, "$FAULT {} * "+word) + at(address, "$FAULT *.{} * "+word)
	}
	asked := []string{"check", "domain", "{}", "--authoritative"}
	above := func(hosts ...string) (lines string) {
		for _, h := range hosts {
			lines += at(regOne, "{}. NS "+h) + at(regTwo, "{}. NS "+h)
		}
		return lines
	}
	older := "@ SOA ns1.lab.test. hostmaster 2 7200 3600 1209600 60\n" +
		at(nsTwo, "{}. SOA ns1.lab.test. hostmaster.{}. 1 7200 3600 1209600 60")
	old := `"v=spf1 ip4:192.0.2.99 -all"`
	list := []situation{
		{name: "ns-lame", code: "41605", rules: "ns-lame",
			extra: fails(nsTwo, "REFUSED"),
			en:    "a name server that does not have the zone", ja: "ゾーンを持たないネームサーバーが指定されています"},
		{name: "ns-upward", code: "41605", rules: "ns-lame",
			extra: fails(nsTwo, "UPWARD"),
			en:    "a name server that refers to the root", ja: "ルートを参照させるネームサーバーが指定されています"},
		{name: "ns-behind", code: "42550", rules: "ns-differs", extra: older + at(nsTwo, "{}. TXT "+old),
			en: "a change of SPF has not reached all name servers",
			ja: "SPFの変更が一部のネームサーバーに反映されていません"},
		{name: "ns-older", rules: "ns-serial-differs", extra: older,
			en: "a name server with an older zone, the records for mail are the same",
			ja: "ゾーンの版が古いネームサーバーがあります(メール関連のレコードは同じです)"},
		{name: "ns-moved", rules: "ns-parent-differs", extra: above("ns1.lab.test.", "ns3.lab.test."),
			en: "the registry names another name server than the zone",
			ja: "レジストリとゾーンでネームサーバーが一致していません"},
		{name: "ns-silent", code: "41605", extra: fails(nsTwo, "SILENCE"),
			args: append(asked[:len(asked):len(asked)], "--timeout", "1s"),
			en:   "a name server that does not answer", ja: "応答しないネームサーバーがあります"},
	}
	list = append(list, delegationSituations()...)
	for i := range list {
		if list[i].args == nil {
			list[i].args = asked
		}
	}
	return list
}

// digest is that of no key, in the form of SHA-256.
const digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// signing is a DS record with the key that it names: the lab signs nothing, its resolver only says that all is right.
func signing() string {
	return "@ DS 1038 13 2 " + digest + "\n@ DNSKEY 257 3 13 " + strings.Repeat("A", 88) + "\n"
}

// at is a line of the world that holds for one name server.
func at(address, line string) string { return "$AT " + address + " " + line + "\n" }

// delegationSituations are domains whose delegation, keys or TTL are at fault.
func delegationSituations() []situation {
	return []situation{
		{name: "ns-gone", code: "41605", rules: "ns-no-address", ns: ownServers + "\n@ NS ns9.lab.test.",
			en: "a name server without an address", ja: "アドレスのないネームサーバーが指定されています"},
		{name: "ns-alias", code: "41605", rules: "ns-alias", ns: ownServers + "\n@ NS dns.{}.",
			extra: "dns CNAME ns1.lab.test.",
			en:    "a name server that is an alias", ja: "ネームサーバーが別名(CNAME)です"},
		{name: "ns-private", code: "41605", rules: "ns-private-address", ns: ownServers + "\n@ NS dns.{}.", extra: "dns A 10.0.0.53",
			en: "a name server with a private address", ja: "ネームサーバーがプライベートアドレスです"},
		{name: "ns-glue", rules: "ns-glue-differs", ns: ownServers + "\n@ NS dns.{}.",
			extra: "dns A 203.0.113.53\n" + at(regOne, "dns.{}. A 192.0.2.54") + at(regTwo, "dns.{}. A 192.0.2.54") +
				at("192.0.2.54", "{}. NS dns.{}.") + at("192.0.2.54", "{}. NS ns1.lab.test.") +
				at("192.0.2.54", "{}. NS ns2.lab.test."),
			en: "the registry gives an old address of a name server",
			ja: "レジストリのグルーレコードのアドレスが古いままです"},
		{name: "ns-near", rules: "ns-single-network", ns: "@ NS ns1.lab.test.\n@ NS near.lab.test.",
			en: "all name servers in one network", ja: "すべてのネームサーバーが同じネットワークにあります"},
		{name: "ns-single", rules: "ns-one-server", ns: "@ NS ns1.lab.test.",
			en: "only one name server", ja: "ネームサーバーが1台しかありません"},
		{name: "ns-bogus", code: "41605", rules: "ns-bogus", unsigned: true,
			extra: "@ DS 4711 13 2 00\n$FAULT {} * SERVFAIL ede=7\n$FAULT *.{} * SERVFAIL ede=7",
			en:    "DNSSEC signatures that have expired", ja: "DNSSECの署名の有効期限が切れています"},
		{name: "ns-keys", code: "41605", rules: "ns-bogus", unsigned: true, extra: "@ DS 4711 13 2 " + digest,
			en: "a DS record at the registry, but no key in the zone",
			ja: "レジストリにDSレコードがありますが、ゾーンに対応する鍵がありません"},
		{name: "ttl-long", rules: "ttl-long", spf: `@ 259200 TXT "v=spf1 ip4:` + sender + ` include:_spf.lab.test -all"`,
			en: "SPF with a TTL of three days", ja: "SPFのTTLが3日です"},
	}
}
