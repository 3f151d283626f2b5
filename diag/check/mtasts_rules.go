package check

import (
	"todoku/codes"
	"todoku/diag"
)

// Why texts that several rules share.
var (
	stsBlocks = codes.Text{
		EN: "senders that apply MTA-STS (Gmail, Outlook.com, Exchange Online and others) deliver nothing to this host: the mail waits for another host, and at the end of the retries it comes back (41606; Exchange Online 4.4.8 and 5.4.8, Postfix 4.7.5)",
		JA: "MTA-STSを適用する送信側(Gmail、Outlook.com、Exchange Onlineなど)は、このホストに配送しません。ほかのホストに配送できなければメールは滞留し、再送期限を過ぎるとエラーになります(41606、Exchange Online 4.4.8・5.4.8、Postfix 4.7.5)"}
	stsUnprotected = codes.Text{
		EN: "senders then have no policy: they deliver without its protection, and those that remember an older policy go on with that one until it ends",
		JA: "送信側は有効なポリシーがないものとして、保護のないまま配送します。以前のポリシーを保持している送信側は、期限までそのポリシーを使い続けます"}
)

// stsNoPolicy is for somebody who writes to a domain with a record or a policy that cannot be used: no mail waits for it.
var stsNoPolicy = &diag.Advice{
	Owner: diag.OwnerRecipient,
	Why: codes.Text{
		EN: "it keeps no mail back by itself: senders that apply MTA-STS deliver as if there were no policy; only those that remember an older policy go on with that one, until it ends",
		JA: "これだけでメールが滞留することはありません。MTA-STSを適用する送信側も、ポリシーがないものとして配送します。ただし以前のポリシーを保持している送信側は、期限までそのポリシーを使います"},
	Fix: stsTell.Fix,
}

// stsTell is for somebody who writes to the domain.
var stsTell = &diag.Advice{
	Owner: diag.OwnerRecipient,
	Why: codes.Text{
		EN: "it matters to senders that apply MTA-STS: where nothing holds against the policy, mail to the address waits and comes back (41606)",
		JA: "MTA-STSを適用する送信側に影響します。ポリシーに合うホストがなければ、宛先へのメールは滞留したのちエラーになります(41606)"},
	Fix: codes.Text{
		EN: "tell the recipient's administrator by another way, with these lines",
		JA: "別の手段で宛先のシステム管理者に連絡し、この内容を伝えてください"},
}

// stsTellPolicy is the same where the policy does not name a host: the record alone would mend nothing.
var stsTellPolicy = &diag.Advice{
	Owner: diag.OwnerRecipient, Why: stsTell.Why,
	Fix: codes.Text{
		EN: "tell the recipient's administrator by another way to publish this policy at {url}, each part on a line of its own, and then to give the record a new id: {policy}",
		JA: "別の手段で宛先のシステム管理者に連絡し、次のポリシーを {url} に公開してから(「|」で区切った部分をそれぞれ1行にします)、レコードの id を新しい値に変更するよう伝えてください: {policy}"},
}

// stsCertificate is the same of a certificate, which may be that of a mail host or of the policy's.
var stsCertificate = &diag.Advice{
	Owner: diag.OwnerRecipient,
	Why: codes.Text{
		EN: "of a mail host: senders that apply MTA-STS deliver nothing to it, and where no other host is left the mail waits and comes back (41606); of the host with the policy: they deliver as if there were no policy, or go on with an older one",
		JA: "メールサーバーの場合、MTA-STSを適用する送信側は配送せず、ほかに配送できるホストがなければ滞留したのちエラーになります(41606)。ポリシーのサーバーの場合は、ポリシーがないものとして配送するか、保持している以前のポリシーを使います"},
	Fix: stsTell.Fix,
}

