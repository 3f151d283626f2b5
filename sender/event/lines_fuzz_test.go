package event

import (
	"bytes"
	"testing"
)

// FuzzLines holds what lines tell: nothing panics, and one worker or two see the same.
func FuzzLines(f *testing.F) {
	for _, s := range []string{
		"Mar  4 05:06:07 mx9 postfix/smtp[9]: 9C3F2A01B7: to=<a@x.test>, relay=h[192.0.2.1]:25, dsn=5.1.1, status=bounced (550 no)\n",
		"2031-03-04 05:06:07.1 +0900 [7] 1tRx2A-0004Bq-2Z ** a@x.test <b@y.test> R=r T=t H=h (x) [192.0.2.1]: 550 no\n",
		"<22>1 2031-03-04T05:06:07Z mx9 postfix/qmgr 9 - [a b=\"]\"] 9C3F2A01B7: from=<n@s.test>, status=expired, returned\n",
		"2031-03-04 05:06:07 1tRx2A-0004Bq-2Z <= <> R=x U=exim P=local S=99999999999999999999 id=\n",
		"\x00\x00Feb 29 25:61:61 x postfix/local[: 1",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, log []byte) {
		if len(log) > 64<<10 {
			return
		}
		var n [2]int64
		for i := range n {
			in := new(Input)
			for e, err := range Read(t.Context(), Source{Reader: bytes.NewReader(log), Workers: i + 1, Input: in}) {
				if err == nil && e.Time.Year() < -10 {
					t.Fatal(e.Time)
				}
			}
			n[i] = in.Events
		}
		if n[0] != n[1] {
			t.Fatalf("%d events with one worker, %d with two", n[0], n[1])
		}
	})
}
