package check

import (
	"todoku/codes"
	"todoku/diag"
)

// Why and Fix texts that several rules share.
var (
	contentReaders = codes.Text{
		EN: "readers see at once that the mail was made by a machine, take it for junk and complain; complaints are what Gmail counts (0.3 percent at most)",
		JA: "受信者に不審がられ、迷惑メールとして報告されます。Gmailは苦情率(上限0.3%)で送信者を評価します"}
	contentTemplate = codes.Text{
		EN: "look at the name of the field in the template and at the data of the reader; send a test mail to yourself, also for a reader without this value",
		JA: "テンプレートの差し込み項目名と、宛先データの値を確認してください。値が空の宛先も含めて、テスト送信で確かめてください"}
	contentPhishing = codes.Text{
		EN: "phishing does the same, so that filters refuse such mail or put it into junk (554, 550 5.7.1)",
		JA: "フィッシングと同じ手口のため、フィルターに拒否(554、550 5.7.1)されるか、迷惑メールに振り分けられます"}
)

// contentCodes are what a mail meets whose content receivers refuse.
var contentCodes = []string{"42550", "42553", "42554", "5.7.1"}

// The rules about what templates leave behind, and about the subject.
var (
	ContentPlaceholder = &diag.Rule{
		ID: "content-placeholder", Severity: diag.Fail, Owner: diag.OwnerSender, Ref: "RFC 5322 §2.3", Codes: []string{"42554", "5.7.1"},
		Why: contentReaders, Fix: contentTemplate,
		Says: codes.Text{EN: "a placeholder was not filled in: {value} in {place}, line {line}", JA: "差し込み項目が置き換えられずに残っています: {value}({place}、{line}行目)"},
	}

	ContentPlaceholderMaybe = &diag.Rule{
		ID: "content-placeholder-maybe", Severity: diag.Info, Owner: diag.OwnerSender, Ref: "RFC 5322 §2.3", Codes: []string{"42554", "5.7.1"},
		Why: contentReaders, Fix: contentTemplate,
		Says: codes.Text{EN: "{value} in {place}, line {line}, looks like something that was to be filled in", JA: "{value}({place}、{line}行目)は、差し込み忘れの可能性があります"},
	}

	ContentNameMissing = &diag.Rule{
		ID: "content-name-missing", Severity: diag.Fail, Owner: diag.OwnerSender, Ref: "RFC 5322 §2.3",
		Codes: []string{"42554", "5.7.1"}, Why: contentReaders,
		Says: codes.Text{EN: "the mail addresses its reader without a name: {value} in {place}, line {line}", JA: "宛名の名前が空になっています: {value}({place}、{line}行目)"},
		Fix: codes.Text{
			EN: "write another address for readers whose name is not known, or leave it out for them",
			JA: "名前が登録されていない宛先には別の呼びかけ(「お客様」など)を使うか、宛名を省いてください"},
	}

	ContentProgramValue = &diag.Rule{
		ID: "content-program-value", Severity: diag.Fail, Owner: diag.OwnerSender, Ref: "RFC 5322 §2.3", Codes: []string{"42554", "5.7.1"},
		Why: contentReaders, Fix: contentTemplate,
		Says: codes.Text{EN: "{value} stands where a value should be, in {place}, line {line}", JA: "値が入るべき場所に {value} と出力されています({place}、{line}行目)"},
	}

	ContentSubjectReply = &diag.Rule{
		ID: "content-subject-reply", Severity: diag.Info, Owner: diag.OwnerSender, Ref: "RFC 5322 §3.6.5", Codes: contentCodes,
		Says: codes.Text{EN: "the subject looks like an answer, and the mail answers nothing (no In-Reply-To, no References)", JA: "件名は返信のようですが、返信を示すヘッダー(In-Reply-To、References)がありません"},
		Why:  codes.Text{EN: "it feigns a conversation; Gmail names it as misleading, and filters count it", JA: "やり取りがあるように見せかける手口で、Gmailも誤解を招く表現として挙げており、フィルターの判定対象になります"},
		Fix:  codes.Text{EN: "leave Re: and Fwd: away where it is the first mail", JA: "最初のメールの件名には Re: や Fwd: を付けないでください"},
	}

	ContentSubjectShouts = &diag.Rule{
		ID: "content-subject-shouts", Severity: diag.Info, Owner: diag.OwnerSender, Ref: "RFC 5322 §3.6.5", Codes: contentCodes,
		Says: codes.Text{EN: "the subject shouts: capitals only, or many exclamation marks", JA: "件名が大文字だけ、または感嘆符の多用になっています"},
		Why:  codes.Text{EN: "filters count it, alone it refuses nothing", JA: "それだけで拒否されることはありませんが、フィルターの判定対象になります"},
		Fix:  codes.Text{EN: "write the subject as a sentence", JA: "件名は通常の文として書いてください"},
	}
)

