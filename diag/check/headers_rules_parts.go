package check

import (
	"todoku/codes"
	"todoku/diag"
)

// The rules about the parts of a mail (RFC 2045, RFC 2046).
var (
	HeadersMIMEVersion = &diag.Rule{
		ID: "headers-mime-version", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 2045 §4",
		Codes: []string{"5.6.0"}, Why: headersGuessed,
		Says: codes.Text{EN: "there are MIME fields ({field}) and no MIME-Version", JA: "MIMEのヘッダー({field})があるのに、MIME-Versionがありません"},
		Fix:  codes.Text{EN: "add: MIME-Version: 1.0", JA: "MIME-Version: 1.0 を付けてください"},
	}

	HeadersContentType = &diag.Rule{
		ID: "headers-content-type", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 2045 §5.1",
		Codes: []string{"5.6.0"}, Why: headersGuessed,
		Says: codes.Text{EN: "Content-Type names no type and subtype: {value}", JA: "Content-Typeが「型/サブタイプ」の形になっていません: {value}"},
		Fix:  codes.Text{EN: "write it as: text/plain; charset=UTF-8", JA: "text/plain; charset=UTF-8 のように書いてください"},
	}

	HeadersBoundary = &diag.Rule{
		ID: "headers-boundary", Severity: diag.Fail, Owner: diag.OwnerSender, Ref: "RFC 2046 §5.1.1", Codes: []string{"42554", "5.6.0"},
		Says: codes.Text{EN: "part {part} is a multipart whose boundary {value} does not stand in it", JA: "パート {part} は multipart ですが、境界(boundary) {value} が本文に現れません"},
		Why:  codes.Text{EN: "the parts cannot be told apart: readers see an empty mail or its source, and virus filters refuse it", JA: "パートを区切れないため、本文が表示されないかソースがそのまま見え、ウイルス対策製品に拒否されることもあります"},
		Fix:  codes.Text{EN: "name in Content-Type the boundary that stands before the parts, without its two hyphens", JA: "各パートの前にある境界文字列(先頭の -- を除いたもの)を、Content-Typeの boundary に正しく書いてください"},
	}

	HeadersBoundaryOpen = &diag.Rule{
		ID: "headers-boundary-open", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 2046 §5.1.1", Codes: []string{"42554", "5.6.0"},
		Says: codes.Text{EN: "part {part} is not closed: the line --{value}-- is missing", JA: "パート {part} が閉じられていません(--{value}-- の行がありません)"},
		Why:  codes.Text{EN: "the mail may have been cut off on the way; filters count it and some refuse it", JA: "途中で切れた可能性があります。フィルターの判定対象となり、拒否されることもあります"},
		Fix:  codes.Text{EN: "write the closing line behind the last part, and check that the whole mail was sent", JA: "最後のパートの後に終端の行を書き、メール全体が送られているか確認してください"},
	}

	HeadersTransfer = &diag.Rule{
		ID: "headers-transfer", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 2045 §6.1",
		Codes: []string{"42554", "5.6.0"}, Why: headersGuessed,
		Says: codes.Text{EN: "Content-Transfer-Encoding of part {part} is not one that exists: {value}", JA: "パート {part} のContent-Transfer-Encodingが、存在しない方式です: {value}"},
		Fix:  codes.Text{EN: "use 7bit, 8bit, quoted-printable or base64", JA: "7bit、8bit、quoted-printable、base64 のいずれかにしてください"},
	}

	HeadersTransferParts = &diag.Rule{
		ID: "headers-transfer-parts", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 2045 §6.4",
		Codes: []string{"42554", "5.6.0"}, Why: headersGuessed,
		Says: codes.Text{EN: "part {part} holds other parts or a mail and declares {value}, which only single parts may", JA: "パート {part} はほかのパートやメールを含むのに、{value} が指定されています(単独のパートにしか使えません)"},
		Fix:  codes.Text{EN: "leave Content-Transfer-Encoding away there, and encode the parts within", JA: "このパートのContent-Transfer-Encodingを外し、内側のパートをエンコードしてください"},
	}

	HeadersTransferBroken = &diag.Rule{
		ID: "headers-transfer-broken", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 2045 §6.8",
		Codes: []string{"42554", "5.6.0"}, Why: headersGuessed,
		Says: codes.Text{EN: "part {part} is declared as {value} and is none", JA: "パート {part} は {value} と宣言されていますが、その形式になっていません"},
		Fix:  headersBySystem,
	}

	Headers7Bit = &diag.Rule{
		ID: "headers-7bit", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 2045 §6.2", Codes: []string{"42554", "5.6.0", "5.6.1"},
		Says: codes.Text{EN: "part {part} has octets beyond ASCII and does not declare 8bit", JA: "パート {part} に8ビット文字がありますが、8bit と宣言されていません"},
		Why:  codes.Text{EN: "servers may strip the eighth bit or encode the part anew: the text becomes garbage or the DKIM signature breaks", JA: "中継サーバーが8ビット目を落としたり再エンコードしたりすると、文字化けやDKIM署名の破損が起きます"},
		Fix:  codes.Text{EN: "encode the part in base64 or quoted-printable and declare that", JA: "base64 または quoted-printable でエンコードし、その方式を宣言してください"},
	}

	HeadersCharset = &diag.Rule{
		ID: "headers-charset", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 2046 §4.1.2",
		Codes: []string{"5.6.0"}, Why: headersGuessed,
		Says: codes.Text{EN: "part {part} declares the charset {value} and is in another one, probably {real}", JA: "パート {part} の文字コードは {value} と宣言されていますが、実際は {real} と思われます"},
		Fix:  codes.Text{EN: "declare the charset that the text is in; UTF-8 fits every text", JA: "実際の文字コードを宣言してください。通常は UTF-8 にそろえるのが確実です"},
	}

	HeadersCharsetMissing = &diag.Rule{
		ID: "headers-charset-missing", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 2046 §4.1.2",
		Codes: []string{"5.6.0"}, Why: headersGuessed,
		Says: codes.Text{EN: "part {part} has a text beyond ASCII and declares no charset (probably {real})", JA: "パート {part} に日本語などの文字がありますが、文字コードが宣言されていません(実際は {real} と思われます)"},
		Fix:  codes.Text{EN: "add it to Content-Type: text/plain; charset=UTF-8", JA: "Content-Typeに charset を書いてください(例: text/plain; charset=UTF-8)"},
	}

	HeadersCharsetUnknown = &diag.Rule{
		ID: "headers-charset-unknown", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 2978 §2.3",
		Codes: []string{"5.6.0"}, Why: headersGuessed,
		Says: codes.Text{EN: "part {part} declares a charset that nobody knows: {value}", JA: "パート {part} に宣言された文字コードが、存在しない名前です: {value}"},
		Fix:  codes.Text{EN: "use the name UTF-8 or ISO-2022-JP", JA: "UTF-8 または ISO-2022-JP と書いてください"},
	}
)

