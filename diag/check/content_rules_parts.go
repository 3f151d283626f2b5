package check

import (
	"todoku/codes"
	"todoku/diag"
)

// The rules about HTML, images and files.
var (
	ContentPlainNone = &diag.Rule{
		ID: "content-plain-none", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 2046 §5.1.4", Codes: contentCodes,
		Says: codes.Text{EN: "the mail has HTML and no plain text", JA: "HTMLだけで、テキスト形式の本文がありません"},
		Why:  codes.Text{EN: "filters count it, and programs that show text only (watches, mobile phones, screen readers) show little", JA: "フィルターの判定対象になり、テキストだけを表示する環境(携帯電話、読み上げソフトなど)では内容が伝わりません"},
		Fix:  codes.Text{EN: "send both as multipart/alternative, the plain text first", JA: "multipart/alternative で、テキスト、HTMLの順に両方を入れてください"},
	}

	ContentPlainEmpty = &diag.Rule{
		ID: "content-plain-empty", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 2046 §5.1.4", Codes: contentCodes,
		Says: codes.Text{EN: "the plain text beside the HTML is nearly empty ({plain} characters of {html})", JA: "HTMLに対して、テキスト形式の本文がほとんど空です(HTML {html}文字、テキスト {plain}文字)"},
		Why:  codes.Text{EN: "readers of the plain text learn nothing, and filters count it", JA: "テキスト形式で読む受信者に内容が伝わらず、フィルターの判定対象にもなります"},
		Fix:  codes.Text{EN: "say in the plain text what the HTML says", JA: "テキスト形式の本文にも、HTMLと同じ内容を書いてください"},
	}

	ContentPlainDiffers = &diag.Rule{
		ID: "content-plain-differs", Severity: diag.Info, Owner: diag.OwnerSender, Ref: "RFC 2046 §5.1.4", Codes: contentCodes,
		Says: codes.Text{EN: "plain text and HTML say different things: {alike} percent are alike", JA: "テキスト形式の本文とHTMLの内容が異なります(一致 {alike}%)"},
		Why:  codes.Text{EN: "junk shows filters one text and readers another; filters compare them", JA: "フィルターと受信者に別の内容を見せる手口があるため、両者の違いは判定対象になります"},
		Fix:  codes.Text{EN: "make both of the same text", JA: "両方を同じ原稿から作成してください"},
	}

	ContentHTMLLarge = &diag.Rule{
		ID: "content-html-large", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 2046 §4.1.1", Codes: []string{"42552", "5.3.4"},
		Says: codes.Text{EN: "the HTML has {kilobytes} KB", JA: "HTMLのサイズが{kilobytes}KBあります"},
		Why:  codes.Text{EN: "Gmail cuts the text at about 102 KB: the end with the way to unsubscribe is hidden, and opened mails are not counted", JA: "Gmailは約102KBを超えると本文を途中で省略するため、末尾の配信停止リンクが隠れ、開封も計測できません"},
		Fix:  codes.Text{EN: "take out blanks, comments and styles that nothing uses, and shorten the mail", JA: "不要な空白、コメント、スタイルを削除し、内容を短くしてください"},
	}

	ContentActive = &diag.Rule{
		ID: "content-active", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 2046 §4.1.4", Codes: []string{"42552", "42554", "5.7.0"},
		Says: codes.Text{EN: "the HTML holds {what}", JA: "HTMLに{what}が含まれています"},
		Why:  codes.Text{EN: "mail programs take it out, and filters refuse or mark such mail, since phishing and malware use it", JA: "メールソフトでは動作せず、フィッシングやマルウェアに使われるため、フィルターに拒否・警告されます"},
		Fix:  codes.Text{EN: "take it out and link to a page with it", JA: "メールから取り除き、Webページへのリンクにしてください"},
	}

	ContentHidden = &diag.Rule{
		ID: "content-hidden", Severity: diag.Info, Owner: diag.OwnerSender, Ref: "RFC 2046 §4.1.4", Codes: contentCodes,
		Says: codes.Text{EN: "the HTML holds {count} characters that no reader sees", JA: "HTMLに、受信者に見えない文字が{count}文字あります"},
		Why:  codes.Text{EN: "a short text for the list of mails is usual; long ones are how junk deceives filters", JA: "一覧用の短いプリヘッダーは一般的ですが、長い隠し文字は迷惑メールがフィルターを欺く手口です"},
		Fix:  codes.Text{EN: "take hidden text out, except one short sentence", JA: "短いプリヘッダーを除き、隠し文字を削除してください"},
	}

	ContentImageOnly = &diag.Rule{
		ID: "content-image-only", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 2046 §4.2", Codes: contentCodes,
		Says: codes.Text{EN: "the mail is images with hardly any text ({letters} characters)", JA: "画像だけで、文字がほとんどありません({letters}文字)"},
		Why:  codes.Text{EN: "filters cannot read it and count it as junk; where images are blocked the mail is empty", JA: "フィルターが内容を読めず迷惑メールと判定されやすくなります。画像を表示しない環境では何も見えません"},
		Fix:  codes.Text{EN: "write what the mail says as text, and describe each image (alt)", JA: "内容を文字で書き、画像には代替テキスト(alt)を付けてください"},
	}

	ContentImageAlt = &diag.Rule{
		ID: "content-image-alt", Severity: diag.Info, Owner: diag.OwnerSender, Ref: "RFC 2046 §4.2", Codes: contentCodes,
		Says: codes.Text{EN: "{count} of {all} images have no alternative text (alt)", JA: "画像{all}個のうち{count}個に代替テキスト(alt)がありません"},
		Why:  codes.Text{EN: "most programs show no images at first: the reader sees empty places", JA: "多くのメールソフトは最初は画像を表示しないため、空白に見えます"},
		Fix:  codes.Text{EN: "describe each image in alt; write alt=\"\" for one that only decorates", JA: "alt に画像の説明を書いてください。装飾だけの画像は alt=\"\" とします"},
	}

	ContentImageHTTP = &diag.Rule{
		ID: "content-image-http", Severity: diag.Info, Owner: diag.OwnerSender, Ref: "RFC 9110 §4.2.2", Codes: contentCodes,
		Says: codes.Text{EN: "{count} images are fetched without encryption (http)", JA: "暗号化されない通信(http)で読み込む画像が{count}個あります"},
		Why:  codes.Text{EN: "some mail programs do not show them", JA: "表示しないメールソフトがあります"},
		Fix:  codes.Text{EN: "write https:// in src", JA: "src を https:// に変更してください"},
	}

	ContentFileRefused = &diag.Rule{
		ID: "content-file-refused", Severity: diag.Fail, Owner: diag.OwnerSender, Ref: "RFC 2046 §4.5.3",
		Codes: []string{"42552", "42554", "5.7.0"},
		Says:  codes.Text{EN: "the attachment {file} is of a kind that receivers refuse{inside}", JA: "添付ファイル {file} は、受信側が拒否する種類です{inside}"},
		Why:   codes.Text{EN: "Gmail refuses programs and archives with programs (552 5.7.0), and so do most gateways against viruses", JA: "Gmailは実行形式のファイルと、それを含む圧縮ファイルを 552 5.7.0 で拒否します。多くのウイルス対策製品も同様です"},
		Fix:   codes.Text{EN: "put the file on a web server or a file service, and link to it", JA: "ファイル共有サービスやWebサーバーに置き、リンクを案内してください"},
	}

	ContentFileLocked = &diag.Rule{
		ID: "content-file-locked", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 2046 §4.5.3",
		Codes: []string{"42552", "42554", "5.7.0"},
		Says:  codes.Text{EN: "the archive {file} has a password", JA: "圧縮ファイル {file} にパスワードが設定されています(いわゆるPPAP)"},
		Why:   codes.Text{EN: "nobody can look for viruses in it: many organisations refuse it or take it out, and Gmail may (552 5.7.0)", JA: "ウイルス検査ができないため、受信を拒否・削除する組織が増えています。Gmailも拒否することがあります(552 5.7.0)"},
		Fix:   codes.Text{EN: "share the file over a service that checks who opens it", JA: "閲覧者を制限できるファイル共有サービスを使ってください"},
	}

	ContentFileMacros = &diag.Rule{
		ID: "content-file-macros", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 2046 §4.5.3",
		Codes: []string{"42552", "42554", "5.7.0"},
		Says:  codes.Text{EN: "the attachment {file} is a document with macros", JA: "添付ファイル {file} は、マクロ付きの文書です"},
		Why:   codes.Text{EN: "malware comes so: many gateways refuse it or take the macros out", JA: "マルウェアの主要な感染経路のため、多くのゲートウェイが拒否するかマクロを削除します"},
		Fix:   codes.Text{EN: "send it without macros (.xlsx, .docx) or as PDF", JA: "マクロなしの形式(.xlsx、.docx)またはPDFで送ってください"},
	}
)

