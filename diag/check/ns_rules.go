package check

import (
	"todoku/codes"
	"todoku/diag"
)

// The rules of the check of the name servers: whether the delegation leads to servers that have the zone.
var (
	NSLame = &diag.Rule{
		ID: "ns-lame", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 1912 §2.8",
		Codes: []string{"41605", "42550", "42554", "4.1.8"},
		Says: codes.Text{
			EN: "{host} [{address}] is a name server of {zone}, but does not have the zone: {fault}",
			JA: "{host}[{address}]は {zone} のネームサーバーに指定されていますが、このゾーンを持っていません({fault})"},
		Why: codes.Text{
			EN: "who asks this server learns nothing: look-ups fail now and then, and mail is refused or waits (450 4.1.8, SPF temperror)",
			JA: "このサーバーに問い合わせた受信側は回答を得られません。名前解決が断続的に失敗し、メールが拒否または遅延します(450 4.1.8、SPFのtemperrorなど)"},
		Fix: codes.Text{
			EN: "have the zone set up on {host}, or take {host} out of the name servers at the registrar and out of the zone's NS records",
			JA: "{host} にゾーンを設定してもらうか、レジストラのネームサーバー設定とゾーンのNSレコードから {host} を削除してください"},
	}

	NSNoAddress = &diag.Rule{
		ID: "ns-no-address", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 1912 §2.8",
		Codes: []string{"41605", "42550", "42554", "4.1.8"},
		Says: codes.Text{
			EN: "the name server {host} of {zone} has no address",
			JA: "{zone} のネームサーバー {host} にアドレスがありません"},
		Why: codes.Text{
			EN: "nobody can ask it; where the other servers fail, nothing of the zone can be found",
			JA: "問い合わせることができません。ほかのサーバーが応答しないときに、ゾーンの情報がまったく得られなくなります"},
		Fix: codes.Text{
			EN: "correct the name, publish an address for it, or take it out of the name servers at the registrar and in the zone",
			JA: "名前を修正するか、アドレスを登録するか、レジストラのネームサーバー設定とゾーンのNSレコードから削除してください"},
	}

	NSAlias = &diag.Rule{
		ID: "ns-alias", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 2181 §10.3",
		Codes: []string{"41605", "42550", "42554", "4.1.8"},
		Says: codes.Text{
			EN: "the name server {host} of {zone} is an alias (CNAME) of {alias}",
			JA: "{zone} のネームサーバー {host} は、{alias} の別名(CNAME)です"},
		Why: codes.Text{
			EN: "an NS record must name a host with addresses of its own; many resolvers do not follow the alias and have one server less",
			JA: "NSレコードには、それ自体がアドレスを持つ名前を書く必要があります。多くのリゾルバーは別名をたどらず、そのサーバーを使いません"},
		Fix: codes.Text{
			EN: "name {alias} as the name server at the registrar and in the zone, or give {host} address records in place of the CNAME",
			JA: "レジストラの設定とゾーンのNSレコードに {alias} を指定するか、{host} のCNAMEをA・AAAAレコードに置き換えてください"},
	}

	NSPrivateAddress = &diag.Rule{
		ID: "ns-private-address", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 6890 §2.2",
		Codes: []string{"41605", "42550", "42554", "4.1.8"},
		Says: codes.Text{
			EN: "the name server {host} of {zone} has an address that nobody on the internet can reach: {addresses}",
			JA: "{zone} のネームサーバー {host} のアドレス {addresses} は、インターネットから到達できません"},
		Why: codes.Text{
			EN: "who tries it waits in vain, or asks a machine of their own network",
			JA: "問い合わせは応答を得られないか、問い合わせ元のネットワーク内の無関係な機器に届きます"},
		Fix: codes.Text{
			EN: "publish the public address of {host}, or take it out of the name servers at the registrar and in the zone",
			JA: "{host} のグローバルアドレスを登録するか、レジストラの設定とゾーンのNSレコードから削除してください"},
	}

	NSParentDiffers = &diag.Rule{
		ID: "ns-parent-differs", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 1034 §4.2.2", Codes: nil,
		Says: codes.Text{
			EN: "{parent} sends everybody to {delegation} for {zone}, but the zone itself names {own}",
			JA: "{zone} のネームサーバーは、{parent} では {delegation} ですが、ゾーン自身のNSレコードでは {own} です"},
		Why: codes.Text{
			EN: "some ask the one set and some the other: after a change of provider, old records are given for as long as the old servers run",
			JA: "問い合わせ元によって使われるサーバーが異なります。DNS事業者の変更後は、旧サーバーが動いている限り古い内容が返され続けます"},
		Fix: codes.Text{
			EN: "set the same name servers at the registrar and in the zone's NS records",
			JA: "レジストラのネームサーバー設定と、ゾーンのNSレコードを同じ内容にしてください"},
	}

	NSGlueDiffers = &diag.Rule{
		ID: "ns-glue-differs", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 1912 §2.3", Codes: nil,
		Says: codes.Text{
			EN: "{parent} gives {addresses} as the address of the name server {host}, whose own record says {own}",
			JA: "ネームサーバー {host} のアドレスとして {parent} は {addresses} を返しますが、実際のレコードは {own} です"},
		Why: codes.Text{
			EN: "the first question of each resolver goes to the address that {parent} gives: to an old machine, or to nobody",
			JA: "リゾルバーの最初の問い合わせは {parent} が返すアドレスに送られるため、旧サーバーや存在しないサーバーに届きます"},
		Fix: codes.Text{
			EN: "correct the address of {host} (host record, glue) at the registrar",
			JA: "レジストラで {host} のホスト情報(グルーレコード)のアドレスを修正してください"},
	}

	NSDiffers = &diag.Rule{
		ID: "ns-differs", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 1034 §4.3.5", Codes: []string{"42550", "42554", "5.7.26"},
		Says: codes.Text{
			EN: "the name servers of {zone} do not give the same {type} record for {name}: {behind} differ from the others ({versions})",
			JA: "{zone} のネームサーバーの {name} の{type}レコードが一致していません。ほかと異なるサーバー: {behind}({versions})"},
		Why: codes.Text{
			EN: "a change has not reached all servers: which record a receiver sees is chance, and mail passes or fails by it",
			JA: "変更が一部のサーバーに反映されていません。受信側がどちらのレコードを見るかは一定せず、判定結果もそれによって変わります"},
		Fix: codes.Text{
			EN: "wait until the servers have taken over the newest zone; if it lasts, look at the zone transfer and the serial number on each",
			JA: "最新のゾーンがすべてのサーバーに反映されるまで待ち、続く場合は各サーバーのゾーン転送とシリアル番号を確認してください"},
	}

	NSSerialDiffers = &diag.Rule{
		ID: "ns-serial-differs", Severity: diag.Info, Owner: diag.OwnerDNS, Ref: "RFC 1034 §4.3.5", Codes: nil,
		Says: codes.Text{
			EN: "{behind} have another version of the zone {zone} than the newest ({serial}), with the same records for mail",
			JA: "ゾーン {zone} の最新版({serial})が反映されていないサーバーがあります: {behind}(メール関連のレコードは同じです)"},
		Why: codes.Text{
			EN: "for a moment this is usual after a change; if it lasts, the next change will not reach these servers",
			JA: "変更の直後には一時的に起こります。続く場合は、次の変更もこれらのサーバーに反映されません"},
		Fix: codes.Text{
			EN: "look again in some minutes; if it lasts, look at the zone transfer to these servers",
			JA: "数分後に再確認し、続く場合はこれらのサーバーへのゾーン転送を確認してください"},
	}
)