// The rules about the way of a mail (RFC 5321 §4.4).
var (
	HeadersHops = &diag.Rule{
		ID: "headers-hops", Severity: diag.Fail, Owner: diag.OwnerMail, Ref: "RFC 5321 §6.3", Codes: []string{"42554", "5.4.6"},
		Says: codes.Text{EN: "the mail has passed {hops} servers", JA: "{hops}台のサーバーを経由しています"},
		Why:  codes.Text{EN: "Gmail refuses more than 50 (554 5.4.6), most servers no later than at 100: the mail goes round in a circle", JA: "Gmailは50、多くのサーバーも100を超えると拒否します(554 5.4.6)。転送がループしています"},
		Fix:  codes.Text{EN: "look for two addresses or servers that forward to each other, and end that", JA: "互いに転送し合っているアドレスやサーバーを探し、転送設定を解除してください"},
	}

	HeadersEncloses = &diag.Rule{
		ID: "headers-encloses", Severity: diag.Info, Owner: diag.OwnerSender, Ref: "RFC 2046 §5.2.1",
		Says: codes.Text{EN: "part {part} encloses another mail, {value}, which is not looked at: save it as a file (.eml) and check that one", JA: "パート {part} に別のメール({value})が含まれています。そのメールは検査していないため、.eml 形式で保存して検査してください"},
		Why:  codes.Text{EN: "what is judged is the mail around it: a forward as attachment, or a bounce", JA: "検査の対象は外側のメール(添付転送やエラーメール)です"},
		Fix:  codes.Text{EN: "if it is a bounce, let diagnose read it: it looks at the mail inside too", JA: "エラーメールの場合は、diagnose コマンドで中のメールも含めて調べられます"},
	}

	HeadersHopsMany = &diag.Rule{
		ID: "headers-hops-many", Severity: diag.Warn, Owner: diag.OwnerMail, Ref: "RFC 5321 §6.3", Codes: []string{"42554", "5.4.6"},
		Says: codes.Text{EN: "the mail has passed {hops} servers, which is unusual", JA: "経由したサーバーが{hops}台と、通常より多くなっています"},
		Why:  codes.Text{EN: "Mimecast and others refuse from 25 on, as a loop (554 5.4.6)", JA: "Mimecastなどは25を超えるとループとみなして拒否します(554 5.4.6)"},
		Fix:  codes.Text{EN: "shorten the way: fewer forwards and relays inside", JA: "転送や内部の中継を減らし、経路を短くしてください"},
	}

	HeadersLoop = &diag.Rule{
		ID: "headers-loop", Severity: diag.Warn, Owner: diag.OwnerMail, Ref: "RFC 5321 §6.3", Codes: []string{"42554", "5.4.6"},
		Says: codes.Text{EN: "the mail went from {from} to {by} {count} times", JA: "{from} から {by} へ{count}回渡されています"},
		Why:  codes.Text{EN: "two servers send it to each other; it ends as undeliverable when the bound of hops is reached (5.4.6)", JA: "サーバー同士で往復しています。経由数の上限に達すると配送不能(5.4.6)になります"},
		Fix:  codes.Text{EN: "look at what {by} does with mail for this recipient: forward, alias, MX record or relay host", JA: "この宛先に対する {by} の転送・エイリアス・MX・中継先の設定を確認してください"},
	}

	HeadersDelay = &diag.Rule{
		ID: "headers-delay", Severity: diag.Info, Owner: diag.OwnerMail, Ref: "RFC 5321 §4.5.4.1", Codes: []string{"42450", "42451"},
		Says: codes.Text{EN: "the mail waited {minutes} minutes before {by} took it from {from}", JA: "{by} が {from} から受け取るまでに{minutes}分かかっています"},
		Why:  codes.Text{EN: "{from} kept it in its queue: the next server put it off (greylisting, too many mails), or was not there", JA: "{from} のキューに留まっていました。次のサーバーに一時的に拒否された(グレイリスト、流量制限)か、接続できなかったためです"},
		Fix:  codes.Text{EN: "look into the log of {from} for replies that begin with 4 at that time", JA: "{from} のログで、その時間帯の4xx応答を確認してください"},
	}

	HeadersSkew = &diag.Rule{
		ID: "headers-skew", Severity: diag.Info, Owner: diag.OwnerMail, Ref: "RFC 5321 §4.4", Codes: []string{"42554"},
		Says: codes.Text{EN: "the clocks of {from} and {by} differ by at least {seconds} seconds", JA: "{from} と {by} の時計が、少なくとも{seconds}秒ずれています"},
		Why:  codes.Text{EN: "the mail seems to arrive before it was sent: delays here are not what they seem, and logs do not fit each other", JA: "送信より前に受信したことになっており、ここでの遅延時間は正しくありません。ログの突き合わせも困難になります"},
		Fix:  codes.Text{EN: "set both clocks (NTP), and the time zones that they write", JA: "両方のサーバーの時計(NTP)とタイムゾーンの設定を合わせてください"},
	}
)
