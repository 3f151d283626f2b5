package ticket_test

import (
	"strconv"
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

// TestNamedPatterns: a pattern is named in both languages, by its letter or by the manual's number.
func TestNamedPatterns(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for text, want := range map[string]string{
		"this mail is pattern A of the guide": "A", "we have Pattern E here": "E", "it is pattern b, I think": "B",
		"パターンAです。": "A", "パターン3です": "C", "a pattern is seen": "",
	} {
		if got := strings.Join(ticket.Read(c, text).Patterns, " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestTables: the columns of a table tell senders from recipients; a line with one address has none.
func TestTables(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for text, want := range map[string][2]string{
		"送信者\t宛先\nnews@own.test\ttaro@kaisha.test\n":               {"news@own.test", "taro@kaisha.test"},
		"宛先,送信元\ntaro@kaisha.test,news@own.test\n":                 {"news@own.test", "taro@kaisha.test"},
		"宛先\ntaro@kaisha.test\n送信者\nnews@own.test\n":               {"news@own.test", "taro@kaisha.test"},
		"宛先 taro@kaisha.test hanako@kaisha.test\n弊社 news@own.test": {"news@own.test", "taro@kaisha.test"},
	} {
		got := ticket.Read(c, text)
		if [2]string{got.Sender, got.Recipient} != want {
			t.Errorf("%q: from %q to %q", text, got.Sender, got.Recipient)
		}
	}
}

func FuzzRead(f *testing.F) {
	c := catalogue(f)
	f.Add("ȺȺ 送信数は100件、from a@b.test to c@d.test")
	f.Add("送信者\t宛先\na@b.test\tc@d.test 192.0.2.7")
	f.Fuzz(func(_ *testing.T, text string) { ticket.Read(c, text) })
}

// BenchmarkLongLine reads lines as long as a ticket may be: the time must grow with the length, not with its square.
func BenchmarkLongLine(b *testing.B) {
	c := catalogue(b)
	var addresses, hosts strings.Builder
	for i := 0; addresses.Len() < 60<<10; i++ {
		addresses.WriteString("u" + strconv.Itoa(i) + "@a.jp,")
	}
	for i := 0; hosts.Len() < 60<<10; i++ {
		hosts.WriteString("192.0." + strconv.Itoa(i/250%250) + "." + strconv.Itoa(i%250) + ",")
	}
	for name, text := range map[string]string{"addresses": addresses.String(), "hosts": hosts.String()} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				ticket.Read(c, text)
			}
		})
	}
}
