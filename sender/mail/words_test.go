package mail_test

import (
	"testing"

	"todoku/sender/mail"
)

// TestWords: what a reader is shown of a field, and that a field without encoded words stays as it is.
func TestWords(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"=?utf-8?b?44GL44GE44GX44KD?= <news@kaisha.test>":        "かいしゃ <news@kaisha.test>",
		"=?iso-2022-jp?B?GyRCJCskJCQ3JGMbKEI=?= <n@kaisha.test>": "かいしゃ <n@kaisha.test>",
		"News <news@kaisha.test>":                                "News <news@kaisha.test>",
		"=?utf-8?b?broken <n@kaisha.test>":                       "=?utf-8?b?broken <n@kaisha.test>",
	} {
		if got := mail.Words(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