// The rules about getting no more mail (RFC 2369, RFC 8058), for mails to many.
var (
	ContentUnsubscribeNone = &diag.Rule{
		ID: "content-unsubscribe-none", Severity: diag.Warn, Owner: diag.OwnerESP, Ref: "RFC 8058 §3.1", Codes: contentCodes,
		Says: codes.Text{EN: "the mail goes to many and has no List-Unsubscribe field", JA: "一斉配信のメールに、List-Unsubscribeヘッダーがありません"},
		Why: codes.Text{
			EN: "Gmail and Yahoo ask bulk senders for it, with one click; without it readers press the button for junk, and Gmail helps no sender whose mail it blocks",
			JA: "GmailとYahooは、一斉送信する送信者にワンクリックの配信停止を求めています。ないと迷惑メール報告が増え、Gmailの制限解除の対象外になります"},
		Fix: codes.Text{
			EN: "add List-Unsubscribe: <https://…>, <mailto:…> and List-Unsubscribe-Post: List-Unsubscribe=One-Click, and sign both with DKIM",
			JA: "List-Unsubscribe: <https://…>, <mailto:…> と List-Unsubscribe-Post: List-Unsubscribe=One-Click を付け、両方をDKIM署名の対象にしてください"},
	}

	ContentUnsubscribeAdvised = &diag.Rule{
		ID: "content-unsubscribe-advised", Severity: diag.Info, Owner: diag.OwnerESP, Ref: "RFC 8058 §3.1", Codes: contentCodes,
		Says: codes.Text{EN: "a sending service took the mail, and it has no List-Unsubscribe field", JA: "配信サービス経由のメールですが、List-Unsubscribeヘッダーがありません"},
		Why:  codes.Text{EN: "single mails such as receipts need none; where it is one of many, Gmail and Yahoo ask for it", JA: "注文確認などの個別メールには不要ですが、一斉配信であればGmailとYahooが求めています"},
		Fix:  codes.Text{EN: "add the two fields of RFC 8058 where the mail goes to many", JA: "一斉配信の場合は、RFC 8058の2つのヘッダーを付けてください"},
	}

	ContentUnsubscribeClick = &diag.Rule{
		ID: "content-unsubscribe-click", Severity: diag.Warn, Owner: diag.OwnerESP, Ref: "RFC 8058 §3.1", Codes: contentCodes,
		Says: codes.Text{EN: "unsubscribing takes more than one click: {what}", JA: "ワンクリックで配信停止できません: {what}"},
		Why:  codes.Text{EN: "Gmail and Yahoo ask bulk senders for one click: an https address, and List-Unsubscribe-Post", JA: "GmailとYahooは、https のURLと List-Unsubscribe-Post によるワンクリック配信停止を一斉送信者に求めています"},
		Fix: codes.Text{
			EN: "name one https address that takes a POST, and add List-Unsubscribe-Post: List-Unsubscribe=One-Click",
			JA: "POSTを受け付ける https のURLを1つ指定し、List-Unsubscribe-Post: List-Unsubscribe=One-Click を付けてください"},
	}

	ContentUnsubscribeMultiple = &diag.Rule{
		ID: "content-unsubscribe-multiple", Severity: diag.Warn, Owner: diag.OwnerESP, Ref: "RFC 2369 §3", Codes: contentCodes,
		Says: codes.Text{EN: "the field {field} stands {count} times, once is allowed", JA: "{field}ヘッダーが{count}個あります。許されるのは1個だけです"},
		Why:  codes.Text{EN: "mail programs take one of them or none", JA: "メールソフトは、そのうち1個だけを使うか、すべて無視します"},
		Fix:  codes.Text{EN: "put all addresses into one field, with commas between them", JA: "1個のヘッダーに、カンマ区切りでまとめてください"},
	}

	ContentUnsubscribeSyntax = &diag.Rule{
		ID: "content-unsubscribe-syntax", Severity: diag.Warn, Owner: diag.OwnerESP, Ref: "RFC 2369 §2", Codes: contentCodes,
		Says: codes.Text{EN: "List-Unsubscribe cannot be read everywhere: {what}", JA: "List-Unsubscribeの書式に誤りがあります: {what}"},
		Why:  codes.Text{EN: "mail programs show no button for it", JA: "メールソフトに配信停止ボタンが表示されません"},
		Fix:  codes.Text{EN: "write each address in angle brackets: <https://example.jp/u?t=abc>, <mailto:u@example.jp>", JA: "URLをそれぞれ山括弧で囲んでください(例: <https://example.jp/u?t=abc>, <mailto:u@example.jp>)"},
	}

	ContentUnsubscribeUnsigned = &diag.Rule{
		ID: "content-unsubscribe-unsigned", Severity: diag.Warn, Owner: diag.OwnerESP, Ref: "RFC 8058 §4", Codes: contentCodes,
		Says: codes.Text{EN: "no valid DKIM signature covers List-Unsubscribe and List-Unsubscribe-Post", JA: "List-UnsubscribeとList-Unsubscribe-Postが、有効なDKIM署名の対象になっていません"},
		Why:  codes.Text{EN: "mail programs must not offer one click then: anybody could have written the fields", JA: "改ざんの可能性があるため、メールソフトはワンクリック配信停止を提供しません"},
		Fix:  codes.Text{EN: "add both names to the fields that DKIM signs (h=)", JA: "DKIM署名の対象ヘッダー(h=)に両方を加えてください"},
	}

	ContentUnsubscribeText = &diag.Rule{
		ID: "content-unsubscribe-text", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 8058 §1", Codes: contentCodes,
		Says: codes.Text{EN: "the text of a mail to many does not tell how to unsubscribe", JA: "一斉配信のメールの本文に、配信停止の方法が書かれていません"},
		Why: codes.Text{
			EN: "Gmail asks for a link in the text too, and so does the law for advertising: in Japan the Act on Regulation of Transmission of Specified Electronic Mail",
			JA: "Gmailは本文中のリンクも求めています。広告・宣伝メールでは、特定電子メール法でも受信拒否の方法の表示が義務付けられています"},
		Fix: codes.Text{EN: "put a link for unsubscribing at the end of the text", JA: "本文の末尾に、配信停止のリンクを記載してください"},
	}

	ContentLawSender = &diag.Rule{
		ID: "content-law-sender", Severity: diag.Info, Owner: diag.OwnerSender, Ref: "RFC 2369 §3.2", Codes: contentCodes,
		Says: codes.Text{EN: "the text does not seem to tell who sends it (name, postal address)", JA: "本文に、送信者の名称や住所の記載が見当たりません"},
		Why:  codes.Text{EN: "for advertising, the law of Japan (Act on Regulation of Transmission of Specified Electronic Mail) asks for name, address and where to complain", JA: "広告・宣伝メールでは、特定電子メール法により、送信者の氏名・名称、住所、苦情・問い合わせ先の表示が必要です"},
		Fix:  codes.Text{EN: "write them at the end of the text, or link to a page that has them", JA: "本文の末尾に記載するか、記載したページへリンクしてください"},
	}
)
