package check

import (
	"todoku/codes"
	"todoku/diag"
)

// The rules of the MX check (RFC 5321 §5.1).
var (
	MXNone = &diag.Rule{
		ID: "mx-none", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 5321 §5.1", Codes: []string{"41605", "5.1.2", "5.7.27"},
		Says: codes.Text{
			EN: "no MX record and no address ({status}): mail to this domain cannot be delivered",
			JA: "MXレコードもアドレスもありません({status})。このドメイン宛のメールは配送できません"},
		Why: codes.Text{
			EN: "a sender that cannot be answered is refused by many receivers, and bounces are lost; mail to the domain fails with 41605",
			JA: "返信もエラーメールも届かない送信元は、多くの受信側で拒否されます。このドメイン宛の送信は41605になります"},
		Fix: codes.Text{
			EN: "check the spelling of the domain; then publish an MX record that names your mail server, or a null MX if the domain takes no mail",
			JA: "ドメイン名の綴りを確認してください。正しい場合は、メールサーバーを指すMXレコードを公開してください。受信しないドメインであれば null MX を公開してください"},
	}

	MXNull = &diag.Rule{
		ID: "mx-null", Severity: diag.Info, Owner: diag.OwnerDNS, Ref: "RFC 7505 §3", Codes: []string{"41605", "5.1.10", "5.7.27"},
		Says: codes.Text{
			EN: "null MX: this domain says that it takes no mail",
			JA: "null MX が公開されています。このドメインはメールを受信しないと宣言しています"},
		Why: codes.Text{
			EN: "replies and bounces to this domain are impossible, and some receivers refuse a sender whose domain takes no mail (550 5.7.27)",
			JA: "返信やエラーメールを受け取れません。受信しないドメインからのメールを拒否する受信側もあります(550 5.7.27)"},
		Fix: codes.Text{
			EN: "right for a domain that neither sends nor receives; a sending domain needs an MX record that names a mail server",
			JA: "送受信しないドメインであればこのままで問題ありません。送信に使うドメインには、メールサーバーを指すMXレコードが必要です"},
	}

	MXConflictingNull = &diag.Rule{
		ID: "mx-conflicting-null", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 7505 §3", Codes: []string{"41605", "5.1.10"},
		Says: codes.Text{
			EN: "a null MX stands beside other MX records ({hosts})",
			JA: "null MX と他のMXレコード({hosts})が同時に公開されています"},
		Why: codes.Text{
			EN: "senders differ in what they make of it: some give up at once, so that part of the mail never comes",
			JA: "送信側によって解釈が異なり、すぐに配送をあきらめるサーバーがあるため、一部のメールが届きません"},
		Fix: codes.Text{
			EN: "remove the record with the target \".\" and keep the mail servers",
			JA: "宛先が「.」のレコードを削除し、メールサーバーのレコードだけを残してください"},
	}

	MXImplicit = &diag.Rule{
		ID: "mx-implicit", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 5321 §5.1", Codes: []string{"41605"},
		Says: codes.Text{
			EN: "no MX record: mail goes to the domain's own address ({addresses})",
			JA: "MXレコードがなく、メールはドメイン自身のアドレス({addresses})へ配送されます"},
		Why: codes.Text{
			EN: "usually that is a web server that takes no mail: replies and bounces wait and are lost",
			JA: "多くの場合それはWebサーバーで、メールを受信しません。返信やエラーメールが滞留して失われます"},
		Fix: codes.Text{
			EN: "publish an MX record that names your mail server",
			JA: "メールサーバーを指すMXレコードを公開してください"},
	}

	MXDuplicate = &diag.Rule{
		ID: "mx-duplicate", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 5321 §5.1", Codes: nil,
		Says: codes.Text{
			EN: "the same host stands in several MX records ({hosts})",
			JA: "同じホストが複数のMXレコードに指定されています({hosts})"},
		Why: codes.Text{
			EN: "a second entry for the same host is no second server: when it is down, mail waits",
			JA: "同じホストを重ねて指定しても予備にはなりません。そのホストが停止するとメールは滞留します"},
		Fix: codes.Text{
			EN: "keep one record per host",
			JA: "1つのホストにつきレコードを1つだけ残してください"},
	}

	MXCNAME = &diag.Rule{
		ID: "mx-cname", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 2181 §10.3", Codes: []string{"41605", "5.1.2"},
		Says: codes.Text{
			EN: "the MX host {host} is an alias (CNAME) of {alias}",
			JA: "MXのホスト {host} が別名(CNAME)で、{alias} を指しています"},
		Why: codes.Text{
			EN: "an MX record must name a host with addresses of its own; some servers refuse such a route or loop",
			JA: "MXレコードは、アドレスを直接持つホスト名を指す必要があります。別名の場合、配送を拒否するサーバーやループするサーバーがあります"},
		Fix: codes.Text{
			EN: "name {alias} in the MX record, or give {host} A and AAAA records instead of the CNAME",
			JA: "MXレコードで {alias} を直接指定するか、{host} のCNAMEをA・AAAAレコードに置き換えてください"},
	}

	MXNoAddress = &diag.Rule{
		ID: "mx-no-address", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 5321 §5.1", Codes: []string{"41605", "5.1.2", "5.4.4"},
		Says: codes.Text{
			EN: "the MX host {host} (preference {preference}) has no address",
			JA: "MXのホスト {host}(優先度 {preference})にアドレスがありません"},
		Why: codes.Text{
			EN: "mail cannot be delivered to it; when it is the only host, all mail to the domain fails",
			JA: "このホストには配送できません。唯一のMXであれば、このドメイン宛のメールはすべて失敗します"},
		Fix: codes.Text{
			EN: "publish an A or AAAA record for {host}, or remove it from the MX records",
			JA: "{host} のAまたはAAAAレコードを公開するか、MXレコードから外してください"},
	}

	MXPrivateAddress = &diag.Rule{
		ID: "mx-private-address", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 6890 §2.2", Codes: []string{"41605", "41606", "5.4.4"},
		Says: codes.Text{
			EN: "the MX host {host} has an address that nobody on the internet can reach: {addresses}",
			JA: "MXのホスト {host} に、インターネットから到達できないアドレスがあります: {addresses}"},
		Why: codes.Text{
			EN: "senders that pick this address wait until they give up",
			JA: "このアドレスを選んだ送信側サーバーは、期限まで再送を続けたのち配送をあきらめます"},
		Fix: codes.Text{
			EN: "publish the public address of {host} (an internal view of DNS may keep the private one)",
			JA: "{host} のグローバルアドレスを公開してください(内部アドレスは内部用DNSだけに置いてください)"},
	}

	MXIPLiteral = &diag.Rule{
		ID: "mx-ip-literal", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 1035 §3.3.9", Codes: []string{"41605", "5.1.2"},
		Says: codes.Text{
			EN: "the MX record holds the address {host} where a host name must stand",
			JA: "MXレコードに、ホスト名ではなくIPアドレス {host} が書かれています"},
		Why: codes.Text{
			EN: "DNS takes it for a name that does not exist, so that mail to it fails",
			JA: "DNSは存在しないホスト名として扱うため、配送できません"},
		Fix: codes.Text{
			EN: "give the server a name with an A or AAAA record and name it in the MX record",
			JA: "サーバーにA・AAAAレコード付きのホスト名を付け、MXレコードにはその名前を指定してください"},
	}
)
