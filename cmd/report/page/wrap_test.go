package page

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWrap(t *testing.T) {
	t.Parallel()
	r := NewRuler()
	for _, c := range []struct {
		in    string
		width int
		want  []string
	}{
		{"one two three", 8, []string{"one two", "three"}},
		{"unbreakable_token and more", 10, []string{"unbreakable_token", "and more"}},
		// there is no better place than before the end of the verb
		{"配送できません。再送してください", 14, []string{"配送でき", "ません。", "再送して", "ください"}},
		{"宛先を確認し、修正して再送してください。", 36,
			[]string{"宛先を確認し、修正して再送して", "ください。"}},
		{"TXTレコードは1つにまとめてください", 16, []string{"TXTレコードは", "1つにまとめて", "ください"}},
		{"メールを受け取るホスト", 12, []string{"メールを", "受け取る", "ホスト"}},
		{"送信ドメイン認証サーバー", 20, []string{"送信ドメイン認証", "サーバー"}},
		{"恒久的なエラー · パターンA", 16, []string{"恒久的なエラー ·", "パターンA"}},
		{"「SPF」の設定", 6, []string{"「SPF」", "の設定"}},
		{"「正常」のままです", 12, []string{"「正常」のま", "まです"}},
		{"正しい宛先E-mailアドレスの入力", 22, []string{"正しい", "宛先E-mailアドレスの", "入力"}},
		{"宛先E-mailアドレス・メールを送信した日時を伝えます。", 30,
			[]string{"宛先E-mailアドレス・", "メールを送信した日時を", "伝えます。"}},
		{"メールを送信した日時を伝えます。", 20, []string{"メールを送信した", "日時を伝えます。"}}, // no room
		{"一時利用不可(応答コード450)", 20, []string{"一時利用不可", "(応答コード450)"}},
		{"エラーになりました。", 18, []string{"エラーになり", "ました。"}},
		{"送信元のIPアドレスの評価低下", 18, []string{"送信元の", "IPアドレスの", "評価低下"}},
		{"受信者に迷惑メールフォルダーの確認", 24, []string{"受信者に", "迷惑メールフォルダーの", "確認"}},
		{"検査は kaisha.test により pass です", 30, []string{"検査は kaisha.test により", "pass です"}},
		{"", 10, []string{""}},
	} {
		if diff := cmp.Diff(c.want, r.Wrap(c.in, c.width)); diff != "" {
			t.Errorf("%q at %d:\n%s", c.in, c.width, diff)
		}
	}
}

func FuzzWrap(f *testing.F) {
	f.Add("one two", 3)
	f.Add("配送。できません「", 4)
	f.Fuzz(func(t *testing.T, s string, width int) {
		r := NewRuler()
		joined := strings.Join(r.Wrap(Clean(s), width%200), "")
		if strings.ReplaceAll(joined, " ", "") != strings.ReplaceAll(Clean(s), " ", "") {
			t.Errorf("%q lost something: %q", s, joined)
		}
	})
}
