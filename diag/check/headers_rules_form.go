package check

import (
	"todoku/codes"
	"todoku/diag"
)

// The rules about the octets of a mail: lines, signs, the parts of its header.
var (
	HeadersNUL = &diag.Rule{
		ID: "headers-nul", Severity: diag.Fail, Owner: diag.OwnerSender, Ref: "RFC 5322 §2.1", Codes: headersCodes,
		Says: codes.Text{EN: "the mail holds a NUL octet (line {line})", JA: "メールに NUL 文字(0x00)が含まれています({line}行目)"},
		Why:  codes.Text{EN: "it is not allowed in mail; servers refuse it, cut the mail there, or change it, so that signatures break", JA: "メールでは使えない文字です。サーバーに拒否されるか、途中で切られるか、書き換えられて署名が壊れます"},
		Fix:  codes.Text{EN: "send data as an attachment in base64; a text in UTF-16 must become UTF-8", JA: "データは base64 の添付ファイルとして送り、UTF-16 のテキストは UTF-8 に変換してください"},
	}

	HeadersLineEnds = &diag.Rule{
		ID: "headers-line-ends", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 5322 §2.3",
		Codes: []string{"42550", "42554", "5.6.11"},
		Says:  codes.Text{EN: "line ends are mixed: {lone} of CR or LF alone among those of CRLF (first in line {line})", JA: "改行コードが混在しています。CRまたはLF単独の改行が{lone}個あります(最初は{line}行目)"},
		Why: codes.Text{
			EN: "Exchange Online refuses a lone LF (550 5.6.11), Postfix and others since the attacks of 2023 (SMTP smuggling); signatures break on the way",
			JA: "Exchange OnlineはLF単独の改行を 550 5.6.11 で拒否し、Postfixなども2023年のSMTPスマグリング対策で拒否します。途中で書き換えられて署名も壊れます"},
		Fix: codes.Text{EN: "end every line with CRLF when the mail is made; a mail that a program saved may have got them only there", JA: "メールの生成時に、すべての改行をCRLFにそろえてください。保存時に改行が変わっただけの場合もあります"},
	}

	HeadersLineLong = &diag.Rule{
		ID: "headers-line-long", Severity: diag.Fail, Owner: diag.OwnerSender, Ref: "RFC 5322 §2.1.1",
		Codes: []string{"42500", "42550", "42554", "5.6.0"},
		Says:  codes.Text{EN: "line {line} of the mail has {octets} octets, 998 is the limit ({count} such lines)", JA: "メールの{line}行目が{octets}バイトあり、上限の998バイトを超えています(該当 {count}行)"},
		Why: codes.Text{
			EN: "Exim refuses to pass such mail on, Postfix breaks the line, and then the DKIM signature no longer holds",
			JA: "Eximは中継を拒否し、Postfixは行を途中で分割するため、DKIM署名が検証できなくなります"},
		Fix: codes.Text{EN: "send the text in base64 or quoted-printable: both make short lines", JA: "本文を base64 または quoted-printable でエンコードしてください(行が短くなります)"},
	}

	HeadersFieldLong = &diag.Rule{
		ID: "headers-field-long", Severity: diag.Fail, Owner: diag.OwnerSender, Ref: "RFC 5322 §2.1.1",
		Codes: []string{"42500", "42550", "42554", "5.6.0"},
		Says:  codes.Text{EN: "a line of the field {field} has {octets} octets, 998 is the limit", JA: "{field}ヘッダーの1行が{octets}バイトあり、上限の998バイトを超えています"},
		Why:   codes.Text{EN: "servers refuse such a line or break it, and then the DKIM signature no longer holds", JA: "サーバーに拒否されるか、行が分割されてDKIM署名が検証できなくなります"},
		Fix:   codes.Text{EN: "fold the field: a new line that begins with a blank, at the latest after 78 characters", JA: "78文字程度で折り返し、次の行を空白で始めてください"},
	}

	HeadersLarge = &diag.Rule{
		ID: "headers-large", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 5321 §4.5.3.1", Codes: []string{"42552", "5.3.4"},
		Says: codes.Text{EN: "the header has {kilobytes} KB in {fields} fields", JA: "ヘッダーが{kilobytes}KB({fields}フィールド)あります"},
		Why:  codes.Text{EN: "Gmail refuses a header of more than 500 KB, a field of more than 32 KB and more than 5,000 fields (552 5.3.4); others allow less", JA: "Gmailはヘッダー全体で500KB、1フィールドで32KB、5,000フィールドを超えると 552 5.3.4 で拒否します。より小さい上限の受信側もあります"},
		Fix:  codes.Text{EN: "send one mail a recipient in place of a long list in To, and take fields of old hops out", JA: "Toに多数の宛先を並べずに1通ずつ送り、不要なヘッダーを削除してください"},
	}

	HeadersSize = &diag.Rule{
		ID: "headers-size", Severity: diag.Info, Owner: diag.OwnerSender, Ref: "RFC 1870 §6.1", Codes: []string{"42552", "5.3.4", "5.2.3"},
		Says: codes.Text{EN: "the mail has {megabytes} MB", JA: "メールのサイズが{megabytes}MBあります"},
		Why:  codes.Text{EN: "many receivers stop at 10 to 25 MB (552 5.3.4), mobile carriers of Japan at 1 to 3 MB", JA: "多くの受信側の上限は10〜25MB(552 5.3.4)、国内の携帯キャリアは1〜3MB程度です"},
		Fix:  codes.Text{EN: "put large files on a web server and link to them", JA: "大きなファイルはWebに置き、リンクを案内してください"},
	}

	HeadersEnd = &diag.Rule{
		ID: "headers-end", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 5322 §2.1", Codes: headersCodes, Why: headersGuessed,
		Says: codes.Text{EN: "no empty line stands between the header and the text", JA: "ヘッダーと本文の間に空行がありません"},
		Fix:  codes.Text{EN: "write one empty line behind the last field", JA: "最後のヘッダーの後に空行を1行入れてください"},
	}

	HeadersNoField = &diag.Rule{
		ID: "headers-no-field", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 5322 §2.2", Codes: headersCodes,
		Says: codes.Text{EN: "a line of the header is no field: {value}", JA: "ヘッダーに、フィールドの形になっていない行があります: {value}"},
		Why:  codes.Text{EN: "for many programs the header ends there: what follows, such as Subject or a signature, becomes text", JA: "多くのプログラムはそこでヘッダーが終わったと解釈し、以降の件名や署名を本文として扱います"},
		Fix:  codes.Text{EN: "write it as \"Name: value\", or begin the line with a blank where it belongs to the field before", JA: "「名前: 値」の形で書くか、前のフィールドの続きであれば行頭に空白を入れてください"},
	}

	HeadersRawUTF8 = &diag.Rule{
		ID: "headers-raw-utf8", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 6532 §3; RFC 2047 §2", Codes: headersCodes,
		Says: codes.Text{EN: "the field {field} has UTF-8 as it is", JA: "{field}ヘッダーに、UTF-8の文字がエンコードされずに書かれています"},
		Why:  codes.Text{EN: "only servers with SMTPUTF8 take such a header; others refuse it or show garbage, and Gmail refuses it in some fields (550 5.7.1)", JA: "SMTPUTF8に対応したサーバーでしか扱えません。それ以外では拒否や文字化けの原因となり、Gmailもフィールドによっては 550 5.7.1 で拒否します"},
		Fix:  codes.Text{EN: "encode it as RFC 2047 says: =?UTF-8?B?…?=", JA: "RFC 2047の形式(=?UTF-8?B?…?=)でエンコードしてください"},
	}

	HeadersRaw8Bit = &diag.Rule{
		ID: "headers-raw-8bit", Severity: diag.Fail, Owner: diag.OwnerSender, Ref: "RFC 5322 §2.2; RFC 2047 §2", Codes: headersCodes,
		Says: codes.Text{EN: "the field {field} has octets beyond ASCII that are no UTF-8", JA: "{field}ヘッダーに、UTF-8でもない8ビット文字がそのまま書かれています"},
		Why:  codes.Text{EN: "no standard allows it: nobody can know the charset, servers refuse it (550 5.7.1, 5.6.0) or readers see garbage", JA: "どの規格でも認められていません。文字コードが判別できず、拒否(550 5.7.1、5.6.0)や文字化けの原因になります"},
		Fix:  codes.Text{EN: "encode it as RFC 2047 says: =?UTF-8?B?…?= or =?ISO-2022-JP?B?…?=", JA: "RFC 2047の形式(=?UTF-8?B?…?= または =?ISO-2022-JP?B?…?=)でエンコードしてください"},
	}

	HeadersEncodedWord = &diag.Rule{
		ID: "headers-encoded-word", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 2047 §2", Codes: headersCodes,
		Says: codes.Text{EN: "the field {field} has an encoded word that cannot be read: {value}", JA: "{field}ヘッダーに、復号できないエンコード文字列があります: {value}"},
		Why:  codes.Text{EN: "readers see the code instead of words, and Gmail refuses wrong syntax there (550 5.7.1)", JA: "受信者には符号のまま表示されます。Gmailは構文の誤りを 550 5.7.1 で拒否することがあります"},
		Fix:  headersBySystem,
	}

	HeadersEncodedWordLong = &diag.Rule{
		ID: "headers-encoded-word-long", Severity: diag.Info, Owner: diag.OwnerSender, Ref: "RFC 2047 §2", Codes: []string{"5.6.0"},
		Says: codes.Text{EN: "the field {field} has an encoded word of {octets} characters, 75 is the limit", JA: "{field}ヘッダーのエンコード文字列が{octets}文字あり、上限の75文字を超えています"},
		Why:  codes.Text{EN: "most programs read it all the same; some show the code, and filters count it", JA: "多くのプログラムは問題なく読めますが、符号のまま表示する環境や、判定対象とするフィルターもあります"},
		Fix:  codes.Text{EN: "split it into several words, each on a line of its own, and never within a character", JA: "文字の途中で切らずに、複数のエンコード文字列に分けて折り返してください"},
	}
)
