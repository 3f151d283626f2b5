package check

import (
	"todoku/codes"
	"todoku/diag"
)

// The rules about the zone as a whole.
var (
	NSBogus = &diag.Rule{
		ID: "ns-bogus", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 4035 §5.5",
		Codes: []string{"41605", "42550", "42554", "4.1.8"},
		Says: codes.Text{
			EN: "DNSSEC makes {name} unreadable for everybody who validates ({type}): {problem}",
			JA: "DNSSECの検証に失敗するため、検証を行う受信側は {name} を参照できません({type}): {problem}"},
		Why: codes.Text{
			EN: "to them the domain does not answer at all (SERVFAIL): Gmail and most large receivers validate, and refuse or delay its mail",
			JA: "検証を行う相手からは、ドメインがまったく応答しない(SERVFAIL)ように見えます。Gmailなど多くの大手受信側は検証を行い、メールを拒否または遅延させます"},
		Fix: codes.Text{
			EN: "have the zone signed anew and the DS record at the registrar set to its present key; or take the DS record out until that is done",
			JA: "ゾーンを署名し直し、レジストラのDSレコードを現在の鍵に合わせてください。それまではDSレコードを削除すれば、署名なしとして参照できます"},
	}

	NSOneServer = &diag.Rule{
		ID: "ns-one-server", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 1034 §4.1", Codes: nil,
		Says: codes.Text{
			EN: "the zone {zone} has only one name server, {host}",
			JA: "ゾーン {zone} のネームサーバーは {host} だけです"},
		Why: codes.Text{
			EN: "while it is down, SPF, DKIM and DMARC cannot be read, and mail in both directions waits or is refused",
			JA: "停止するとSPF・DKIM・DMARCを参照できなくなり、送受信ともにメールが遅延または拒否されます"},
		Fix: codes.Text{
			EN: "add a second name server in another network, at the registrar and in the zone",
			JA: "別のネットワークにある2台目のネームサーバーを、レジストラの設定とゾーンのNSレコードに追加してください"},
	}

	NSSingleNetwork = &diag.Rule{
		ID: "ns-single-network", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 2182 §3.1", Codes: nil,
		Says: codes.Text{
			EN: "all name servers of {zone} ({hosts}) are in one network: {networks}",
			JA: "{zone} のネームサーバー({hosts})がすべて同じネットワーク {networks} にあります"},
		Why: codes.Text{
			EN: "one fault on that line takes them all: then SPF, DKIM and DMARC cannot be read, and mail in both directions waits or is refused",
			JA: "1か所の障害ですべてに到達できなくなります。その間はSPF・DKIM・DMARCを参照できず、送受信ともにメールが遅延または拒否されます"},
		Fix: codes.Text{
			EN: "add a name server in another network and at another place",
			JA: "別の場所・別のネットワークにあるネームサーバーを追加してください"},
	}

	TTLLong = &diag.Rule{
		ID: "ttl-long", Severity: diag.Info, Owner: diag.OwnerDNS, Ref: "RFC 1034 §3.6", Codes: nil,
		Says: codes.Text{
			EN: "the {type} record of {name} has a TTL of {seconds} s ({time})",
			JA: "{name} の{type}レコードのTTLは{seconds}秒({time})です"},
		Why: codes.Text{
			EN: "resolvers remember it that long: a change made now, also one that mends a fault, has its full effect only then",
			JA: "リゾルバーはその間、古い内容を記憶します。今変更しても、誤りの修正であっても、完全に反映されるのはその後になります"},
		Fix: codes.Text{
			EN: "before the next change lower the TTL to 3600 or less, and wait until the old one has passed",
			JA: "次に変更する前にTTLを3600以下に下げ、元のTTLの時間が過ぎるのを待ってください"},
	}
)
