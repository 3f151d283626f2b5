package check

import (
	"bytes"
	"context"
	"strings"

	"todoku/cmd/app"
	"todoku/codes"
	"todoku/diag/check"
	"todoku/diag/lab"
	"todoku/sender/mail"
)

// maxMessage bounds a mail, in octets: no provider takes one of a third of it.
const maxMessage = 160 << 20

// readMessage reads a mail; in the lab, "lab:NAME" is one of its own. The error names the file, and says what to give instead.
func readMessage(ctx context.Context, a *app.App, name string) ([]byte, error) {
	if sample, is := strings.CutPrefix(name, "lab:"); is && a.Global.Lab {
		return readSample(name, sample)
	}
	data, err := a.Read(ctx, name, app.Want{Limit: maxMessage, Remedy: codes.Text{
		EN: "give a mail of at most 160 MB: no provider takes one that large", JA: "160MB以下のメールを指定してください(これほど大きなメールを受け取る事業者はありません)"}})
	if err != nil {
		return nil, a.ReadError(name, err, codes.Text{EN: "the mail cannot be read", JA: "メールを読めません"},
			codes.Text{EN: "give the mail as a file with its headers (.eml), or - for standard input", JA: "ヘッダーを含むメールのファイル(.eml)、または標準入力なら - を指定してください"})
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, codes.WrongAt(name, codes.Text{EN: "is empty: there is no mail to look at", JA: "空のファイルです(検査するメールがありません)"})
	}
	if !check.IsMail(data) {
		return nil, &codes.UserError{Place: name,
			Says: codes.Say(codes.Text{EN: "is no mail: it has no header", JA: "メールではありません(ヘッダーがありません)"}),
			Remedy: codes.Say(codes.Text{
				EN: "save the whole mail as .eml (“show original”, “download message”), not its text, a .msg file or a screenshot",
				JA: "本文や .msg ファイルではなく、メール全体を .eml 形式(「原文を表示」「メッセージをダウンロード」など)で保存してください"})}
	}
	if several(data) {
		return nil, &codes.UserError{Place: name,
			Says: codes.Say(codes.Text{EN: "is a mailbox with several mails", JA: "複数のメールを含むメールボックス(mbox)です"}),
			Remedy: codes.Say(codes.Text{EN: "save the mail to judge as a file of its own (.eml); {command} reads whole mailboxes",
				JA: "検査するメールを1通だけ .eml 形式で保存してください。メールボックス全体は {command} で読み取れます"},
				codes.Typed("command", codes.Todoku("triage", "FILE").With(codes.PlaceFile, name)))}
	}
	return data, nil
}

// several reports whether data is a mailbox file (RFC 4155) with more than one mail.
func several(data []byte) bool {
	if !mail.IsMbox(data[:min(len(data), 4<<10)]) {
		return false
	}
	box := mail.NewMbox(bytes.NewReader(data))
	if _, _, err := box.Next(nil); err != nil {
		return false
	}
	_, _, err := box.Next(nil)
	return err == nil
}

// readSample reads a mail of the lab.
func readSample(place, name string) ([]byte, error) {
	data, known, err := lab.SampleNamed(name)
	if err == nil && !known {
		err = &codes.UserError{Place: place, Says: codes.Say(codes.Text{EN: "the lab has no such mail", JA: "ラボにこの名前のメールはありません"}),
			Remedy: codes.Say(codes.Text{EN: "{command} names them", JA: "{command} で一覧を確認できます"}, codes.Typed("command", codes.Todoku("lab", "list", "message")))}
	}
	return data, err
}
