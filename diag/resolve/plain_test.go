package resolve

import "testing"

func TestPlain(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                 "",
		"v=DMARC1; p=none": "v=DMARC1; p=none",
		"ｖ＝ＤＭＡＲＣ１；　ｐ＝ｎｏｎｅ":                        "v=DMARC1; p=none",
		"“p=none”「x」":                             `"p=none""x"`,
		"\ufeffa\u200bb\u00adc\x00d":              "abcd",
		"a\u00a0b\tc\r\nd":                        "a b c  d",
		"\u2013all \u2014all \u2212all \u2011all": "-all -all -all -all",
		"a\xffb":                   "ab",
		"o’brien@a.test、b＠a.test。": "o'brien@a.test,b@a.test.",
	} {
		if got := Plain(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
