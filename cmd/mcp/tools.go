package mcp

import (
	"slices"

	"todoku/codes"
)

// tool is a command as a client calls it.
type tool struct {
	name        string
	title, says codes.Text
	command     codes.Command // its words
	asks        bool          // DNS servers and mail servers
	fields      []field
}

// field is a value that a client gives.
type field struct {
	name     string
	kind     kind
	flag     string      // "--ip"; "" for what stands behind the flags
	place    codes.Place // of the value in the command that repeats the call
	says     codes.Text
	words    []string // the only values, where there are few
	limit    int      // of a text, in octets
	required bool
}

// kind is what a value is.
type kind int

const (
	word   kind = iota // a string for a flag
	list               // several of them
	on                 // a switch
	number             // a number for a flag
	domain             // a domain behind the flags
	text               // what the command reads from standard input
	plan               // text for a flag that takes a file
	zone               // the zone of a plan
)

// The bounds of texts, in octets.
const (
	maxReply = 64 << 10 // as the command reads it
	maxCase  = 4 << 20
	maxMail  = 8 << 20
	maxLog   = 16 << 20
)

// tools are all of them.
func tools() []tool {
	return []tool{diagnose(), explain(), triage(), reports(), checkDomain(), checkMessage(), whatIf()}
}

func diagnose() tool {
	return tool{name: "diagnose", command: codes.Todoku("diagnose"), asks: true,
		title: codes.Text{EN: "From an error to its cause", JA: "エラーの要因を突き止める"},
		says: codes.Text{
			EN: "Takes what somebody has of a mail that did not arrive (a delivery code, a reply of a server, a log line, a bounce as it came) and looks in DNS and at the receiving server which of the documented causes is the one here. Answers each cause as confirmed, excluded or open, with its evidence, the steps in their order, who has to act and the records to publish. Sends no mail.",
			JA: "届かなかったメールについて分かっていること(メール配信コード、サーバーの応答、ログの行、エラーメールの全文)から、マニュアルにある要因のどれに当たるのかをDNSと受信側のサーバーで調べます。各要因を確定・除外・未確定に分け、根拠、対応の手順、対応する人、公開すべきレコードを示します。メールは送信しません。"},
		fields: []field{
			{name: "text", kind: text, limit: maxCase, required: true, says: codes.Text{
				EN: "the error: a delivery code such as 42553, a reply, log lines, or a whole bounce with its header",
				JA: "エラーの内容(42553 などのメール配信コード、応答、ログ、ヘッダーを含むエラーメール全体)"}},
			{name: "from", flag: "--from", place: codes.PlaceSender, says: codes.Text{EN: "sender's address (From header), or its domain", JA: "送信者のE-mailアドレス(Fromヘッダー)、またはそのドメイン"}},
			{name: "mail_from", flag: "--mail-from", place: codes.PlaceSender, says: codes.Text{EN: "envelope sender", JA: "エンベロープ送信者"}},
			{name: "to", flag: "--to", place: codes.PlaceAddr, says: codes.Text{EN: "recipient's address", JA: "宛先のE-mailアドレス"}},
			{name: "ip", flag: "--ip", place: codes.PlaceIP, says: codes.Text{EN: "IP address that sent the mail", JA: "メールを送信したIPアドレス"}},
			{name: "helo", flag: "--helo", place: codes.PlaceHELO, says: codes.Text{EN: "name that the sending server gave in EHLO", JA: "送信サーバーがEHLOで名乗った名前"}},
			{name: "selectors", kind: list, flag: "--selector", place: codes.PlaceSelector, says: codes.Text{EN: "selectors (s=) of the mail's DKIM signatures", JA: "メールのDKIM署名のセレクター(s=)"}},
			{name: "signers", kind: list, flag: "--signer", place: codes.PlaceDomain, says: codes.Text{EN: "domains (d=) of the mail's DKIM signatures", JA: "メールのDKIM署名のドメイン(d=)"}},
			{name: "time", flag: "--time", place: codes.PlaceTime, says: codes.Text{EN: "when the mail was sent, RFC 3339", JA: "メールを送信した日時(RFC 3339)"}},
			{name: "size", kind: number, flag: "--size", place: codes.PlaceReply, says: codes.Text{EN: "size of the mail in octets", JA: "メールのサイズ(バイト)"}},
			noSMTP(), lang(),
		}}
}

