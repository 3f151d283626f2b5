package lab

// Lists are the zones of the lists that stand in for the public ones.
func Lists() []string { return []string{"bl.lab.test"} }

// listsZone has lists of addresses and of domains (RFC 5782): two of the lab's own, one that refuses to answer, one that lists
// everything, one without entries, and a few entries of well-known ones, so that their codes can be seen.
const listsZone = `$ORIGIN bl.lab.test.
2.0.0.127      A   127.0.0.2
test           A   127.0.0.2
66.2.0.192     A   127.0.0.2
66.2.0.192     TXT "192.0.2.66 sent mail to a trap"
listed.test    A   127.0.0.2
listed.test    TXT "listed.test stands in spam"
*.mute         A   127.255.255.254
*.all          A   127.0.0.2
empty          TXT "nothing is listed here any more"
$FAULT *.lame.bl.lab.test * SERVFAIL
$ORIGIN zen.spamhaus.org.
2.0.0.127      A   127.0.0.2
2.0.0.127      A   127.0.0.4
2.0.0.127      A   127.0.0.10
66.2.0.192     A   127.0.0.3
66.2.0.192     TXT "192.0.2.66 is in CSS of the lab"
67.2.0.192     A   127.0.0.10
67.2.0.192     TXT "192.0.2.67 is in PBL of the lab"
$ORIGIN dnsbl-3.uceprotect.net.
2.0.0.127      A   127.0.0.2
68.2.0.192     A   127.0.0.2
$ORIGIN list.dnswl.org.
7.2.0.192      A   127.0.5.2
`

// listSituations are senders about whom lists say something, or refuse to.
func listSituations() []situation {
	from := func(ip string, zones ...string) []string {
		args := []string{"check", "domain", "{}", "--ip", ip}
		for _, z := range zones {
			args = append(args, "--blocklist", z)
		}
		return args
	}
	return []situation{
		{name: "listed-ip", code: "42554", rules: "dnsbl-listed", spf: spf("v=spf1 ip4:192.0.2.66 -all"),
			args: from("192.0.2.66", "bl.lab.test"),
			en:   "the sending address is on a blocklist", ja: "送信元IPアドレスがブロックリストに登録されています"},
		{name: "listed", code: "42554", rules: "dnsbl-domain-listed", args: from(sender, "bl.lab.test"),
			en: "the domain is on a blocklist of domains", ja: "ドメインがブロックリストに登録されています"},
		{name: "listed-policy", code: "42554", rules: "dnsbl-policy-listed", spf: spf("v=spf1 ip4:192.0.2.67 -all"),
			args: from("192.0.2.67", "zen.spamhaus.org"),
			en:   "the sending address is an access line by Spamhaus PBL",
			ja:   "送信元IPアドレスがSpamhaus PBLに登録されています"},
		{name: "listed-network", rules: "dnsbl-minor-listed", spf: spf("v=spf1 ip4:192.0.2.68 -all"),
			args: from("192.0.2.68", "dnsbl-3.uceprotect.net"),
			en:   "the whole network of the sending address is on a list",
			ja:   "送信元のネットワーク全体がリストに登録されています"},
		{name: "list-refuses", rules: "dnsbl-refused", args: from(sender, "bl.lab.test", "mute.bl.lab.test"),
			en: "a list refuses to answer", ja: "リストが問い合わせへの回答を拒否します"},
		{name: "list-of-ipv4", rules: "dnsbl-not-held", spf: spf("v=spf1 ip4:192.0.2.7 ip6:2001:db8::25 -all"),
			args: append(from(sender, "bl.lab.test"), "--ip", "2001:db8::25"),
			en:   "a list of IPv4 was asked, and an IPv6 address sends, too",
			ja:   "送信元にIPv6アドレスもありますが、照会したリストはIPv4だけを収録しています"},
		{name: "list-closed", rules: "dnsbl-list-closed", args: from(sender, "bl.lab.test", "dnsbl.sorbs.net"),
			en: "a list is closed", ja: "リストが閉鎖されています"},
		{name: "list-everything", rules: "dnsbl-list-closed", args: from(sender, "bl.lab.test", "all.bl.lab.test"),
			en: "a list has everything on it", ja: "リストがすべてを登録しています"},
	}
}
