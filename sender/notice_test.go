package sender_test

import (
	"strings"
	"testing"
	"time"

	"todoku/codes"
	"todoku/sender"
	"todoku/sender/history"
)

func TestNotice(t *testing.T) {
	t.Parallel()
	o := sender.Outcome{ID: "7f3", Result: history.Failed, To: address(t, "x@kaisha.test"), Host: "mx1.kaisha.test",
		MessageID: "1@x.test", Started: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		Reply: codes.Reply{Code: 550, Lines: []string{"no\r\nBcc: x@y.test\x1b[2J"}},
		Verdict: codes.Verdict{Delivery: codes.Delivery{ID: "42550", Title: codes.Text{EN: "User unknown", JA: "宛先不明"}}, Meaning: codes.Text{EN: "The user does not exist.", JA: "ユーザーが存在しません。"},
			Remedies: []codes.Remedy{{Text: codes.Text{EN: "Check the address.", JA: "アドレスを確認してください。"}}}}}
	m, err := sender.Notice(o, address(t, "news@kaisha.test"), address(t, "errors@kaisha.test"), "todoku history show 7f3")
	if err != nil {
		t.Fatal(err)
	}
	h, said := text(t, m.Bytes())
	if s, _ := h.Subject(); !strings.Contains(s, "42550") || h.Get("Auto-Submitted") != "auto-generated" {
		t.Errorf("%q, %q", s, h.Get("Auto-Submitted"))
	}
	for _, want := range []string{"x@kaisha.test", "メール配信コード: 42550 宛先不明",
		"Delivery code: 42550 User unknown", "550 no",
		"アドレスを確認してください。", "Check the address.", "history show 7f3",
		"メールを送信した日時: 2026年1月2日(金)12:04:05(日本時間)",
		"Sent: Fri, 02 Jan 2026 03:04:05 +0000", "送信者E-mailアドレス: news@kaisha.test", "Sender: news@kaisha.test"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not in\n%s", want, said)
		}
	}
	if strings.Contains(said, "\x1b") || h.Has("Bcc") {
		t.Error("the reply breaks out")
	}
	o.Reply = codes.Reply{}
	if m, err = sender.Notice(o, address(t, "a@x.test"), address(t, "b@x.test"), ""); err != nil {
		t.Fatal(err)
	}
	if _, said = text(t, m.Bytes()); !strings.Contains(said, "応答: (なし)") {
		t.Error(said)
	}
}
