package lab

import "time"

// mailSituations holds one receiver for each situation; a new one is one entry here.
func mailSituations() []mailSituation {
	var list []mailSituation
	add := func(group string, more []mailSituation) {
		for _, s := range more {
			s.group = group
			list = append(list, s)
		}
	}
	add("accepted", acceptingSituations())
	add("unreachable", unreachableSituations())
	add("temporary", temporarySituations())
	add("permanent", permanentSituations())
	add("policy", refusalSituations())
	add("providers", providerSituations())
	add("tls", tlsSituations())
	add("relay", relaySituations())
	add("strange", strangeSituations())
	add("accepted", laterSituations()) // from here on at the end, so that the others keep their addresses
	add("tls", laterTLSSituations())
	return list
}

// deferralTime is how long a receiver says "later" that then takes the mail.
const deferralTime = 800 * time.Millisecond

// noRetry is for temporary replies that shall be the result.
var noRetry = []string{"--retry-for", "0s"}

func acceptingSituations() []mailSituation {
	return []mailSituation{
		{name: "takes", code: "40000", reason: "delivered", mail: Receiver{Known: usual(), VRFY: true},
			en: "mail is taken", ja: "メールが正常に受け取られます"},
		{name: "catch-all", code: "40000", reason: "delivered", to: "whoever",
			en: "a domain that takes mail for every name (catch-all)",
			ja: "どの宛先名でも受け取るドメインです(キャッチオール)"},
		{name: "greylist", code: "40000", reason: "delivered", args: []string{"--retry-for", "10s"},
			mail: Receiver{Known: usual(),
				Rcpt: Say{Reply: "450 4.7.1 <{to}>: Recipient address rejected: Greylisted, please try again in 1 second", Until: deferralTime}},
			en: "greylisting that lets the second try pass", ja: "グレイリストにより、2回目の送信で受け取られます"},
		{name: "busy", code: "40000", reason: "delivered", args: []string{"--retry-for", "10s"},
			mail: Receiver{Known: usual(), Greeting: Say{Reply: "421 4.3.2 {name} busy, try again later", Until: deferralTime}},
			en:   "a server that is busy for a moment", ja: "サーバーが一時的に混み合っています"},
		{name: "slow", code: "40000", reason: "delivered", mail: Receiver{Known: usual(),
			Greeting: Say{Wait: 300 * time.Millisecond}, Rcpt: Say{Wait: 300 * time.Millisecond}, Body: Say{Wait: 300 * time.Millisecond}},
			en: "a server that answers slowly", ja: "応答の遅いサーバーです"},
		{name: "bounces-later", code: "40000", reason: "delivered", mail: Receiver{BouncesLater: "552 5.2.2 <{to}>: mailbox full"},
			en: "mail is taken now and comes back later, to imap://news@mail.lab.test: collect turns it to 90000",
			ja: "いったん受け取られ、後から imap://news@mail.lab.test にエラーで返されます(collect で90000になります)"},
		{name: "no-postmaster", code: "40000", reason: "delivered", mail: Receiver{Known: []string{"user*"}},
			en: "a domain without postmaster", ja: "postmaster 宛てを受け取らないドメインです"},
		{name: "old", code: "40000", reason: "delivered", mail: Receiver{Known: usual(), EHLO: Say{Reply: "502 5.5.1 EHLO not implemented"}},
			en: "an old server that knows only HELO", ja: "HELOにしか対応していない古いサーバーです"},
		{name: "plain", code: "40000", reason: "delivered", mail: Receiver{Known: usual(), Lacks: []string{"PIPELINING",
			"SIZE", "8BITMIME", "SMTPUTF8", "DSN", "ENHANCEDSTATUSCODES"}},
			en: "a server without extensions other than STARTTLS", ja: "STARTTLS以外の拡張に対応していないサーバーです"},
		{name: "timeout", code: "40001", args: []string{"--timeout", "2s"}, mail: Receiver{Known: usual(), Body: Say{Then: Stall}},
			en: "no answer after the message", ja: "本文の送信後に応答がありません"},
	}
}

// laterSituations take mail too; they came later.
func laterSituations() []mailSituation {
	return []mailSituation{
		{name: "junk", code: "40000", reason: "delivered", mail: Receiver{Known: usual(), Junk: true},
			en: "mail is taken and put into the folder for junk", ja: "受け取られますが、迷惑メールフォルダーに入ります"},
	}
}

