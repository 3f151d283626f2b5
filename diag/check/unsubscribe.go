package check

import (
	"context"
	"errors"
	"net/http"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/content"
)

// UnsubscribeOptions is what unsubscribing needs.
type UnsubscribeOptions struct {
	Mail   *Mail
	Client *http.Client // of the world
}

// Unsubscribe leaves the list of a mail as mail programs do with one click (RFC 8058 §3.2). It really ends the subscription.
func Unsubscribe(o UnsubscribeOptions) *diag.Check {
	return &diag.Check{
		Name:  "unsubscribe",
		Title: codes.Text{EN: "One-click", JA: "配信停止"},
		Rules: []*diag.Rule{UnsubscribeRefused, UnsubscribeRedirect},
		Run:   func(ctx context.Context, p *diag.Pass) error { return runUnsubscribe(ctx, p, o) },
	}
}

// The rules of one-click unsubscription, when it is tried.
var (
	UnsubscribeRefused = &diag.Rule{
		ID: "unsubscribe-refused", Severity: diag.Fail, Owner: diag.OwnerESP, Ref: "RFC 8058 §3.2", Codes: []string{"42550", "42553"},
		Says: codes.Text{
			EN: "{url} answered the one-click request with HTTP status {status}",
			JA: "ワンクリック配信停止の要求に、{url} が HTTP ステータス {status} を返しました"},
		Why: codes.Text{
			EN: "the button of Gmail and Yahoo does nothing: readers report junk instead, and both count it against the sender",
			JA: "GmailやYahooの配信停止ボタンが機能しません。読者が迷惑メールとして報告し、送信者の評価が下がります"},
		Fix: codes.Text{
			EN: "let the address take a POST with the body List-Unsubscribe=One-Click, without login, cookies or confirmation, and answer with 200 or 202",
			JA: "このURLが、本文 List-Unsubscribe=One-Click のPOSTを、ログインやCookie、確認画面なしで受け付け、200 または 202 を返すようにしてください"},
	}

	UnsubscribeRedirect = &diag.Rule{
		ID: "unsubscribe-redirect", Severity: diag.Fail, Owner: diag.OwnerESP, Ref: "RFC 8058 §3.1", Codes: []string{"42550", "42553"},
		Says: codes.Text{
			EN: "{url} answered the one-click request with a redirect (HTTP status {status})",
			JA: "ワンクリック配信停止の要求に、{url} がリダイレクト(HTTP ステータス {status})を返しました"},
		Why: codes.Text{
			EN: "the standard forbids it, since a POST may be lost on the way: mail programs stop there, and the reader stays on the list",
			JA: "POSTが失われるおそれがあるため規格で禁止されています。メールソフトはそこで処理を終え、配信停止されません"},
		Fix: codes.Text{
			EN: "put the address into the mail to which the redirect leads, and let it answer with 200 or 202",
			JA: "リダイレクト先のURLをメールに記載し、200 または 202 を返すようにしてください"},
	}
)

func runUnsubscribe(ctx context.Context, p *diag.Pass, o UnsubscribeOptions) error {
	facts := &UnsubscribeFacts{}
	p.Facts(facts)
	unsubscribe := content.Look(o.Mail.Parts, content.Options{}).Unsubscribe
	posted, err := unsubscribe.Post(ctx, o.Client)
	var faulty *codes.UserError
	switch {
	case errors.As(err, &faulty): // the check of the content says what the mail lacks
		return nil
	case err != nil:
		return unreached(posted.URL, err, codes.Text{EN: "the address for unsubscribing gives no answer", JA: "配信停止のURLから応答が得られません"})
	}
	facts.Posted = posted
	data := []codes.Datum{codes.Str("url", posted.URL), codes.Num("status", posted.Status)}
	switch posted.Outcome {
	case content.Redirected:
		p.Report(UnsubscribeRedirect, p.Domain(), data...)
	case content.Refused, content.Failed:
		p.Report(UnsubscribeRefused, p.Domain(), data...)
	}
	return nil
}

// UnsubscribeFacts is what came of leaving the list.
type UnsubscribeFacts struct {
	Posted *content.Posted `json:"posted"` // null: there was nothing to ask
}

// Looked reports whether the server was asked.
func (f *UnsubscribeFacts) Looked() bool { return f.Posted != nil }

// Lines tells what the server answered.
func (f *UnsubscribeFacts) Lines() []diag.Line {
	if f.Posted == nil {
		return []diag.Line{diag.None(codes.Text{EN: "the mail offers no one-click unsubscription to try", JA: "メールにワンクリック配信停止のURLがないため、確認できません"})}
	}
	return []diag.Line{diag.Show("POST {url} → {status}", codes.Str("url", f.Posted.URL), codes.Num("status", f.Posted.Status))}
}