func explain() tool {
	return tool{name: "explain", command: codes.Todoku("explain"),
		title: codes.Text{EN: "What a code, a reply or a word means", JA: "コード・応答・用語の意味を調べる"},
		says: codes.Text{
			EN: "Explains, without asking anybody: a delivery code, an SMTP reply or enhanced code, a log line, the id of a rule of todoku (spf-lookups), a reason, a provider, a word of the field. Says what it means, what to do, who can do it, and from which source that is known with which certainty.",
			JA: "メール配信コード、SMTP応答、拡張ステータスコード、ログの行、todoku のルールID(spf-lookups など)、理由、事業者、用語の意味を、どこにも問い合わせずに説明します。対策と対応する人、情報源とその確かさも示します。"},
		fields: []field{
			{name: "what", kind: text, limit: maxReply, required: true, says: codes.Text{
				EN: "what to explain, as it stands: 42553, 550 5.7.26 …, spf-lookups, gmail, alignment",
				JA: "説明する対象(42553、550 5.7.26 …、spf-lookups、gmail、アライメントなど)"}},
			lang(),
		}}
}

func triage() tool {
	return tool{name: "triage", command: codes.Todoku("triage"), asks: true,
		title: codes.Text{EN: "Of many mails: what failed, and why", JA: "多数のメールの失敗を集計し、要因を調べる"},
		says: codes.Text{
			EN: "Reads the text of a log of a mail server, of bounces (mbox) or of events of a sending service (JSON, CSV); the format is found by the content. Groups the failures by reason, provider and delivery code, says how many, since when and at whom, and diagnoses the biggest groups in DNS and at the servers.",
			JA: "メールサーバーのログ、エラーメール(mbox)、配信サービスのイベント(JSON、CSV)の内容を読み取ります。形式は内容から判別します。失敗を要因・プロバイダー・メール配信コードごとに集計して件数、開始時刻、宛先を示し、大きいグループの要因をDNSとサーバーで調べます。"},
		fields: []field{
			{name: "text", kind: text, limit: maxLog, required: true, says: codes.Text{
				EN: "the log or the mails themselves, not the name of a file", JA: "ログまたはメールの内容(ファイル名ではありません)"}},
			{name: "diagnose", kind: number, flag: "--diagnose", place: codes.PlaceReply, says: codes.Text{
				EN: "how many groups are diagnosed, the biggest first (default 3; 0: only count)", JA: "要因を調べるグループの数(大きい順。既定は3、0は集計のみ)"}},
			{name: "by", flag: "--by", place: codes.PlaceReply,
				words: []string{"provider", "reason", "domain", "sender", "ip", "hour"}, says: codes.Text{
					EN: "group by this instead", JA: "集計の単位"}},
			{name: "since", flag: "--since", place: codes.PlaceReply, says: codes.Text{EN: "only events from then on: 2h, 7d, 2026-01-31", JA: "この日時以降に限ります(2h、7d、2026-01-31)"}},
			{name: "until", flag: "--until", place: codes.PlaceReply, says: codes.Text{EN: "only events before then", JA: "この日時より前に限ります"}},
			{name: "from", flag: "--from", place: codes.PlaceReply, says: codes.Text{EN: "only mails of this sender or domain", JA: "この送信者またはドメインからのメールに限ります"}},
			{name: "to", flag: "--to", place: codes.PlaceReply, says: codes.Text{EN: "only mails to this recipient or domain", JA: "この宛先またはドメインへのメールに限ります"}},
			{name: "providers", kind: list, flag: "--provider", place: codes.PlaceReply, says: codes.Text{EN: "only mails to these providers: gmail, docomo", JA: "これらのプロバイダー宛てに限ります(gmail、docomo)"}},
			{name: "reasons", kind: list, flag: "--reason", place: codes.PlaceReply, says: codes.Text{EN: "only failures with these reasons or classes: user_unknown, policy_block", JA: "これらの要因または分類に限ります(user_unknown、policy_block)"}},
			noSMTP(), lang(),
		}}
}