// unreachableSituations never get as far as a reply about the mail.
func unreachableSituations() []mailSituation {
	faulty := func(word string) string { return "$FAULT {} * " + word + "\n$FAULT *.{} * " + word }
	return []mailSituation{
		{name: "mistyped", code: "41605", absent: true,
			en: "a domain that does not exist, as after a typing mistake", ja: "入力誤りなどで、存在しないドメインです"},
		{name: "no-route", code: "41605", zone: none,
			en: "a domain with neither MX nor address", ja: "MXレコードもアドレスもないドメインです"},
		{name: "takes-none", code: "41605", zone: "@ MX 0 .",
			en: "a domain that says it takes no mail (null MX)", ja: "メールを受信しないと宣言しているドメインです(null MX)"},
		{name: "dns-broken", code: "41605", zone: faulty("SERVFAIL ede=22"), args: noRetry,
			en: "DNS servers that are gone", ja: "DNSサーバーが応答できません(SERVFAIL)"},
		{name: "dns-silent", code: "41605", zone: faulty("SILENCE"), args: []string{"--timeout", "1s", "--retry-for", "0s"},
			en: "DNS servers that never answer", ja: "DNSサーバーから応答がありません"},
		{name: "never-answers", code: "41606", args: []string{"--timeout", "1s", "--retry-for", "3s"}, mail: Receiver{Reach: Silent},
			en: "a host that never answers", ja: "接続に応答しないサーバーです"},
		{name: "closed", code: "41606", args: []string{"--retry-for", "2s"}, mail: Receiver{Reach: Closed},
			en: "a host that refuses connections", ja: "接続を拒否するサーバーです"},
		{name: "unreachable", code: "41606", args: []string{"--retry-for", "2s"}, mail: Receiver{Reach: Unreachable},
			en: "a host to which there is no route", ja: "経路のないサーバーです"},
		{name: "always-later", code: "41606", reason: "rate_limited", args: []string{"--retry-for", "2s"},
			mail: Receiver{Rcpt: Say{Reply: "450 4.2.1 <{to}>: receives too much mail now, try again later"}},
			en:   "only temporary refusals until the deadline", ja: "再送期限まで一時拒否が続きます"},
		{name: "mute", code: "41606", args: []string{"--timeout", "1s", "--retry-for", "3s"}, mail: Receiver{Greeting: Say{Then: Stall}},
			en: "a server that says nothing after the connection", ja: "接続しても何も応答しないサーバーです"},
		{name: "backup", code: "40000", reason: "delivered", zone: "@ MX 10 down\n@ MX 20 {host}.\ndown A 192.0.2.90",
			mail: Receiver{Known: usual()},
			en:   "the first MX is down, the second takes the mail", ja: "第1のMXは停止中で、第2のMXが受け取ります"},
		{name: "v6-down", code: "40000", reason: "delivered", zone: "@ MX 10 {host}.\n{host}. AAAA {v6}", mail: Receiver{Known: usual()},
			en: "the MX host does not listen on its IPv6 address", ja: "MXのホストがIPv6アドレスで待ち受けていません"},
		{name: "web-only", code: "40000", reason: "delivered", host: "web-only.test", zone: none, mail: Receiver{Known: usual()},
			en: "no MX, and the domain's address takes the mail",
			ja: "MXレコードがなく、ドメインのアドレスが直接受け取ります"},
	}
}

func temporarySituations() []mailSituation {
	return []mailSituation{
		{name: "r421", code: "42421", reason: "system_error", args: noRetry,
			mail: Receiver{Greeting: Say{Reply: "421 4.3.2 {name} service not available, shutting down"}},
			en:   "421 when connecting", ja: "接続時に421が返されます"},
		{name: "rate-limit", code: "42421", reason: "rate_limited", args: noRetry,
			mail: Receiver{Greeting: Say{Reply: "421 4.7.0 {name} rate limit exceeded for your address, slow down"}},
			en:   "rate limit: 421 when connecting", ja: "流量制限により接続時に421が返されます"},
		{name: "crowded", code: "42421", reason: "rate_limited", args: noRetry,
			mail: Receiver{Greeting: Say{Reply: "421 4.7.0 {name} too many connections from your address"}},
			en:   "too many connections at once", ja: "同時接続数が上限を超えています"},
		{name: "throttle", code: "42421", reason: "rate_limited", args: noRetry,
			mail: Receiver{Body: Say{Reply: "421 4.7.0 rate limited: you are sending too many messages, try again later"}},
			en:   "throttled after the message", ja: "本文の送信後に流量制限を受けます"},
		{name: "r450", code: "42450", reason: "greylisted", args: noRetry,
			mail: Receiver{Rcpt: Say{Reply: "450 4.2.0 <{to}>: Recipient address rejected: Greylisted, try again later"}},
			en:   "greylisting, and nobody tries again", ja: "グレイリストによる一時拒否です(再送しない場合)"},
		{name: "r451", code: "42451", reason: "system_error", args: noRetry,
			mail: Receiver{Body: Say{Reply: "451 4.3.0 local error in processing"}},
			en:   "451: an error in the server", ja: "サーバー内部のエラーです(451)"},
		{name: "r452", code: "42452", reason: "system_full", args: noRetry,
			mail: Receiver{Mail: Say{Reply: "452 4.3.1 insufficient system storage"}},
			en:   "452: the server is short of storage", ja: "サーバーの保存領域が不足しています(452)"},
	}
}

