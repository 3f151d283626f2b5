package ticket_test

import (
	"strings"
	"testing"

	"todoku/codes"
	"todoku/diag/guide/ticket"
)

func catalogue(tb testing.TB) *codes.Catalogue {
	tb.Helper()
	c, err := codes.Load(codes.Files)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// TestLettersThatGrow: some letters take more octets in lower case than in upper case, others fewer.
func TestLettersThatGrow(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for _, letter := range []string{"Ⱥ", "İ", "ẞ", "\xff"} {
		text := strings.Repeat(letter, 40) + " 送信数は100件です。エラーコード 42550"
		if got := ticket.Read(c, text); len(got.Codes) != 1 || got.Codes[0] != "42550" || strings.Contains(got.Plain, "100") {
			t.Errorf("%q: %v, %q", letter, got.Codes, got.Plain)
		}
	}
}

func FuzzRead(f *testing.F) {
	c := catalogue(f)
	f.Add("ȺȺ 送信数は100件、from a@b.test to c@d.test")
	f.Add("送信者\t宛先\na@b.test\tc@d.test 192.0.2.7")
	f.Fuzz(func(_ *testing.T, text string) { ticket.Read(c, text) })
}