// The rules of the MTA-STS check about what fails.
var (
	MTASTSSyntax = &diag.Rule{
		ID: "mtasts-syntax", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 8461 §3",
		Codes: nil, Why: stsUnprotected, Writing: stsNoPolicy,
		Says: codes.Text{
			EN: "{name} has a fault at {where}: \"{text}\" ({fault}; right: {expected})",
			JA: "{name} の{where}に誤りがあります:「{text}」({fault}。正しい形: {expected})"},
		Fix: codes.Text{
			EN: "correct this part and keep the rest; after a change of the policy give the record a new id, so that senders fetch it again",
			JA: "この部分だけを修正し、ほかはそのまま残してください。ポリシーを変更したときは、送信側が再取得するようレコードの id も新しい値に変更してください"},
	}

	MTASTSMultiple = &diag.Rule{
		ID: "mtasts-multiple", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 8461 §3.1",
		Codes: nil, Why: stsUnprotected, Writing: stsNoPolicy,
		Says: codes.Text{
			EN: "{name} has {count} MTA-STS records, one is allowed",
			JA: "{name} にMTA-STSレコードが{count}個あります(1個だけにする必要があります)"},
		Fix: codes.Text{
			EN: "keep one of the records and delete the others",
			JA: "1つだけ残し、ほかのレコードを削除してください"},
	}

	MTASTSFetch = &diag.Rule{
		ID: "mtasts-fetch", Severity: diag.Fail, Owner: diag.OwnerRecipient, Ref: "RFC 8461 §3.3",
		Codes: nil, Why: stsUnprotected, Writing: stsNoPolicy,
		Says: codes.Text{
			EN: "there is a record, and no policy at {url}: {problem}",
			JA: "レコードがありますが、{url} にポリシーがありません: {problem}"},
		Fix: codes.Text{
			EN: "publish the policy there as a text of at most 64 KiB with the status 200; to give MTA-STS up, publish mode none until the old max_age has passed, and only then delete record and policy",
			JA: "この場所に64KiB以下のテキストとしてポリシーを公開し、ステータス200で返してください。MTA-STSをやめる場合は、以前の max_age が過ぎるまで mode: none を公開し、その後でレコードとポリシーを削除してください"},
	}

	MTASTSCertificate = &diag.Rule{
		ID: "mtasts-certificate", Severity: diag.Fail, Owner: diag.OwnerRecipient, Ref: "RFC 8461 §4.2",
		Codes: []string{"41606", "4.7.5", "5.4.8", "4.4.8"}, Writing: stsCertificate,
		Says: codes.Text{
			EN: "TLS with {host} does not hold against MTA-STS: {problem}",
			JA: "{host} とのTLSはMTA-STSの条件を満たしません: {problem}"},
		Why: codes.Text{
			EN: "of a mail host: senders that apply MTA-STS deliver nothing to it, and the mail waits for another host or comes back (41606, Postfix 4.7.5); of the host with the policy: senders cannot fetch the policy, and go on with the one that they remember, or with none",
			JA: "メールサーバーの場合、MTA-STSを適用する送信側は配送せず、ほかのホストに配送できなければ滞留したのちエラーになります(41606、Postfix 4.7.5)。ポリシーのサーバーの場合、送信側はポリシーを取得できず、保持している以前のポリシーを使うか、ポリシーなしで配送します"},
		Fix: codes.Text{
			EN: "let {host} answer with TLS 1.2 or later, and with a certificate that is valid, holds the name {host} and comes with its chain to a public authority",
			JA: "{host} がTLS 1.2以降で応答するようにし、{host} の名前を含む有効な証明書を、公的な認証局までの中間証明書とともに設定してください"},
	}

	MTASTSMXMismatch = &diag.Rule{
		ID: "mtasts-mx-mismatch", Severity: diag.Fail, Owner: diag.OwnerRecipient, Ref: "RFC 8461 §4.1",
		Codes: []string{"41606", "5.4.8", "4.4.8", "4.7.5"}, Why: stsBlocks, Writing: stsTellPolicy,
		Says: codes.Text{
			EN: "the MTA-STS policy does not name the MX host {host}: it names {patterns}",
			JA: "MTA-STSポリシーにMXホスト {host} がありません(ポリシーの mx: {patterns})"},
		Fix: codes.Text{
			EN: "publish this policy at {url}, each part on a line of its own, and then give the record a new id: {policy}",
			JA: "次のポリシーを {url} に公開し(「|」で区切った部分をそれぞれ1行にします)、その後レコードの id を新しい値に変更してください: {policy}"},
	}

	MTASTSStartTLSNone = &diag.Rule{
		ID: "mtasts-starttls-none", Severity: diag.Fail, Owner: diag.OwnerRecipient, Ref: "RFC 8461 §5",
		Codes: []string{"41606", "4.7.4", "5.7.10"}, Why: stsBlocks, Writing: stsTell,
		Says: codes.Text{
			EN: "the MTA-STS policy asks for TLS, and {host} [{address}] does not give it: {problem}",
			JA: "MTA-STSポリシーはTLSを求めていますが、{host}[{address}]ではTLSを使えません: {problem}"},
		Fix: codes.Text{
			EN: "make STARTTLS work on {host} with a certificate for its name, or set mode: testing in the policy until it does",
			JA: "{host} でその名前の証明書を用いてSTARTTLSを使えるようにしてください。対応できるまでは、ポリシーを mode: testing にしてください"},
	}
)

