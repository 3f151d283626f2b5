package check

import (
	"todoku/codes"
	"todoku/diag"
)

// The rules of the check of lists (RFC 5782).
var (
	DNSBLListed = &diag.Rule{
		ID: "dnsbl-listed", Severity: diag.Fail, Owner: diag.OwnerMail, Ref: "RFC 5782 §2.1",
		Codes: []string{"42550", "42554", "5.7.1"},
		Says: codes.Text{
			EN: "the sending address {address} is on {list}: {meaning}",
			JA: "送信元IPアドレス {address} が {list} に登録されています: {meaning}"},
		Why: codes.Text{
			EN: "receivers that ask this list refuse the mail: 550 5.7.1 or 554 5.7.1, blocked using {zone}; {used}",
			JA: "このリストを参照する受信側は、550 5.7.1 や 554 5.7.1(blocked using {zone})で受信を拒否します。{used}"},
		Fix: codes.Text{
			EN: "first stop what led to the entry (a hijacked account, an open form, addresses that never asked for mail), " +
				"then ask for removal: {page}{note}",
			JA: "登録の原因(アカウントの乗っ取り、フォームの悪用、承諾のない宛先への送信など)を先に取り除いてから、" +
				"解除を申請してください: {page}{note}"},
	}

	DNSBLDomainListed = &diag.Rule{
		ID: "dnsbl-domain-listed", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 5782 §2.2",
		Codes: []string{"42550", "42554", "5.7.1"},
		Says: codes.Text{
			EN: "the domain {address} is on {list}: {meaning}",
			JA: "ドメイン {address} が {list} に登録されています: {meaning}"},
		Why: codes.Text{
			EN: "receivers that ask this list refuse mail with the domain in From, in the envelope or in a link, or take it for spam; {used}",
			JA: "このリストを参照する受信側は、From、エンベロープ送信者、リンクにこのドメインを含むメールを、" +
				"拒否または迷惑メールと判定します。{used}"},
		Fix: codes.Text{
			EN: "look for what others do with the domain (a hijacked site, a redirector, mail in its name) and stop it, " +
				"then ask for removal: {page}{note}; leave links to the domain out until then",
			JA: "ドメインの悪用(サイトの改ざん、転送の悪用、なりすましなど)を調べて止めてから、解除を申請してください: {page}{note}。" +
				"解除されるまで、このドメインへのリンクは使わないでください"},
	}

	DNSBLPolicyListed = &diag.Rule{
		ID: "dnsbl-policy-listed", Severity: diag.Warn, Owner: diag.OwnerNetwork, Ref: "RFC 5782 §2.1",
		Codes: []string{"42550", "42554", "5.7.1"},
		Says: codes.Text{
			EN: "the sending address {address} is on {list} by policy: {meaning}",
			JA: "送信元IPアドレス {address} が、ポリシーにより {list} に登録されています: {meaning}"},
		Why: codes.Text{
			EN: "this is no sign of abuse, and harmless for mail that goes out through a mail server of the provider; mail that goes directly " +
				"to the receiver is refused with 550 5.7.1; {used}",
			JA: "不正の疑いによる登録ではなく、プロバイダーのメールサーバーを経由するメールには影響しません。" +
				"受信側へ直接送信するメールは 550 5.7.1 などで拒否されます。{used}"},
		Fix: codes.Text{
			EN: "send through the mail server of the provider; for a mail server with a fixed address and a name of its own, " +
				"have the address taken off: {page}{note}",
			JA: "プロバイダーのメールサーバーを経由して送信してください。固定IPアドレスと固有の逆引きを持つメールサーバーの場合は、" +
				"登録から除外してもらってください: {page}{note}"},
	}

	DNSBLMinorListed = &diag.Rule{
		ID: "dnsbl-minor-listed", Severity: diag.Info, Owner: diag.OwnerNetwork, Ref: "RFC 5782 §2.1", Codes: nil,
		Says: codes.Text{
			EN: "{address} is on {list}, by which few receivers refuse: {meaning}",
			JA: "{address} が、拒否に使われることの少ない {list} に登録されています: {meaning}"},
		Why: codes.Text{
			EN: "such an entry says little about the sender: it is for a whole network, or for doubtful cases",
			JA: "ネットワーク全体、または判断の分かれる場合の登録で、送信者自身の問題を示すものとは限りません"},
		Fix: codes.Text{
			EN: "nothing has to be done while no mail is refused; pay nobody for a removal. More: {page}{note}",
			JA: "メールが拒否されていなければ、対処は不要です。有料の解除に応じる必要はありません。詳細: {page}{note}"},
	}

	DNSBLNotHeld = &diag.Rule{
		ID: "dnsbl-not-held", Severity: diag.Info, Owner: diag.OwnerMail, Ref: "RFC 5782 §2.4", Codes: nil,
		Says: codes.Text{
			EN: "sending addresses not looked up, as no list that was asked holds their kind (IPv4, IPv6): {addresses} (in all {count})",
			JA: "照会していない送信元IPアドレスがあります: {addresses}(計{count}件)。この種類(IPv4・IPv6)を収録するリストに問い合わせていません"},
		Why: codes.Text{
			EN: "that these lists have no such entry says nothing about the addresses",
			JA: "これらのリストに登録がなくても、そのアドレスに問題がないことにはなりません"},
		Fix: codes.Text{
			EN: "add a list that holds them; zen.spamhaus.org holds both kinds",
			JA: "その種類を収録しているリストを加えてください。zen.spamhaus.org は両方を収録しています"},
	}

	DNSBLRefused = &diag.Rule{
		ID: "dnsbl-refused", Severity: diag.Info, Owner: diag.OwnerMail, Ref: "RFC 5782 §2.1", Codes: nil,
		Says: codes.Text{
			EN: "{list} does not answer us: {problem}",
			JA: "{list} から回答を得られません。{problem}"},
		Why: codes.Text{
			EN: "whether anything is on the list is not known; what it answered is no entry, and a receiver that takes it for one is wrong",
			JA: "登録の有無は不明です。返された応答は登録を示すものではなく、登録と解釈する受信側があれば、受信側の誤りです"},
		Fix: codes.Text{
			EN: "ask through a resolver of your own (--resolver), look the address up on the list's page, or use the key of a subscription",
			JA: "自社のリゾルバーから問い合わせる(--resolver)か、リストのWebページで照会するか、契約したキーを使ってください"},
	}

	DNSBLListClosed = &diag.Rule{
		ID: "dnsbl-list-closed", Severity: diag.Info, Owner: diag.OwnerRecipient, Ref: "RFC 5782 §5", Codes: nil,
		Says: codes.Text{
			EN: "the answers of {list} do not count: {problem}",
			JA: "{list} の回答は判定に使用しません。{problem}"},
		Why: codes.Text{
			EN: "a list that is closed or broken says nothing about the mail; a receiver that still asks one may refuse everything, or nothing",
			JA: "閉鎖された、または壊れたリストの回答には意味がありません。参照し続ける受信側では、すべて拒否されるか、何も拒否されません"},
		Fix: codes.Text{
			EN: "leave the list out here; a receiver that refuses by it has to take it out of its settings. A list of your own needs the " +
				"entry 127.0.0.2 (of domains: TEST)",
			JA: "このリストを指定から外してください。このリストで拒否する受信側には、設定からの削除を依頼してください。" +
				"自社のリストには 127.0.0.2(ドメインのリストでは TEST)の登録が必要です"},
	}
)
