package check

import (
	"todoku/codes"
	"todoku/diag/altered"
)

// alteredWords say what a change is, and who can do what about it.
type alteredWords struct{ says, fix codes.Text }

// What can be done about a change, by who makes such changes.
var (
	listCanMend = codes.Text{
		EN: "a mailing list or a forwarder did it, and only its admin can change that: leave mails as they are, or put the list's own address into From and sign again",
		JA: "メーリングリストまたは転送による変更です。リストの管理者に、メールを変更しないか、Fromをリストのアドレスに書き換えて署名し直す設定を依頼してください"}
	gatewayCanMend = codes.Text{
		EN: "a gateway did it. If it is the sender's, sign behind it; if it is the recipient's, let it verify DKIM before it changes the mail, and let servers behind it believe its result",
		JA: "ゲートウェイによる変更です。送信側の製品であれば、その後で署名してください。受信側の製品であれば、変更前にDKIMを検証し、後段のサーバーがその結果を使用するよう設定してもらってください"}
	encodingCanMend = codes.Text{
		EN: "send mails that no server has to convert (quoted-printable or base64, lines of at most 998 octets), and sign behind the last conversion",
		JA: "変換が不要な形式(quoted-printableまたはbase64、1行998バイト以内)で送信し、最後の変換の後に署名してください"}
	relaxedCanMend = codes.Text{
		EN: "sign with c=relaxed/relaxed, which allows for blanks and folds, and sign behind the server that writes the mail anew",
		JA: "空白や折り返しの違いを許容する c=relaxed/relaxed で、メールを書き直すサーバーより後で署名してください"}
	programCanMend = codes.Text{
		EN: "a program on the way has a fault: find the server behind which the signature no longer holds, and correct it there",
		JA: "経路上のプログラムの不具合です。署名が検証できなくなるサーバーを特定し、そこで修正してください"}
	headerCanMend = codes.Text{
		EN: "let the server that changes the field do so before the mail is signed, or let it sign the mail again",
		JA: "ヘッダーを変更するサーバーの処理を署名より前にするか、そのサーバーで署名し直してください"}
	keyCanMend = codes.Text{
		EN: "the mail itself need not have changed: publish the key with which it is signed under this selector, or correct the signer",
		JA: "メールが変更されたとは限りません。署名に使用した鍵の公開鍵をこのセレクターで公開するか、署名の設定を修正してください"}
)

// wordsOfChange say what a change is. Of a kind that has no words here its own name is told.
func wordsOfChange(k altered.Kind) alteredWords {
	for _, list := range [...]map[altered.Kind]alteredWords{changedTexts(), changedForms(), changedFields()} {
		if w, ok := list[k]; ok {
			return w
		}
	}
	return alteredWords{codes.Same(string(k)), programCanMend}
}

// fixOfChange is what can be done about a change.
func fixOfChange(c altered.Change) codes.Text {
	if c.MarksOutside() {
		return gatewayCanMend
	}
	return wordsOfChange(c.Kind).fix
}

// changedTexts are changes of what people read.
func changedTexts() map[altered.Kind]alteredWords {
	return map[altered.Kind]alteredWords{
		altered.FooterAdded:      {codes.Text{EN: "a footer was added to the text", JA: "テキストの末尾にフッターが追加されました"}, listCanMend},
		altered.FooterPartAdded:  {codes.Text{EN: "a MIME part was added", JA: "MIMEパートが追加されました"}, listCanMend},
		altered.HTMLFooterAdded:  {codes.Text{EN: "a footer was added to the HTML", JA: "HTMLの末尾にフッターが追加されました"}, gatewayCanMend},
		altered.BannerAdded:      {codes.Text{EN: "a banner was added at the top of the text", JA: "テキストの先頭に警告文などが追加されました"}, gatewayCanMend},
		altered.HTMLBannerAdded:  {codes.Text{EN: "a banner was added at the top of the HTML", JA: "HTMLの先頭に警告文などが追加されました"}, gatewayCanMend},
		altered.TextInserted:     {codes.Text{EN: "lines were inserted", JA: "途中に行が挿入されました"}, gatewayCanMend},
		altered.PixelAdded:       {codes.Text{EN: "an image was added, as for tracking", JA: "開封確認などの画像が追加されました"}, gatewayCanMend},
		altered.LinksRewritten:   {codes.Text{EN: "links were rewritten to a service that checks them", JA: "リンクが検査用サービスのURLに書き換えられました"}, gatewayCanMend},
		altered.PartRemoved:      {codes.Text{EN: "an attachment was taken out or replaced", JA: "添付ファイルが削除または置き換えられました"}, gatewayCanMend},
		altered.Truncated:        {codes.Text{EN: "the end of the mail is missing", JA: "メールの末尾が失われています"}, programCanMend},
		altered.BodyChanged:      {codes.Text{EN: "the text differs", JA: "本文が異なります"}, programCanMend},
		altered.EmptyLineAdded:   {codes.Text{EN: "an empty line was added", JA: "空行が追加されました"}, programCanMend},
		altered.EmptyLineRemoved: {codes.Text{EN: "an empty line was taken away", JA: "空行が削除されました"}, programCanMend},
	}
}

