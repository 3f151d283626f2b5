package lab

// refusalSituations are receivers that do not want the mail.
func refusalSituations() []mailSituation {
	return []mailSituation{
		{name: "policy", code: "42550", reason: "policy", mail: Receiver{Body: Say{Reply: "550 5.7.1 Message refused by local policy"}},
			en: "refused by policy", ja: "受信側のポリシーにより拒否されます"},
		{name: "spf-refuses", code: "42550", reason: "spf", from: "news@spf-ip.test",
			mail: Receiver{Mail: Say{Reply: "550 5.7.23 SPF validation failed: {from} does not permit " + sender}},
			en:   "refused because SPF fails", ja: "SPFの認証に失敗したため拒否されます"},
		{name: "dkim-refuses", code: "42550", reason: "dkim", from: "news@no-dkim.test",
			mail: Receiver{Body: Say{Reply: "550 5.7.20 No passing DKIM signature found"}},
			en:   "refused because DKIM is missing", ja: "DKIM署名がないため拒否されます"},
		{name: "dmarc-refuses", code: "42550", reason: "dmarc", from: "news@spf-ip.test",
			mail: Receiver{Body: Say{Reply: "550 5.7.1 Rejected by DMARC policy of spf-ip.test"}},
			en:   "refused because DMARC fails", ja: "DMARCの認証に失敗したため拒否されます"},
		{name: "ptr-refuses", code: "42550", reason: "reverse_dns", from: "news@no-ptr.test",
			mail: Receiver{Rcpt: Say{Reply: "550 5.7.25 Client host rejected: cannot find your reverse hostname, [192.0.2.8]"}},
			en:   "refused because the sending address has no name", ja: "送信元IPアドレスに逆引きがないため拒否されます"},
		{name: "blocklist", code: "42550", reason: "blocklisted",
			mail: Receiver{Rcpt: Say{Reply: "550 5.7.1 Service unavailable; Client host [" + sender +
				"] blocked using zen.spamhaus.org; https://check.spamhaus.org/query/ip/" + sender}},
			en: "refused because of a blocklist, which the reply names",
			ja: "ブロックリストへの登録により拒否されます(応答にリスト名があります)"},
		{name: "disabled", code: "42550", reason: "mailbox_disabled",
			mail: Receiver{Rcpt: Say{Reply: "550 5.2.1 <{to}>: The mailbox is disabled"}},
			en:   "the mailbox is disabled", ja: "メールボックスが停止されています"},
		{name: "refused", code: "42553", reason: "policy",
			mail: Receiver{Rcpt: Say{Reply: "553 5.7.1 <{to}>: delivery not authorized, message refused"}},
			en:   "553: refused by the receiver", ja: "受信側に拒否されます(553)"},
		{name: "sender-refused", code: "42553", reason: "sender_refused",
			mail: Receiver{Mail: Say{Reply: "553 5.1.8 <{from}>: Sender address rejected"}},
			en:   "553: the sender is refused", ja: "送信者アドレスが拒否されます(553)"},
		{name: "banner-554", code: "42554", reason: "policy",
			mail: Receiver{Greeting: Say{Reply: "554 5.7.1 {name} access denied for your address"}},
			en:   "554 when connecting", ja: "接続時に554で拒否されます"},
		{name: "content", code: "42554", reason: "content_refused",
			mail: Receiver{Body: Say{Reply: "554 5.6.0 Message content rejected: attachment type not allowed"}},
			en:   "554: the content is refused", ja: "本文の内容により拒否されます(554)"},
		{name: "spam", code: "42554", reason: "spam", mail: Receiver{Body: Say{Reply: "554 5.7.1 Message rejected as spam"}},
			en: "554: judged to be junk", ja: "迷惑メールと判定されます(554)"},
		{name: "loop", code: "42554", reason: "mail_loop", mail: Receiver{Body: Say{Reply: "554 5.4.6 Too many hops, mail loop detected"}},
			en: "554: a mail loop", ja: "メールが循環しています(554)"},
		{name: "r559", code: "42559", reason: "policy", mail: Receiver{Rcpt: Say{Reply: "559 5.7.1 <{to}>: mail refused"}},
			en: "559: refused by the receiver", ja: "受信側に拒否されます(559)"},
	}
}

// providerSituations speak like large providers, in words of our own around the
// phrases by which they are known. Their hosts have the names of the real ones:
// the lab's DNS is its own.
func providerSituations() []mailSituation {
	return []mailSituation{
		{name: "gmail", code: "42550", reason: "authentication", from: "news@no-spf.test", host: "gmail-smtp-in.l.google.com",
			mail: Receiver{Body: Say{Reply: "550 5.7.26 This mail is blocked: the sender is unauthenticated.\n5.7.26 Either " +
				"SPF or DKIM has to pass.\n5.7.26 SPF: none, DKIM: none - gsmtp"}},
			en: "like Gmail: neither SPF nor DKIM", ja: "Gmail風: SPFもDKIMも認証されず拒否されます"},
		{name: "gmail-rate", code: "42421", reason: "rate_limited", args: noRetry, host: "alt1.gmail-smtp-in.l.google.com",
			mail: Receiver{Body: Say{Reply: "421 4.7.28 There is an unusual rate of unsolicited mail\n4.7.28 from your IP address [" + sender +
				"]. Mail is limited for now. - gsmtp"}},
			en: "like Gmail: an unusual rate of mail", ja: "Gmail風: 送信量の急増により一時拒否されます"},
		{name: "outlook", code: "42550", reason: "ip_reputation", host: "outlook-test.olc.protection.outlook.com",
			mail: Receiver{Mail: Say{Reply: "550 5.7.1 Mail from [" + sender + "] was not sent: part of the network is on our block list (S3150)."}},
			en:   "like Outlook.com: the address is on its block list",
			ja:   "Outlook.com風: 送信元IPアドレスが拒否リストに載っています"},
		{name: "docomo", code: "42550", reason: "user_unknown", host: "mfsmax.docomo.ne.jp",
			mail: Receiver{Lacks: []string{"STARTTLS", "ENHANCEDSTATUSCODES", "SMTPUTF8"}, Body: Say{Reply: "550 Unknown user user@docomo.ne.jp"}},
			en:   "like docomo: \"unknown user\" after the message: no such address",
			ja:   "ドコモ風: 本文の後の Unknown user(宛先が存在しません)"},
		{name: "au", code: "42550", reason: "user_unknown", host: "lsean.ezweb.ne.jp",
			mail: Receiver{Lacks: []string{"STARTTLS", "ENHANCEDSTATUSCODES", "SMTPUTF8"}, Rcpt: Say{Reply: "550 <{to}>: User unknown"}},
			en:   "like au: user unknown", ja: "au風: 宛先のユーザーが存在しません"},
		{name: "softbank", code: "42550", reason: "user_unknown", host: "mx.softbank.ne.jp",
			mail: Receiver{Lacks: []string{"ENHANCEDSTATUSCODES", "SMTPUTF8"}, Rcpt: Say{Reply: "550 Invalid recipient: <{to}>"}},
			en:   "like SoftBank: invalid recipient", ja: "ソフトバンク風: 宛先が無効です"},
	}
}
