package check

import (
	"todoku/codes"
	"todoku/diag"
)

// noMailTaken is what helps whoever writes to a domain that takes no mail.
var noMailTaken = &diag.Advice{
	Why: codes.Text{
		EN: "mail to this address cannot arrive: it comes back at once or when the retries end (41605)",
		JA: "この宛先には届きません。すぐに、または再送の期限後にエラーになります(41605)"},
	Fix: codes.Text{
		EN: "look at the part after @ for typing mistakes, and ask the customer for the right address",
		JA: "@より後ろの入力誤りを確認し、お客様に正しいアドレスを確認してください"},
	Owner: diag.OwnerSender,
}

// The rules of the MX check (RFC 5321 §5.1).
var (
	MXNone = &diag.Rule{
		ID: "mx-none", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 5321 §5.1", Codes: []string{"41605", "5.1.2", "5.7.27"},
		Says: codes.Text{
			EN: "no MX record and no address ({status}): mail to this domain cannot be delivered",
			JA: "MXレコードもA・AAAAレコードもありません({status})。このドメイン宛てのメールは配送できません"},
		Why: codes.Text{
			EN: "a sender that cannot be answered is refused by many receivers, and bounces are lost; mail to the domain fails with 41605",
			JA: "返信もエラーメールも届かない送信元は、多くの受信側で拒否されます。このドメイン宛ての送信は41605になります"},
		Fix: codes.Text{
			EN: "check the spelling of the domain; then publish an MX record that names your mail server, or a null MX if the domain takes no mail",
			JA: "ドメイン名の綴りを確認してください。正しい場合は、メールサーバーを指すMXレコードを公開してください。受信しないドメインであれば null MX を公開してください"},
		Writing: noMailTaken,
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
		Writing: noMailTaken,
	}

	MXNullForm = &diag.Rule{
		ID: "mx-null-form", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 7505 §3", Codes: []string{"41605", "5.1.10"},
		Says: codes.Text{
			EN: "the null MX is not in order: {records} record(s) with the preference {preference}; it must be one record with the preference 0",
			JA: "null MX の形が正しくありません({records}件、優先度 {preference})。優先度0のレコード1件だけにする必要があります"},
		Why: codes.Text{
			EN: "some senders do not recognise it: they look for a mail server that is not there, and mail waits instead of coming back at once",
			JA: "null MX と認識しない送信側サーバーがあり、存在しないメールサーバーを探し続けるため、すぐにエラーにならず滞留します"},
		Fix: codes.Text{
			EN: "publish exactly one MX record, with the preference 0 and the target \".\"",
			JA: "優先度0、宛先「.」のMXレコードを1件だけ公開してください"},
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
		Writing: &diag.Advice{
			Why: codes.Text{
				EN: "mostly that is a web server that takes no mail: then mail to this address waits and comes back (41605)",
				JA: "多くの場合それはWebサーバーで、メールを受信しません。その場合、この宛先へのメールは滞留したのちエラーになります(41605)"},
			Fix: codes.Text{
				EN: "look at the part after @ for typing mistakes; if it is right and mail comes back, ask the customer for another address",
				JA: "@より後ろの入力誤りを確認してください。正しい場合にエラーになるときは、お客様に別のアドレスを確認してください"},
			Owner: diag.OwnerSender},
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

	MXHostName = &diag.Rule{
		ID: "mx-host-name", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 5321 §2.3.5", Codes: []string{"41605", "5.1.2"},
		Says: codes.Text{
			EN: "\"{host}\" in the MX record is not the full name of a host",
			JA: "MXレコードの「{host}」は、ホストの完全な名前として正しくありません"},
		Why: codes.Text{
			EN: "a host name has letters, digits and hyphens, in parts with dots between, and nothing else: no underscore, no blank, no URL, no port. Some senders refuse the route, and BIND refuses such a zone",
			JA: "ホスト名に使えるのは英数字とハイフンを「.」で区切った形だけで、下線、空白、URL、ポート番号などは使えません。配送を拒否する送信側サーバーがあり、BINDはこのようなゾーンを読み込みません"},
		Fix: codes.Text{
			EN: "give the server a proper name with an A or AAAA record, and write only the preference and this name into the MX record",
			JA: "サーバーに正しいホスト名とA・AAAAレコードを用意し、MXレコードには優先度とその名前だけを指定してください"},
	}

	MXDotMissing = &diag.Rule{
		ID: "mx-dot-missing", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 1035 §5.1", Codes: []string{"41605", "5.1.2", "5.4.4"},
		Says: codes.Text{
			EN: "the MX host {host} looks like {meant} with the domain added to it: the dot at its end is missing",
			JA: "MXのホスト {host} は、{meant} の末尾にドメイン名が付け足された形です。末尾の「.」が抜けていると考えられます"},
		Why: codes.Text{
			EN: "in a zone file, and in the forms of some DNS services, a name without a dot at its end is completed with the domain ({added}): mail goes to another name, or nowhere",
			JA: "ゾーンファイルや一部のDNSサービスの入力欄では、末尾に「.」のない名前にドメイン名({added})が補われます。その結果、意図しない名前に配送されるか、配送できません"},
		Fix: codes.Text{
			EN: "write the whole name with a dot at its end, or leave the domain away where the form of the DNS service adds it",
			JA: "ホスト名を末尾の「.」まで書いてください。DNSサービスの入力欄がドメイン名を補う場合は、ドメイン名を除いて入力してください"},
	}

	MXLocalName = &diag.Rule{
		ID: "mx-local-name", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 6761 §6.3", Codes: []string{"41605", "41606", "5.4.4"},
		Says: codes.Text{
			EN: "the MX host {host} is no server on the internet: such a name means the sender's own machine or network, or nothing",
			JA: "MXのホスト {host} は、インターネット上のサーバーではなく、送信側自身のマシンやネットワークを意味するか、存在しない名前です"},
		Why: codes.Text{
			EN: "a sender that looks for it finds itself or nothing: no mail arrives",
			JA: "送信側は自分自身に接続するか、ホストを見つけられないため、メールは届きません"},
		Fix: codes.Text{
			EN: "name the real mail server; a domain that takes no mail publishes a null MX: one record with the preference 0 and the target \".\"",
			JA: "実際のメールサーバーのホスト名を指定してください。メールを受信しないドメインであれば、null MX(優先度0、宛先「.」のMXレコード1件)を公開してください"},
	}

	MXVerification = &diag.Rule{
		ID: "mx-verification", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 6761 §6.4", Codes: nil,
		Says: codes.Text{
			EN: "the MX host {host} is no server: this record only showed Microsoft 365 that the domain is yours",
			JA: "MXのホスト {host} はサーバーではなく、Microsoft 365にドメインの所有を示すためだけのものです"},
		Why: codes.Text{
			EN: "mail arrives by the other hosts; when they are down, senders look for this one too, find nothing, and some give up sooner",
			JA: "メールはほかのホストで受信できます。ただし、それらが停止したときに送信側がこのホストも探して見つからず、早めに再送をやめることがあります"},
		Fix: codes.Text{
			EN: "delete this record once the Microsoft 365 admin center shows the domain as verified; a TXT record (MS=ms…) shows the same",
			JA: "Microsoft 365管理センターでドメインの確認が済んでいれば、このレコードを削除してください。所有の確認にはTXTレコード(MS=ms…)も使えます"},
	}

	MXIPv6Only = &diag.Rule{
		ID: "mx-ipv6-only", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 3974 §4", Codes: []string{"41606", "5.4.4"},
		Says: codes.Text{
			EN: "mail to this domain comes over IPv6 only ({hosts}): no host has an IPv4 address that can be reached",
			JA: "このドメイン宛てのメールはIPv6でしか届きません({hosts})。到達できるIPv4アドレスを持つホストがありません"},
		Why: codes.Text{
			EN: "that is allowed, but many senders have no IPv6 and cannot deliver",
			JA: "規格上は問題ありませんが、IPv6に対応していない送信側サーバーが多く、そこからは配送できません"},
		Fix: codes.Text{
			EN: "add an A record to one of the hosts, or an MX host with an IPv4 address",
			JA: "いずれかのホストにAレコードを追加するか、IPv4アドレスを持つホストをMXに追加してください"},
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
			EN: "name the host at the end of the alias in the MX record, or give {host} A and AAAA records instead of the CNAME",
			JA: "MXレコードで別名の参照先のホストを直接指定するか、{host} のCNAMEをA・AAAAレコードに置き換えてください"},
	}

	MXNoAddress = &diag.Rule{
		ID: "mx-no-address", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 5321 §5.1", Codes: []string{"41605", "5.1.2", "5.4.4"},
		Says: codes.Text{
			EN: "the MX host {host} (preference {preference}) has no address",
			JA: "MXのホスト {host}(優先度 {preference})にA・AAAAレコードがありません"},
		Why: codes.Text{
			EN: "mail cannot be delivered to it; when it is the only host, all mail to the domain fails",
			JA: "このホストには配送できません。唯一のMXであれば、このドメイン宛てのメールはすべて失敗します"},
		Fix: codes.Text{
			EN: "write the name of a host that has an address into the MX record; where {host} is really its name, publish an A or AAAA record for it; remove the record when the host is gone",
			JA: "MXレコードには、アドレスを持つホスト名を指定してください。{host} が正しい名前である場合は、そのAまたはAAAAレコードを公開してください。使わなくなったホストであれば、MXレコードから外してください"},
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