// changedForms are changes of how the body is written.
func changedForms() map[altered.Kind]alteredWords {
	return map[altered.Kind]alteredWords{
		altered.LinesRewrapped:   {codes.Text{EN: "lines were broken anew", JA: "行の折り返しが変更されました"}, encodingCanMend},
		altered.EncodingChanged:  {codes.Text{EN: "the transfer encoding was changed", JA: "転送エンコーディングが変換されました"}, encodingCanMend},
		altered.Reencoded:        {codes.Text{EN: "the text was encoded anew", JA: "同じ形式でエンコードし直されました"}, encodingCanMend},
		altered.CharsetChanged:   {codes.Text{EN: "the charset was converted", JA: "文字コードが変換されました"}, encodingCanMend},
		altered.LineEndsChanged:  {codes.Text{EN: "line ends were changed", JA: "改行コードが変更されました"}, programCanMend},
		altered.BlanksAtLineEnds: {codes.Text{EN: "blanks at the end of lines were added or cut", JA: "行末の空白が追加または削除されました"}, relaxedCanMend},
		altered.BlanksChanged:    {codes.Text{EN: "blanks or tabs were changed", JA: "空白やタブが変更されました"}, relaxedCanMend},
		altered.DotsDoubled:      {codes.Text{EN: "dots at the start of lines were doubled", JA: "行頭のドットが二重になりました"}, programCanMend},
		altered.DotsLost:         {codes.Text{EN: "dots at the start of lines were lost", JA: "行頭のドットが失われました"}, programCanMend},
		altered.FromEscaped:      {codes.Text{EN: "“From ” at the start of lines became “>From ”", JA: "行頭の「From 」が「>From 」に変わりました"}, programCanMend},
		altered.BitsStripped:     {codes.Text{EN: "the eighth bit of the text was lost", JA: "8ビット目が失われ、文字化けしています"}, encodingCanMend},
		altered.PartHeader:       {codes.Text{EN: "the header of a part was written anew", JA: "パートのヘッダーが書き直されました"}, programCanMend},
		altered.PreambleChanged:  {codes.Text{EN: "the text around the parts was changed", JA: "パートの前後のテキストが変更されました"}, programCanMend},
		altered.BoundaryChanged:  {codes.Text{EN: "the boundary between the parts was renamed", JA: "パートの境界(boundary)が変更されました"}, programCanMend},
	}
}

// changedFields are changes of the header.
func changedFields() map[altered.Kind]alteredWords {
	return map[altered.Kind]alteredWords{
		altered.SubjectPrefixed:   {codes.Text{EN: "something was put in front of the subject", JA: "件名の前に文字列が付け加えられました"}, listCanMend},
		altered.SubjectChanged:    {codes.Text{EN: "the subject was changed", JA: "件名が変更されました"}, headerCanMend},
		altered.WordsReencoded:    {codes.Text{EN: "the field was encoded anew", JA: "ヘッダーのエンコードが変更されました"}, headerCanMend},
		altered.FieldRefolded:     {codes.Text{EN: "the field was folded anew", JA: "ヘッダーの折り返しが変更されました"}, relaxedCanMend},
		altered.FieldCase:         {codes.Text{EN: "the name of the field is written in another case", JA: "ヘッダー名の大文字と小文字が変更されました"}, relaxedCanMend},
		altered.FieldBlanks:       {codes.Text{EN: "blanks in the field were changed", JA: "ヘッダー内の空白が変更されました"}, relaxedCanMend},
		altered.FieldsReordered:   {codes.Text{EN: "fields of the same name were put in another order", JA: "同名のヘッダーの順序が変更されました"}, headerCanMend},
		altered.FieldAdded:        {codes.Text{EN: "a field was added", JA: "ヘッダーが追加されました"}, headerCanMend},
		altered.FieldRemoved:      {codes.Text{EN: "a signed field was taken away", JA: "署名対象のヘッダーが削除されました"}, headerCanMend},
		altered.FieldChanged:      {codes.Text{EN: "the field was changed", JA: "ヘッダーが変更されました"}, headerCanMend},
		altered.FromRewritten:     {codes.Text{EN: "From was rewritten", JA: "Fromが書き換えられました"}, listCanMend},
		altered.ReplyToAdded:      {codes.Text{EN: "Reply-To was added", JA: "Reply-Toが追加されました"}, listCanMend},
		altered.ReplyToChanged:    {codes.Text{EN: "Reply-To was changed", JA: "Reply-Toが変更されました"}, listCanMend},
		altered.AddressesChanged:  {codes.Text{EN: "the addresses were changed", JA: "アドレスが変更されました"}, headerCanMend},
		altered.NamesRequoted:     {codes.Text{EN: "the names of addresses are written in another way", JA: "アドレスの表示名の書き方が変更されました"}, headerCanMend},
		altered.DateReformatted:   {codes.Text{EN: "the date is written in another way", JA: "日時の書き方が変更されました"}, headerCanMend},
		altered.DateReplaced:      {codes.Text{EN: "the date was replaced", JA: "日時が変更されました"}, headerCanMend},
		altered.MessageIDReplaced: {codes.Text{EN: "Message-ID was replaced", JA: "Message-IDが変更されました"}, headerCanMend},
		altered.MIMEVersion:       {codes.Text{EN: "MIME-Version was changed", JA: "MIME-Versionが変更されました"}, headerCanMend},
		altered.ContentType:       {codes.Text{EN: "Content-Type is written in another way", JA: "Content-Typeの書き方が変更されました"}, headerCanMend},
		altered.EncodingField:     {codes.Text{EN: "Content-Transfer-Encoding was changed", JA: "Content-Transfer-Encodingが変更されました"}, encodingCanMend},
		altered.OtherKey: {codes.Text{EN: "the signature was made with another key than the published one, or is damaged itself",
			JA: "公開されている鍵とは別の鍵で署名されたか、署名自体が壊れています"}, keyCanMend},
	}
}
