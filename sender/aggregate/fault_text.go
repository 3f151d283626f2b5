package aggregate

import "todoku/codes"

// text is the sentence of a kind: {value} is what stood there.
func (k FaultKind) text() codes.Text {
	for _, w := range faultTexts {
		if w.kind == k {
			return w.text
		}
	}
	return codes.Text{}
}

var faultTexts = [...]struct {
	kind FaultKind
	text codes.Text
}{
	{NotReport, codes.Text{EN: "this is neither a DMARC aggregate report nor a TLS report",
		JA: "DMARC集計レポートでもTLSレポートでもありません"}},
	{FailureReport, codes.Text{EN: "this is a failure report about one mail, not an aggregate report",
		JA: "集計レポートではなく、1通のメールについての失敗レポートです"}},
	{Truncated, codes.Text{EN: "the report ends too early; what came before was read",
		JA: "レポートが途中で終わっています。そこまでの内容は読み込みました"}},
	{Damaged, codes.Text{EN: "it cannot be unpacked, or not to its end ({value}); what came before was read",
		JA: "展開できないか、途中までしか展開できません({value})。そこまでの内容は読み込みました"}},
	{TooLarge, codes.Text{EN: "it is larger than todoku reads ({value}); the rest was not read",
		JA: "読み込める大きさの上限を超えています({value})。残りは読み込んでいません"}},
	{NestedArchive, codes.Text{EN: "it is an archive within an archive, which is not read",
		JA: "アーカイブの中のアーカイブのため、読み込んでいません"}},
	{Encrypted, codes.Text{EN: "it is protected by a password, so it was not read",
		JA: "パスワードで保護されているため、読み込んでいません"}},
	{OtherArchive, codes.Text{EN: "it is packed as {value}, which is not read; unpack it first",
		JA: "{value}形式で圧縮されているため、読み込んでいません。先に展開してください"}},
	{TooManyParts, codes.Text{EN: "it has more parts than todoku reads; the rest was not read",
		JA: "含まれるファイルやパートが多すぎるため、残りは読み込んでいません"}},
	{Trailing, codes.Text{EN: "other data follows the end of the packed report; it was passed over",
		JA: "圧縮データの終わりの後に余分なデータがあります。無視しました"}},
	{OtherName, codes.Text{EN: "its name {value} does not fit its content; it was read as what it is",
		JA: "名前({value})と内容の形式が一致しません。内容のとおりに読み込みました"}},
	{Repacked, codes.Text{EN: "it is packed or encoded twice; it was unpacked twice",
		JA: "二重に圧縮またはエンコードされています。二重に展開して読み込みました"}},
	{JunkBefore, codes.Text{EN: "other data stands before the report; it was passed over",
		JA: "レポートの前に余分なデータがあります。無視しました"}},
	{BadCharset, codes.Text{EN: "a text is not in the charset that is declared ({value}); its real charset was guessed",
		JA: "宣言された文字コードと異なる文字列があります({value})。実際の文字コードを推定して読み込みました"}},
	{HasDTD, codes.Text{EN: "it has a document type definition, which is never read",
		JA: "文書型定義(DTD)が含まれていますが、読み込みません"}},
	{UnknownEntity, codes.Text{EN: "it uses the entity {value}, which XML does not define; it stays as it is",
		JA: "XMLで定義されていない実体参照{value}があります。そのままにしました"}},
	{BadXML, codes.Text{EN: "line {line} is not well-formed XML ({value}); it was read as far as it can be told",
		JA: "{line}行目は整形式のXMLではありません({value})。読み取れる範囲で読み込みました"}},
	{TooDeep, codes.Text{EN: "its elements are nested too deep; the inner ones were passed over",
		JA: "要素の入れ子が深すぎるため、内側は読み込んでいません"}},
	{LongText, codes.Text{EN: "the text in line {line} is too long and was cut",
		JA: "{line}行目の文字列が長すぎるため、途中までを読み込みました"}},
	{UnknownElement, codes.Text{EN: "the element {value} is not part of a report; it was passed over",
		JA: "要素{value}はレポートの仕様にないため、無視しました"}},
	{Missing, codes.Text{EN: "{value} is missing", JA: "{value}がありません"}},
	{Repeated, codes.Text{EN: "{value} stands more than once; the first counts",
		JA: "{value}が複数あります。最初のものを使います"}},
	{BadNumber, codes.Text{EN: "the number {value} cannot be read", JA: "数値{value}を読み取れません"}},
	{BadTime, codes.Text{EN: "the time {value} cannot be read", JA: "日時{value}を読み取れません"}},
	{BadAddress, codes.Text{EN: "the IP address {value} cannot be read; the mails count without it",
		JA: "IPアドレス{value}を読み取れません。通数のみを集計します"}},
	{BadPeriod, codes.Text{EN: "the period ends before it begins", JA: "対象期間の終わりが始まりより前になっています"}},
	{RowLost, codes.Text{EN: "{count} records have no number of mails that can be read, the first in line {line}; they are not counted",
		JA: "通数を読み取れないレコードが{count}件あります(最初は{line}行目)。集計には含めていません"}},
	{TooManyResults, codes.Text{EN: "there are more {value} elements than todoku reads; the rest was passed over",
		JA: "要素{value}が多すぎるため、残りは読み込んでいません"}},
	{BadJSON, codes.Text{EN: "it is not valid JSON from some place on ({value}); what came before was read",
		JA: "途中から正しいJSONではありません({value})。そこまでの内容は読み込みました"}},
}