// ofDomain are the fields of check_domain and what_if.
func ofDomain() []field {
	return []field{
		{name: "ips", kind: list, flag: "--ip", place: codes.PlaceIP, says: codes.Text{EN: "IP addresses that send the domain's mail", JA: "ドメインのメールを送信するIPアドレス"}},
		{name: "selectors", kind: list, flag: "--selector", place: codes.PlaceSelector, says: codes.Text{EN: "DKIM selectors to look at (default: find them)", JA: "調べるDKIMセレクター(省略時は探索します)"}},
		{name: "helo", flag: "--helo", place: codes.PlaceHELO, says: codes.Text{EN: "name that the sending server gives in EHLO", JA: "送信サーバーがEHLOで名乗る名前"}},
		{name: "require_includes", kind: list, flag: "--require-include", place: codes.PlaceDomain, says: codes.Text{EN: "domains that SPF must include", JA: "SPFに含まれるべき include のドメイン"}},
		{name: "only", kind: list, flag: "--only", place: codes.PlaceReply, says: codes.Text{EN: "run only these checks: spf, dkim, dmarc, mx …", JA: "これらの検査だけを実行します(spf、dkim、dmarc、mx など)"}},
	}
}

func checkDomain() tool {
	more := []field{
		{name: "receiving", kind: on, flag: "--receiving", says: codes.Text{EN: "visit the domain's mail servers and web servers, too", JA: "受信側も検査します(メールサーバーとウェブサーバーに接続します)"}},
		{name: "authoritative", kind: on, flag: "--authoritative", says: codes.Text{EN: "ask each of the domain's own name servers, too", JA: "ドメインの権威DNSサーバーにも1台ずつ問い合わせます"}},
		{name: "all", kind: on, flag: "--all", says: codes.Text{EN: "look at everything", JA: "すべてを検査します"}},
		{name: "blocklists", kind: list, flag: "--blocklist", place: codes.PlaceDomain, says: codes.Text{EN: "blocklists to ask, such as bl.spamcop.net", JA: "問い合わせるブロックリスト(例: bl.spamcop.net)"}},
		{name: "profiles", kind: list, flag: "--profile", place: codes.PlaceReply, says: codes.Text{EN: "what these providers ask of bulk senders instead: gmail, outlook, docomo, or all", JA: "代わりに、これらの事業者が大量送信者に求める要件を検査します(gmail、outlook、docomo、all)"}},
	}
	return tool{name: "check_domain", command: codes.Todoku("check", "domain"), asks: true,
		title: codes.Text{EN: "Does the mail of a domain arrive?", JA: "ドメインのメールが届く設定かを検査する"},
		says: codes.Text{
			EN: "Looks up what decides whether mail of a domain arrives (SPF, DKIM, DMARC, MX, reverse DNS …) and judges it. Each finding has what is wrong, the record as it should be, why it matters, who can change it and how long that takes.",
			JA: "ドメインのメールが届くかどうかを左右する設定(SPF、DKIM、DMARC、MX、逆引きなど)を調べて検査します。各指摘について、問題の内容、正しいレコード、影響、変更できる担当者、反映までの時間を示します。"},
		fields: slices.Concat([]field{{name: "domain", kind: domain, place: codes.PlaceDomain, required: true,
			says: codes.Text{EN: "the domain, such as example.jp; in any script", JA: "ドメイン名(example.jp など。日本語ドメイン名も可)"}}}, ofDomain(), more, []field{lang()})}
}