func permanentSituations() []mailSituation {
	return []mailSituation{
		{name: "r500", code: "42500", reason: "protocol_error", mail: Receiver{Data: Say{Reply: "500 5.5.2 command not recognized"}},
			en: "500: the command is not understood", ja: "コマンドが認識されません(500)"},
		{name: "r501", code: "42501", reason: "address_syntax", mail: Receiver{Rcpt: Say{Reply: "501 5.1.3 bad recipient address syntax"}},
			en: "501: the argument is not accepted", ja: "引数が受け付けられません(501)"},
		{name: "r502", code: "42502", reason: "protocol_error", mail: Receiver{Mail: Say{Reply: "502 5.5.1 command not implemented"}},
			en: "502: the command is not implemented", ja: "未実装のコマンドです(502)"},
		{name: "r503", code: "42503", reason: "protocol_error", mail: Receiver{Rcpt: Say{Reply: "503 5.5.1 bad sequence of commands"}},
			en: "503: commands in the wrong order", ja: "コマンドの順序が受け付けられません(503)"},
		{name: "r504", code: "42504", reason: "protocol_error", mail: Receiver{Mail: Say{Reply: "504 5.5.4 command parameter not implemented"}},
			en: "504: the parameter is not implemented", ja: "未実装のパラメータです(504)"},
		{name: "r521", code: "42521", reason: "no_mail_host", mail: Receiver{Greeting: Say{Reply: "521 5.3.2 {name} does not accept mail"}},
			en: "521: the host takes no mail", ja: "メールを受け付けないホストです(521)"},
		{name: "r521-rcpt", code: "42521", reason: "no_mail_host", mail: Receiver{Rcpt: Say{Reply: "521 5.3.2 host does not accept mail"}},
			en: "521 for the recipient", ja: "宛先の指定時に521が返されます"},
		{name: "login-needed", code: "42530", reason: "login_required", mail: Receiver{LoginFirst: true, Users: map[string]string{"lab": "lab"}},
			en: "530: a login is needed", ja: "SMTP認証が必要です(530)"},
		{name: "user-unknown", code: "42550", reason: "user_unknown", to: "nobody", mail: Receiver{Known: usual()},
			en: "user unknown", ja: "宛先のユーザーが存在しません"},
		{name: "r551", code: "42551", reason: "user_unknown", mail: Receiver{Rcpt: Say{Reply: "551 5.1.6 User not local"}},
			en: "551: no such user here", ja: "該当するユーザーがいません(551)"},
		{name: "mailbox-full", code: "42552", reason: "mailbox_full",
			mail: Receiver{Rcpt: Say{Reply: "552 5.2.2 <{to}>: Mailbox full, quota exceeded"}},
			en:   "mailbox full", ja: "メールボックスの容量を超えています"},
		{name: "too-large", code: "42552", reason: "too_large", mail: Receiver{Lacks: []string{"SIZE"},
			Body: Say{Reply: "552 5.3.4 Message size exceeds fixed limit"}},
			en: "message too large", ja: "メールのサイズが大きすぎます"},
		{name: "size-limit", code: "42552", reason: "too_large", mail: Receiver{Size: 100},
			en: "message larger than the size that the server announces", ja: "サーバーが通知するサイズの上限を超えています"},
		{name: "unlucky", code: "42554", reason: "system_error", mail: Receiver{Body: Say{Reply: "554 Transaction failed"}},
			en: "554 without a reason", ja: "理由の示されない554です"},
		{name: "dropped", code: "41606", args: []string{"--retry-for", "2s"}, mail: Receiver{Data: Say{Then: Drop}},
			en: "the connection breaks before the message", ja: "本文を送信する前に接続が切れます"},
	}
}
