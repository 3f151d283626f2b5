package check

import (
	"todoku/codes"
	"todoku/diag"
)

// Why texts that several rules share.
var (
	headersRefused = codes.Text{
		EN: "Gmail refuses such mail (550 5.7.1) and other receivers take it for junk: delivery code 42550 or 42554, or the junk folder",
		JA: "Gmailは 550 5.7.1 で受信を拒否し、他の受信側も迷惑メールと判定しやすくなります。配信コード 42550・42554 の原因になります"}
	headersGuessed = codes.Text{
		EN: "each program reads it in its own way: some show nothing, some show garbage, and filters count it as a sign of junk",
		JA: "解釈がプログラムによって異なり、表示されない、文字化けするといった問題が起きます。迷惑メールの特徴としても扱われます"}
	headersBySystem = codes.Text{
		EN: "have the program that makes the mail corrected, or use the mail library of its language instead of building the header by hand",
		JA: "メールを生成するプログラムを修正してください。ヘッダーを手作業で組み立てず、メール用のライブラリを使うと確実です"}
)

// headersCodes are what a mail meets whose form receivers refuse.
var headersCodes = []string{"42550", "42554", "5.7.1", "5.6.0"}

// The rules about the fields that say who wrote a mail, when and to whom (RFC 5322 §3.6).
var (
	HeadersFromMissing = &diag.Rule{
		ID: "headers-from-missing", Severity: diag.Fail, Owner: diag.OwnerSender, Ref: "RFC 5322 §3.6.2",
		Codes: headersCodes, Why: headersRefused,
		Says: codes.Text{EN: "the mail has no From field", JA: "Fromヘッダーがありません"},
		Fix:  codes.Text{EN: "write one From field with one address of your own domain", JA: "自社ドメインのアドレスを1つだけ書いたFromヘッダーを付けてください"},
	}

	HeadersFromMultiple = &diag.Rule{
		ID: "headers-from-multiple", Severity: diag.Fail, Owner: diag.OwnerSender, Ref: "RFC 5322 §3.6", Codes: headersCodes,
		Says: codes.Text{EN: "the mail has {count} From fields, one is allowed", JA: "Fromヘッダーが{count}個あります。許されるのは1個だけです"},
		Why: codes.Text{
			EN: "nobody knows which of them counts: forgers use that to pass DMARC with one and show another, so that receivers refuse (Gmail: 550 5.7.1)",
			JA: "どれが有効か決められません。DMARCの判定と表示を食い違わせるなりすましに使われるため、受信側は拒否します(Gmail: 550 5.7.1)"},
		Fix: codes.Text{EN: "leave one From field and drop the others", JA: "Fromヘッダーを1個だけ残し、ほかは削除してください"},
	}

	HeadersFromInvalid = &diag.Rule{
		ID: "headers-from-invalid", Severity: diag.Fail, Owner: diag.OwnerSender, Ref: "RFC 5322 §3.4",
		Codes: headersCodes, Why: headersRefused,
		Says: codes.Text{EN: "the From field has no address that can be read: {value}", JA: "Fromヘッダーからアドレスを読み取れません: {value}"},
		Fix: codes.Text{
			EN: "write it as: Name <user@example.jp>; put a name with signs such as , : or @ into quotation marks",
			JA: "「表示名 <user@example.jp>」の形で書いてください。表示名に , : @ などの記号がある場合は二重引用符で囲んでください"},
	}

	HeadersFromSeveral = &diag.Rule{
		ID: "headers-from-several", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 5322 §3.6.2", Codes: headersCodes,
		Says: codes.Text{EN: "the From field has {count} addresses", JA: "Fromヘッダーにアドレスが{count}個あります"},
		Why: codes.Text{
			EN: "the standard allows it, Gmail does not (550 5.7.1), and DMARC cannot say whose policy counts",
			JA: "規格上は許されますが、Gmailは 550 5.7.1 で拒否します。DMARCでもどのドメインのポリシーに従うか決められません"},
		Fix: codes.Text{EN: "name one author in From, and further people in Reply-To or Cc", JA: "Fromのアドレスは1つにし、ほかの人はReply-ToやCcに書いてください"},
	}

	HeadersSenderMissing = &diag.Rule{
		ID: "headers-sender-missing", Severity: diag.Fail, Owner: diag.OwnerSender, Ref: "RFC 5322 §3.6.2",
		Codes: headersCodes, Why: headersRefused,
		Says: codes.Text{EN: "From has {count} addresses, and there is no Sender field", JA: "Fromのアドレスが{count}個あるのに、Senderヘッダーがありません"},
		Fix:  codes.Text{EN: "name one address in From, or add a Sender field with the one that sends", JA: "Fromのアドレスを1つにするか、実際の送信者を書いたSenderヘッダーを付けてください"},
	}

	HeadersFromName = &diag.Rule{
		ID: "headers-from-name", Severity: diag.Info, Owner: diag.OwnerSender, Ref: "RFC 5322 §3.4", Codes: []string{"42550", "5.7.1"},
		Says: codes.Text{EN: "the name in From shows another address, {shown}, than the mail has, {address}", JA: "Fromの表示名に、実際のアドレス {address} とは別のアドレス {shown} が書かれています"},
		Why: codes.Text{
			EN: "forgers do so, since many programs show the name only; filters and receivers look for it",
			JA: "表示名だけを見せるメールソフトが多く、なりすましでよく使われる手口のため、フィルターの判定対象になります"},
		Fix: codes.Text{EN: "write the name of the company or the person there, without an address", JA: "表示名には会社名や氏名だけを書き、アドレスは書かないでください"},
	}

	HeadersDateMissing = &diag.Rule{
		ID: "headers-date-missing", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 5322 §3.6.1", Codes: headersCodes,
		Says: codes.Text{EN: "the mail has no Date field", JA: "Dateヘッダーがありません"},
		Why: codes.Text{
			EN: "the field must be there; filters count its lack as a sign of junk, and mail programs sort the mail to a wrong place",
			JA: "必須のヘッダーです。ないと迷惑メールの特徴とみなされ、メールソフトでの並び順も狂います"},
		Fix: codes.Text{EN: "write the time of sending: Date: Mon, 2 Nov 2026 10:00:00 +0900", JA: "送信日時を書いてください(例: Date: Mon, 2 Nov 2026 10:00:00 +0900)"},
	}

	HeadersDateInvalid = &diag.Rule{
		ID: "headers-date-invalid", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 5322 §3.3",
		Codes: headersCodes, Why: headersGuessed,
		Says: codes.Text{EN: "the Date field cannot be read: {value}", JA: "Dateヘッダーを読み取れません: {value}"},
		Fix:  codes.Text{EN: "write it in this form, in English: Mon, 2 Nov 2026 10:00:00 +0900", JA: "英語表記の決まった形で書いてください(例: Mon, 2 Nov 2026 10:00:00 +0900)"},
	}

	HeadersDateFuture = &diag.Rule{
		ID: "headers-date-future", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 5322 §3.6.1", Codes: []string{"42554"},
		Says: codes.Text{EN: "the Date field lies {hours} hours after the time at which the mail was seen", JA: "Dateヘッダーが、メールを確認した時刻より{hours}時間先の日時になっています"},
		Why: codes.Text{
			EN: "a date in the future keeps a mail at the top of the list, which junk does; filters count it. Most often the time zone or the clock is wrong",
			JA: "未来の日時は一覧の先頭に表示させる迷惑メールの手口で、フィルターの判定対象になります。多くはタイムゾーンか時計の誤りです"},
		Fix: codes.Text{EN: "set the clock of the sending server (NTP), and write the zone that the time is in: +0900 for Japan", JA: "送信サーバーの時計を合わせ(NTP)、日時に合ったタイムゾーン(日本時間なら +0900)を書いてください"},
	}

	HeadersDatePast = &diag.Rule{
		ID: "headers-date-past", Severity: diag.Info, Owner: diag.OwnerSender, Ref: "RFC 5322 §3.6.1", Codes: []string{"42554"},
		Says: codes.Text{EN: "the Date field lies {days} days before the mail set out", JA: "Dateヘッダーが、送信された時点より{days}日前の日時になっています"},
		Why: codes.Text{
			EN: "the reader finds the mail far down in the list, and filters count an old date",
			JA: "受信者の一覧では古い位置に表示され、見落とされます。フィルターの判定対象にもなります"},
		Fix: codes.Text{EN: "write the time of sending into Date, not that of the draft", JA: "下書きを作成した日時ではなく、送信日時を書いてください"},
	}

	HeadersMessageIDMissing = &diag.Rule{
		ID: "headers-message-id-missing", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 5322 §3.6.4", Codes: headersCodes,
		Says: codes.Text{EN: "the mail has no Message-ID field", JA: "Message-IDヘッダーがありません"},
		Why: codes.Text{
			EN: "Gmail refuses mail without a valid one (550 5.7.1), SoftBank mail with an empty one; without it nobody finds the mail in logs",
			JA: "Gmailは有効なMessage-IDのないメールを 550 5.7.1 で拒否し、ソフトバンクは空のMessage-IDを拒否します。ログでの追跡もできません"},
		Fix: codes.Text{
			EN: "give each mail one of its own, <unique@your.domain>, or check that the server which sends it adds one",
			JA: "メールごとに <一意の文字列@自社ドメイン> の形で付けてください。送信サーバーが補う場合は、実際に付くことを確認してください"},
	}

	HeadersMessageIDInvalid = &diag.Rule{
		ID: "headers-message-id-invalid", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 5322 §3.6.4",
		Codes: headersCodes, Why: headersRefused,
		Says: codes.Text{EN: "the Message-ID has not the form <unique@domain>: {value}", JA: "Message-IDが <一意の文字列@ドメイン> の形になっていません: {value}"},
		Fix:  codes.Text{EN: "write one identifier in angle brackets, with a domain of yours and without blanks, at most 500 characters", JA: "山括弧で囲んだ識別子を1つだけ書いてください。@の後ろは自社ドメインとし、空白は入れず、500文字以内にします"},
	}

	HeadersDuplicate = &diag.Rule{
		ID: "headers-duplicate", Severity: diag.Fail, Owner: diag.OwnerSender, Ref: "RFC 5322 §3.6", Codes: headersCodes,
		Says: codes.Text{EN: "the field {field} stands {count} times, once is allowed", JA: "{field}ヘッダーが{count}個あります。許されるのは1個だけです"},
		Why: codes.Text{
			EN: "Gmail refuses mail with such fields twice (550 5.7.1, not RFC 5322 compliant); programs show one and signatures cover the other",
			JA: "Gmailはヘッダーの重複を 550 5.7.1(RFC 5322違反)で拒否します。表示されるものと署名の対象が食い違うこともあります"},
		Fix: codes.Text{EN: "leave one {field} field; several recipients stand in one field, with commas between them", JA: "{field}ヘッダーを1個にまとめてください。複数の宛先は、1個のヘッダーにカンマ区切りで書きます"},
	}

	HeadersAddressInvalid = &diag.Rule{
		ID: "headers-address-invalid", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 5322 §3.4",
		Codes: headersCodes, Why: headersGuessed,
		Says: codes.Text{EN: "the field {field} has no address that can be read: {value}", JA: "{field}ヘッダーからアドレスを読み取れません: {value}"},
		Fix:  codes.Text{EN: "write addresses as: Name <user@example.jp>, with commas between them", JA: "「表示名 <user@example.jp>」の形で、カンマで区切って書いてください"},
	}

	HeadersToMissing = &diag.Rule{
		ID: "headers-to-missing", Severity: diag.Info, Owner: diag.OwnerSender, Ref: "RFC 5322 §3.6.3", Codes: []string{"42554"},
		Says: codes.Text{EN: "no field names a recipient (To, Cc)", JA: "宛先を書いたヘッダー(To、Cc)がありません"},
		Why:  codes.Text{EN: "it is allowed, but filters count it: mail to one reader names that reader", JA: "規格上は許されますが、迷惑メールの特徴の一つとして判定対象になります"},
		Fix:  codes.Text{EN: "write the address of the recipient into To, one mail for each", JA: "宛先ごとに1通ずつ送り、Toヘッダーに受信者のアドレスを書いてください"},
	}

	HeadersSubjectEmpty = &diag.Rule{
		ID: "headers-subject-empty", Severity: diag.Info, Owner: diag.OwnerSender, Ref: "RFC 5322 §3.6.5", Codes: []string{"42554"},
		Says: codes.Text{EN: "the mail has no subject", JA: "件名がありません"},
		Why:  codes.Text{EN: "readers do not open such mail, and filters count it", JA: "開封されにくく、迷惑メールの判定対象にもなります"},
		Fix:  codes.Text{EN: "write a subject that says what the mail is about", JA: "内容を表す件名を付けてください"},
	}

	HeadersReturnPath = &diag.Rule{
		ID: "headers-return-path", Severity: diag.Info, Owner: diag.OwnerSender, Ref: "RFC 5321 §4.4", Codes: []string{"42554"},
		Says: codes.Text{EN: "the field Return-Path stands {count} times", JA: "Return-Pathヘッダーが{count}個あります"},
		Why: codes.Text{
			EN: "the last server writes it when it delivers the mail; one that was there before shows that the mail was delivered and sent on",
			JA: "最後に配送したサーバーが付けるヘッダーです。複数ある場合は、いったん配送されたメールが再送・転送されています"},
		Fix: codes.Text{EN: "take Return-Path out of mail before it is sent; set the envelope sender instead", JA: "送信前のメールからReturn-Pathヘッダーを削除し、エンベロープFromで指定してください"},
	}
)