// The rules about links.
var (
	ContentLinkElsewhere = &diag.Rule{
		ID: "content-link-elsewhere", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 3986 §7.6",
		Codes: contentCodes, Why: contentPhishing,
		Says: codes.Text{EN: "a link shows {shows} and leads to {host}", JA: "リンクの表示は {shows} ですが、実際のリンク先は {host} です"},
		Fix:  codes.Text{EN: "show words in place of an address, or let both name the same domain", JA: "URLではなく言葉を表示するか、表示とリンク先を同じドメインにしてください"},
	}

	ContentLinkTracked = &diag.Rule{
		ID: "content-link-tracked", Severity: diag.Info, Owner: diag.OwnerSender, Ref: "RFC 3986 §7.6", Codes: contentCodes,
		Says: codes.Text{EN: "a link shows {shows} and leads over {host}, which counts clicks", JA: "リンクの表示は {shows} ですが、クリック計測の {host} を経由します"},
		Why:  codes.Text{EN: "it is usual with sending services; still some filters and mail programs warn of it", JA: "配信サービスでは一般的ですが、警告を出すフィルターやメールソフトもあります"},
		Fix:  codes.Text{EN: "show words in place of the address, and let the service count clicks under a domain of your own", JA: "URLではなく言葉を表示し、クリック計測には自社ドメインのサブドメインを使ってください"},
	}

	ContentLinkHTTP = &diag.Rule{
		ID: "content-link-http", Severity: diag.Info, Owner: diag.OwnerSender, Ref: "RFC 9110 §4.2.2", Codes: contentCodes,
		Says: codes.Text{EN: "links without encryption: {count}, such as {url}", JA: "暗号化されていないリンク(http)が{count}件あります(例: {url})"},
		Why:  codes.Text{EN: "browsers and some mail programs warn of it", JA: "ブラウザーや一部のメールソフトが警告を表示します"},
		Fix:  codes.Text{EN: "write https:// where the server offers it", JA: "対応しているサイトは https:// に変更してください"},
	}

	ContentLinkShort = &diag.Rule{
		ID: "content-link-short", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 3986 §7.6", Codes: contentCodes,
		Says: codes.Text{EN: "a link leads over {host}, a service that shortens addresses", JA: "短縮URLサービス {host} のリンクがあります"},
		Why:  codes.Text{EN: "nobody sees where it leads, and everybody may use it: lists of domains (Spamhaus DBL) name such services, and receivers refuse", JA: "リンク先が分からず、誰でも使えるため、ドメインのブロックリスト(Spamhaus DBLなど)に載りやすく、受信側に拒否されます"},
		Fix:  codes.Text{EN: "link to the page itself, under a domain of your own", JA: "短縮せず、自社ドメインのURLを直接記載してください"},
	}

	ContentLinkIP = &diag.Rule{
		ID: "content-link-ip", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 3986 §7.4", Codes: contentCodes, Why: contentPhishing,
		Says: codes.Text{EN: "a link leads to an IP address: {url}", JA: "IPアドレスを直接指定したリンクがあります: {url}"},
		Fix:  codes.Text{EN: "give the server a name and use that", JA: "サーバーにホスト名を付け、その名前でリンクしてください"},
	}

	ContentLinkLookalike = &diag.Rule{
		ID: "content-link-lookalike", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 5890 §4.4",
		Codes: contentCodes, Why: contentPhishing,
		Says: codes.Text{EN: "the domain {host} of a link has letters that look like others", JA: "リンク先のドメイン {host} に、ほかの文字と紛らわしい文字が使われています"},
		Fix:  codes.Text{EN: "use a domain in letters of one script", JA: "1種類の文字体系だけで書かれたドメインを使ってください"},
	}

	ContentLinkDisguised = &diag.Rule{
		ID: "content-link-disguised", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 3986 §7.6",
		Codes: contentCodes, Why: contentPhishing,
		Says: codes.Text{EN: "a link has a name before its host, as if it led there: {url}", JA: "ホスト名の前に別の名前を置いて、リンク先を紛らわしくしたURLがあります: {url}"},
		Fix:  codes.Text{EN: "take out what stands before the @", JA: "@ より前の部分を削除してください"},
	}

	ContentLinkProgram = &diag.Rule{
		ID: "content-link-program", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 3986 §7.6", Codes: contentCodes,
		Says: codes.Text{EN: "a link runs a program or holds data: {url}", JA: "プログラムやデータを直接埋め込んだリンクがあります: {url}"},
		Why:  codes.Text{EN: "mail programs take such links out, and filters refuse them", JA: "メールソフトに無効化され、フィルターに拒否されます"},
		Fix:  codes.Text{EN: "link to a page with https://", JA: "https:// のページへのリンクに置き換えてください"},
	}

	ContentLinkBroken = &diag.Rule{
		ID: "content-link-broken", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 3986 §3", Codes: contentCodes,
		Says: codes.Text{EN: "a link has no address that can be opened: {url}", JA: "開けない形式のリンクがあります: {url}"},
		Why:  codes.Text{EN: "the reader cannot follow it, and filters take it for a trick", JA: "受信者が開けないうえ、フィルターには不審なリンクとみなされます"},
		Fix:  codes.Text{EN: "correct the address of the link", JA: "リンクのURLを修正してください"},
	}

	ContentLinkEmpty = &diag.Rule{
		ID: "content-link-empty", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 3986 §3", Codes: contentCodes,
		Says: codes.Text{EN: "the link {text} leads nowhere", JA: "リンク {text} のリンク先が空です"},
		Why:  codes.Text{EN: "the reader cannot follow it; most often a value was not filled in", JA: "受信者が開けません。多くの場合、URLの設定漏れか差し込み漏れです"},
		Fix:  codes.Text{EN: "write the address of the page into the link", JA: "リンク先のURLを設定してください"},
	}

	ContentLinkLocal = &diag.Rule{
		ID: "content-link-local", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 6761 §6", Codes: contentCodes,
		Says: codes.Text{EN: "a link leads to a place that only your own network has: {url}", JA: "社内や自分のPCからしか開けないリンクがあります: {url}"},
		Why:  codes.Text{EN: "no reader can open it; it is most often the address of a test system", JA: "受信者は開けません。テスト環境のURLが残っていることが多いものです"},
		Fix:  codes.Text{EN: "write the public address of the page", JA: "公開されているURLに変更してください"},
	}
)
