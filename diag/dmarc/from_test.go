package dmarc

import (
	"errors"
	"strings"
	"testing"
)

func TestFromDomains(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"news@Kaisha.test": "kaisha.test",
		"News <news@kaisha.test>, a@other.test ,b@KAISHA.test":  "kaisha.test other.test",
		`"a@evil.test, x" <news@kaisha.test>`:                   "kaisha.test",
		`a@evil.test <news@kaisha.test>`:                        "kaisha.test",
		"Team: a@x.test, B <b@y.test>; c@z.test":                "x.test y.test z.test",
		"(c@x.test (nested)) d@ (in) y.test (end)":              "y.test",
		"広報 <news@例え.test>":                                     "xn--r8jz45g.test",
		"=?ISO-2022-JP?B?GyRCOS1KcxsoQg==?= <news@kaisha.test>": "kaisha.test",
		`"quoted @ local"@kaisha.test`:                          "kaisha.test",
		"<@relay.test,@b.test:a@kaisha.test>":                   "kaisha.test",
		"News\r\n\t<news@kaisha.test.>":                         "kaisha.test",
	} {
		got, err := FromDomains(in)
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%q: %v %v, want %s", in, got, err, want)
		}
	}
	many := ""
	for i := range 11 {
		many += "a@d" + string(rune('a'+i)) + ".test,"
	}
	for in, want := range map[string]error{
		"": ErrNoAuthor, "undisclosed-recipients:;": ErrNoAuthor, "()": ErrNoAuthor, "kaisha.test": ErrFrom,
		"a b@x.test": ErrFrom, "a@b@x.test": ErrFrom,
		"<>": ErrFrom, "a@[192.0.2.1]": ErrFrom, "<a@x.test": ErrFrom, `"a@x.test`: ErrFrom, "(a@x.test": ErrFrom,
		"<a@x.test> <b@y.test>": ErrFrom, "<a@x.test> b": ErrFrom,
		"a@": ErrFrom, "@x.test": ErrFrom, "a@x..test": ErrFrom, "a@x y.test": ErrFrom, many: ErrAuthors,
	} {
		if got, err := FromDomains(in); !errors.Is(err, want) {
			t.Errorf("%q: %v %v, want %v", in, got, err, want)
		}
	}
}

func FuzzFrom(f *testing.F) {
	for _, s := range []string{"a@x.test", `"a\"b" <a@x.test>, (c (d)) g: <@r:e@y.test>;`, "広報 <a@例え.test>", "<", "[:", "(\\"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := FromDomains(s)
		if (err == nil) != (len(got) > 0) {
			t.Fatalf("%v with %v", got, err)
		}
		for _, d := range got {
			if again, ok := hostName(d); !ok || again != d {
				t.Errorf("%q is not what DNS knows", d)
			}
		}
	})
}