func checkMessage() tool {
	return tool{name: "check_message", command: codes.Todoku("check", "message"), asks: true,
		title: codes.Text{EN: "Judge a mail as its receiver would", JA: "メールを受信側と同じ方法で検査する"},
		says: codes.Text{
			EN: "Judges a mail, received or about to be sent: SPF, DKIM, DMARC, ARC, header, content, unsubscribe. The mail is given as a whole, with its header. It is sent to nobody.",
			JA: "受信したメール、またはこれから送信するメールを検査します(SPF、DKIM、DMARC、ARC、ヘッダー、内容、配信停止)。ヘッダーを含むメール全体を渡してください。メールは誰にも送信しません。"},
		fields: []field{
			{name: "message", kind: text, limit: maxMail, required: true, says: codes.Text{EN: "the mail as a whole, header and body (.eml)", JA: "ヘッダーと本文を含むメール全体(.eml)"}},
			{name: "ip", flag: "--ip", place: codes.PlaceIP, says: codes.Text{EN: "IP address that sends the mail", JA: "メールを送信するIPアドレス"}},
			{name: "mail_from", flag: "--mail-from", place: codes.PlaceSender, says: codes.Text{EN: "envelope sender", JA: "エンベロープ送信者"}},
			{name: "helo", flag: "--helo", place: codes.PlaceHELO, says: codes.Text{EN: "name that the sending server gives in EHLO", JA: "送信サーバーがEHLOで名乗る名前"}},
			{name: "trust_hosts", kind: list, flag: "--trust-host", place: codes.PlaceDomain, says: codes.Text{
				EN: "receiving servers of your own, whose Received and ARC fields count", JA: "ヘッダーを信頼する受信側サーバー"}},
			lang(),
		}}
}

func whatIf() tool {
	return tool{name: "what_if", command: codes.Todoku("check", "domain"), asks: true,
		title: codes.Text{EN: "What would a change of DNS do?", JA: "DNSを変更した場合の影響を調べる"},
		says: codes.Text{
			EN: "Checks a domain twice, as it is today and as it would be with records that are only meant, and says per rule what is new, what is mended and what stays; and which texts of others the change would drop. Nothing is published.",
			JA: "ドメインを現在の状態と、レコードを変更した場合の状態で検査し、新しく生じる問題、解消する問題、変わらない問題をルールごとに示します。変更によって失われるほかの用途のTXTレコードも示します。実際の公開は行いません。"},
		fields: slices.Concat([]field{
			{name: "domain", kind: domain, place: codes.PlaceDomain, required: true, says: codes.Text{EN: "the domain, such as example.jp", JA: "ドメイン名(example.jp など)"}},
			{name: "plan", kind: plan, flag: "--plan", place: codes.PlaceFile, limit: maxMail, says: codes.Text{
				EN: "what another tool is about to do, in place of records: the output of terraform show -json, of dnscontrol preview, or a zone file of octoDNS (YAML)",
				JA: "records の代わりに、ほかのツールの変更計画(terraform show -json の出力、dnscontrol preview の出力、octoDNSのゾーンファイル)"}},
			{name: "zone", kind: zone, flag: "--plan", place: codes.PlaceDomain, says: codes.Text{
				EN: "the zone of a plan that does not tell it (octoDNS); default: the domain", JA: "計画にゾーン名がない場合(octoDNSなど)のゾーン名。省略時は domain"}},
			{name: "records", kind: list, flag: "--set", place: codes.PlaceReply, says: codes.Text{
				EN: "the records as they are to be, one each as \"NAME TYPE VALUE\" with the whole name; they replace the whole set of that name and type. Without VALUE: there is to be none",
				JA: "変更後のレコード。1件ずつ「名前 種別 値」の形で、完全な名前で指定します。同じ名前と種別のレコード全体を置き換えます。値を省くと、レコードを削除した場合を調べます"}},
		}, ofDomain(), []field{lang()})}
}

func noSMTP() field {
	return field{name: "no_smtp", kind: on, flag: "--no-smtp", says: codes.Text{
		EN: "do not ask the receiving mail servers", JA: "宛先メールサーバーに問い合わせません"}}
}

func lang() field {
	return field{name: "lang", flag: "--lang", place: codes.PlaceReply, words: []string{"en", "ja"}, says: codes.Text{
		EN: "language of the answer", JA: "回答の言語"}}
}
