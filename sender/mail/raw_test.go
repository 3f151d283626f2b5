package mail_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"todoku/sender/mail"
)

func TestCut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"", `body ""`},
		{"A: 1\r\nB: 2\r\n\r\nhello\r\n", `A"A: 1" B"B: 2" body "hello\r\n"`},
		{"A: 1\nB: 2\n\nhello\n", `A"A: 1" B"B: 2" body "hello\n"`},
		{"From x@y Mon\nA: 1\n\nb", `A"A: 1" body "b"`},
		{"\xef\xbb\xbfA: 1\r\n\r\nb", `A"A: 1" body "b"`},
		{"A: 1\r\n 2\r\n\t3\r\nB:\r\n", `A"A: 1\r\n 2\r\n\t3" B"B:" body ""`},
		{"A: 1\r\n \r\n 2\r\nB: 3\r\n\r\n", `A"A: 1\r\n \r\n 2" B"B: 3" body ""`},
		{"A : 1\r\n\r\n", `A"A : 1" body ""`},
		{"A: 1\r\r\n\r\nb", `A"A: 1\r" body "b"`},
		{"A: 1\r\nno field\r\nB: 2\r\n\r\nb", `A"A: 1" "no field" B"B: 2" body "b"`},
		{"A: 1\r\nhello you\r\nhow are you\r\nbye\r\nyours\r\n", `A"A: 1" body "hello you\r\nhow are you\r\nbye\r\nyours\r\n"`},
		{strings.Repeat("n", 200) + ": 1\n\n", strings.Repeat("n", 200) + `"` + strings.Repeat("n", 200) + `: 1" body ""`},
	} {
		raw := mail.Cut([]byte(c.in))
		var got strings.Builder
		for _, f := range raw.Fields {
			fmt.Fprintf(&got, "%s%q ", f.Name, f.Bytes)
		}
		if fmt.Fprintf(&got, "body %q", raw.Body); got.String() != c.want {
			t.Errorf("%q:\n%s, want\n%s", c.in, got.String(), c.want)
		}
	}
	raw := mail.Cut([]byte("a: 1\n 2 \nB: x\nA:3\n\n"))
	if raw.Get("A") != "1 2" || raw.Get("none") != "" || len(raw.All("a")) != 2 || raw.All("a")[1].Value() != "3" {
		t.Errorf("%+v", raw)
	}
	raw = mail.Cut(bytes.Repeat([]byte("a:\n"), mail.MaxRawFields+7))
	if len(raw.Fields) != mail.MaxRawFields || raw.Over != 7 {
		t.Errorf("%d fields, %d over", len(raw.Fields), raw.Over)
	}
}

func FuzzCut(f *testing.F) {
	for _, s := range []string{"", "A: 1\r\n\r\nb", "From x\nA: 1\n 2\n\n", "x\ny\n", " \n \nA: 1", "\xef\xbb\xbfA:\r\r\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		raw := mail.Cut(data)
		size := len(raw.Body)
		for _, f := range raw.Fields {
			if size += len(f.Bytes); f.Name != "" && !bytes.HasPrefix(f.Bytes, []byte(f.Name)) {
				t.Errorf("%q: %q", data, f)
			}
			for _, line := range bytes.Split(f.Bytes, []byte("\n"))[1:] {
				if len(line) == 0 || line[0] != ' ' && line[0] != '\t' {
					t.Errorf("%q: %q is more than one field", data, f.Bytes)
				}
			}
		}
		if size > len(data) {
			t.Errorf("%q: %d octets in the parts", data, size)
		}
	})
}