// The rules of the MTA-STS check about what is weak, or to be known.
var (
	MTASTSTesting = &diag.Rule{
		ID: "mtasts-testing", Severity: diag.Warn, Owner: diag.OwnerRecipient, Ref: "RFC 8461 §5", Codes: nil,
		Says: codes.Text{
			EN: "the MTA-STS policy of {domain} is in testing: failures are reported, and mail is delivered all the same",
			JA: "{domain} のMTA-STSポリシーはテスト中です(mode: testing)。条件を満たさない場合も報告されるだけで、メールは配送されます"},
		Why: codes.Text{
			EN: "nobody is kept from reading or redirecting mail on its way",
			JA: "経路上での盗聴や、別のサーバーへの誘導を防げません"},
		Fix: codes.Text{
			EN: "when the TLS reports show no failure any more, set mode: enforce and give the record a new id",
			JA: "TLSレポートで失敗がなくなったことを確認したら、mode: enforce に切り替え、レコードの id を新しい値に変更してください"},
	}

	MTASTSWouldFail = &diag.Rule{
		ID: "mtasts-would-fail", Severity: diag.Warn, Owner: diag.OwnerRecipient, Ref: "RFC 8461 §5", Codes: nil,
		Says: codes.Text{
			EN: "with mode: enforce no mail would be delivered to {host}: {problem}",
			JA: "mode: enforce に切り替えると、{host} には配送されなくなります: {problem}"},
		Why: codes.Text{
			EN: "the policy is in testing and does no harm yet: senders deliver, and report the failure",
			JA: "現在はテスト中のため、配送への影響はありません。送信側は配送したうえで失敗を報告します"},
		Fix: codes.Text{
			EN: "correct it at {host} or in the policy at {url} before you set mode: enforce",
			JA: "mode: enforce に切り替える前に、{host} の設定または {url} のポリシーを修正してください"},
	}

	MTASTSRedirect = &diag.Rule{
		ID: "mtasts-redirect", Severity: diag.Warn, Owner: diag.OwnerRecipient, Ref: "RFC 8461 §3.3",
		Codes: nil, Why: stsUnprotected, Writing: stsNoPolicy,
		Says: codes.Text{
			EN: "{url} redirects to {target} (status {status}): senders must not follow",
			JA: "{url} は {target} にリダイレクトされます(ステータス {status})。送信側はリダイレクト先を参照しません"},
		Fix: codes.Text{
			EN: "answer with the policy itself and the status 200; a CNAME to the host of a service is allowed, a redirect is not",
			JA: "ポリシー自体をステータス200で返してください。サービスのホストへのCNAMEは使えますが、リダイレクトは使えません"},
	}

	MTASTSContentType = &diag.Rule{
		ID: "mtasts-content-type", Severity: diag.Warn, Owner: diag.OwnerRecipient, Ref: "RFC 8461 §3.2",
		Codes: nil, Writing: stsNoPolicy,
		Says: codes.Text{
			EN: "{url} has the content type {type} instead of text/plain",
			JA: "{url} のContent-Typeが text/plain ではなく {type} です"},
		Why: codes.Text{
			EN: "senders should ignore such a policy; Postfix with mta-sts-resolver does, others read it",
			JA: "送信側はこのようなポリシーを無視すべきとされています。Postfix(mta-sts-resolver)は無視し、読み取る送信側もあります"},
		Fix: codes.Text{
			EN: "let the web server send the file as text/plain",
			JA: "ウェブサーバーがこのファイルを text/plain として返すように設定してください"},
	}

	MTASTSMaxAge = &diag.Rule{
		ID: "mtasts-max-age", Severity: diag.Warn, Owner: diag.OwnerRecipient, Ref: "RFC 8461 §10.2", Codes: nil,
		Says: codes.Text{
			EN: "the policy at {url} is to be forgotten after {seconds} seconds (max_age), less than a day",
			JA: "{url} のポリシーの保持期間(max_age)が{seconds}秒で、1日より短くなっています"},
		Why: codes.Text{
			EN: "a sender that has forgotten it has no protection against an attacker who suppresses the record",
			JA: "期限が切れた送信側は、レコードの取得を妨害する攻撃から保護されません"},
		Fix: codes.Text{
			EN: "set max_age to a week (604800) or more; for tests use mode: testing instead",
			JA: "max_age を1週間(604800)以上にしてください。試験的に運用する場合は mode: testing を使ってください"},
	}

	MTASTSNoRecord = &diag.Rule{
		ID: "mtasts-no-record", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 8461 §3.1", Codes: nil,
		Says: codes.Text{
			EN: "there is a policy at {url} (mode {mode}), and no record at {name}",
			JA: "{url} にポリシーがありますが(mode: {mode})、{name} にレコードがありません"},
		Why: codes.Text{
			EN: "senders look for the record first: without it they never fetch the policy",
			JA: "送信側は最初にレコードを確認するため、レコードがなければポリシーは取得されません"},
		Fix: codes.Text{
			EN: "publish the record; to give MTA-STS up, take the policy away too",
			JA: "レコードを公開してください。MTA-STSを使わない場合は、ポリシーも削除してください"},
	}

	MTASTSMisplaced = &diag.Rule{
		ID: "mtasts-misplaced", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 8461 §3.1", Codes: nil,
		Says: codes.Text{
			EN: "the MTA-STS record stands at {place} instead of at {name}",
			JA: "MTA-STSレコードが {name} ではなく {place} に設定されています"},
		Why: codes.Text{
			EN: "no sender looks there: the domain counts as one without MTA-STS",
			JA: "送信側はこの場所を参照しないため、MTA-STS未設定として扱われます"},
		Fix: codes.Text{
			EN: "move the TXT record to the name {name}; a DNS service that adds the domain itself wants only the part before it",
			JA: "このTXTレコードを {name} に移してください。ドメイン名を自動で補うDNSサービスでは、ドメイン名より前の部分だけを入力します"},
	}

	MTASTSNone = &diag.Rule{
		ID: "mtasts-none", Severity: diag.Info, Owner: diag.OwnerDNS, Ref: "RFC 8461 §3.1", Codes: nil,
		Says: codes.Text{
			EN: "{domain} has no MTA-STS record",
			JA: "{domain} にMTA-STSレコードがありません"},
		Why: codes.Text{
			EN: "senders use TLS where the server offers it, and deliver without it too: who sits on the way can read the mail. No mail is refused for it",
			JA: "送信側はサーバーが対応していればTLSを使いますが、使えなくても配送するため、経路上で読まれるおそれがあります。これを理由に受信拒否されることはありません"},
		Fix: codes.Text{
			EN: "nothing has to be done; to protect incoming mail, publish a policy with mode: testing first, then the record at {name}",
			JA: "対応は必須ではありません。受信メールを保護するには、まず mode: testing のポリシーを公開し、続いて {name} にレコードを公開してください"},
	}

	MTASTSModeNone = &diag.Rule{
		ID: "mtasts-mode-none", Severity: diag.Info, Owner: diag.OwnerRecipient, Ref: "RFC 8461 §8.3", Codes: nil,
		Says: codes.Text{
			EN: "the MTA-STS policy of {domain} says mode: none: MTA-STS is switched off",
			JA: "{domain} のMTA-STSポリシーは mode: none で、MTA-STSは無効です"},
		Why: codes.Text{
			EN: "that is how MTA-STS is given up: senders forget the older policy",
			JA: "MTA-STSの利用をやめる際の手順です。送信側は以前のポリシーを破棄します"},
		Fix: codes.Text{
			EN: "nothing to do; when the max_age of the older policy has passed, delete the record and the policy at {url}",
			JA: "対応は不要です。以前のポリシーの max_age が過ぎたら、レコードと {url} のポリシーを削除してください"},
	}

	MTASTSMXUnused = &diag.Rule{
		ID: "mtasts-mx-unused", Severity: diag.Info, Owner: diag.OwnerRecipient, Ref: "RFC 8461 §4.1", Codes: nil,
		Says: codes.Text{
			EN: "the policy at {url} names hosts that no MX record names: {patterns}",
			JA: "{url} のポリシーに、MXレコードにないホストが含まれています: {patterns}"},
		Why: codes.Text{
			EN: "right before and after a move; else an old name may one day belong to somebody else",
			JA: "移行の前後であれば問題ありません。そうでなければ、古い名前が将来第三者のものになるおそれがあります"},
		Fix: codes.Text{
			EN: "take the names out that you no longer use, and give the record a new id",
			JA: "使わなくなった名前を削除し、レコードの id を新しい値に変更してください"},
	}

	MTASTSIgnored = &diag.Rule{
		ID: "mtasts-ignored", Severity: diag.Info, Owner: diag.OwnerDNS, Ref: "RFC 8461 §3.2", Codes: nil,
		Says: codes.Text{
			EN: "{name} has parts that senders ignore: {terms}",
			JA: "{name} に、送信側が無視する部分があります: {terms}"},
		Why: codes.Text{
			EN: "of a key that stands there twice the first one counts, and unknown keys count for nothing",
			JA: "同じ項目が複数ある場合は最初のものだけが有効で、未知の項目は無視されます"},
		Fix: codes.Text{
			EN: "correct the name of the key, or take the part out",
			JA: "項目名を修正するか、その部分を削除してください"},
	}
)
