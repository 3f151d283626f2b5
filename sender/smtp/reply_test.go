package smtp

import (
	"bufio"
	"strings"
	"testing"
)

func FuzzReadReply(f *testing.F) {
	for _, seed := range []string{"220 mx\r\n", "250-a\r\n250 b\r\n", "550-5.1.1 no\r\n550 5.1.1 no\r\n", "250\r\n",
		"250 \n", "250-5.1.1\r\n", "22\r\n", "999 x\r\n", "250-a\r\n251 b\r\n", "\x00\r\n", strings.Repeat("250-x\r\n", 200)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := readReply(bufio.NewReader(strings.NewReader(s)))
		if err != nil {
			return
		}
		if r.Code < 200 || r.Code > 599 || len(r.Lines) == 0 || len(r.Lines) > maxLines || !r.Enhanced.IsZero() &&
			r.Enhanced.Class != r.Code/100 {
			t.Errorf("%q: %+v", s, r)
		}
		for _, l := range r.Lines {
			if len(l) > maxLine || strings.ContainsAny(l, "\n") {
				t.Errorf("%q: %q", s, l)
			}
		}
	})
}
