package about

import "testing"

// TestReflow: paragraphs are broken between words, whatever the lines of the source are.
func TestReflow(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"one\ntwo":   "one two",
		"文書\n化された要因": "文書化された要因",
		"確認を実行します\n(送信は除く)":     "確認を実行します(送信は除く)",
		"メールサーバーの\n25番ポート":      "メールサーバーの25番ポート",
		"環境変数\nTODOKU_PASSWORD": "環境変数 TODOKU_PASSWORD",
		"次のとおり、\n--run を付けます":   "次のとおり、--run を付けます",
		"a\n\nb":         "a\n\nb",
		"a\n  b\n  c\nd": "a\n  b\n  c\nd",
		"一:\n  ・二\n  ・三": "一:\n  ・二\n  ・三",
	} {
		if got := reflow(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}
