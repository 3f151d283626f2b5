package resolve_test

import (
	"errors"
	"strings"
	"testing"

	"todoku/codes"
	"todoku/diag/resolve"
)

// TestARecordIsReadAsItIsTyped: names with and without the final dot, types in any case, texts with and without quotes.
func TestARecordIsReadAsItIsTyped(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 700)
	for text, want := range map[string]string{
		"a.test TXT v=spf1 mx -all":             "a.test TXT v=spf1 mx -all",
		"A.test. IN txt v=DMARC1; p=none":       "a.test TXT v=DMARC1; p=none",
		`a.test TXT "v=spf1 " "mx -all"`:        "a.test TXT v=spf1 mx -all",
		`a.test TXT "a\"b\\c\065"`:              `a.test TXT a"b\cA`,
		`a.test TXT ""`:                         "a.test TXT ",
		"a.test TXT " + long:                    "a.test TXT " + long,
		`a.test TXT "` + long + `"`:             "a.test TXT " + long,
		"例え.test MX 10 例え.test.":                "xn--r8jz45g.test MX 10 xn--r8jz45g.test",
		"a.test MX 0 .":                         "a.test MX 0 .",
		"a.test A 192.0.2.1":                    "a.test A 192.0.2.1",
		"a.test AAAA 2001:DB8::1":               "a.test AAAA 2001:db8::1",
		"_dmarc.a.test CNAME b.test.":           "_dmarc.a.test CNAME b.test",
		"1.2.0.192.in-addr.arpa PTR mx.a.test":  "1.2.0.192.in-addr.arpa PTR mx.a.test",
		"a.test ns ns1.a.test":                  "a.test NS ns1.a.test",
		"_25._tcp.mx.a.test TLSA 3 1 1 AB cd01": "_25._tcp.mx.a.test TLSA 3 1 1 abcd01",
		"a.test TXT":                            "a.test TXT gone",
		"  a.test   MX  ":                       "a.test MX gone",
	} {
		s, err := resolve.ParseSet(text)
		if err != nil {
			t.Errorf("%.60q: %v", text, err)
			continue
		}
		got := s.Name + " " + s.Type.String() + " gone"
		if len(s.Records) > 0 {
			got = s.Name + " " + s.Type.String() + " " + s.Records[0].Value(s.Type)
		}
		if got != want {
			t.Errorf("%.60q: %q, want %q", text, got, want)
		}
	}
}

// hostileSets are texts that are no record.
func hostileSets() []string {
	return []string{"", " ", "a.test", "a.test x", "a.test SOA x", "a.test TXT a\nb.test. TXT c", "a.test TXT a\x00", "a.test TXT \x1b[31m",
		"a.test TXT \xff", `a.test TXT "a`, `a.test TXT "a" b`, `a.test TXT "a\`, "a.test TXT " + strings.Repeat("x", 70_000), "*.a.test TXT x",
		"a..test TXT x", `a\.test TXT x`, "a.test A 192.0.2", "a.test A ::1", "a.test AAAA 192.0.2.1", "a.test A 192.0.2.1 192.0.2.2",
		"a.test AAAA fe80::1%eth0", "a.test MX mx.a.test", "a.test MX 70000 mx.a.test", "a.test MX 10", "a.test MX 10 a b", "a.test CNAME .",
		"a.test CNAME a;b", "a.test NS $(reboot)x(", "a.test TLSA 3 1 1", "a.test TLSA 3 1 1 xyz", "a.test TLSA 3 1 1 abc",
		"a.test TLSA 300 1 1 ab",
		strings.Repeat("a", 300) + ".test TXT x", "$GENERATE 1-9 x TXT y"}
}

// TestWhatIsNoRecordIsToldWithItsRemedy: nothing is guessed, and nothing of the text becomes another record.
func TestWhatIsNoRecordIsToldWithItsRemedy(t *testing.T) {
	t.Parallel()
	for _, text := range hostileSets() {
		s, err := resolve.ParseSet(text)
		var wrong *codes.UserError
		if !errors.As(err, &wrong) || wrong.Says.In(codes.Japanese) == "" || wrong.Remedy.In(codes.English) == "" ||
			wrong.Remedy.In(codes.Japanese) == "" {
			t.Errorf("%.60q: %+v %v", text, s, err)
		}
	}
}

func sets(t testing.TB, texts ...string) []resolve.Set {
	t.Helper()
	var list []resolve.Set
	for _, text := range texts {
		s, err := resolve.ParseSet(text)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, s)
	}
	return list
}

// TestRecordsOfOneNameAndTypeAreOneSet: in their order, each once; what cannot stand together is refused.
func TestRecordsOfOneNameAndTypeAreOneSet(t *testing.T) {
	t.Parallel()
	list, err := resolve.JoinSets(sets(t, "a.test TXT b", "a.test MX 1 m", "A.test. TXT a", "a.test TXT b", "b.test CNAME c", "b.test TXT"))
	if err != nil || len(list) != 4 || len(list[0].Records) != 2 || list[0].Records[0].Text != "b" || list[0].Records[1].Text != "a" {
		t.Errorf("%+v %v", list, err)
	}
	for _, texts := range [][]string{{"a.test TXT x", "a.test TXT"}, {"a.test CNAME b", "a.test CNAME c"}, {"a.test CNAME b", "a.test TXT x"},
		{"a.test TXT x", "a.test CNAME b"}} {
		var wrong *codes.UserError
		if list, err := resolve.JoinSets(sets(t, texts...)); !errors.As(err, &wrong) || wrong.Remedy.IsZero() {
			t.Errorf("%q: %+v %v", texts, list, err)
		}
	}
}

func FuzzParseSet(f *testing.F) {
	for _, text := range append(hostileSets(), "a.test TXT v=spf1 -all", `a.test TXT "a" "b\010"`, "a.test MX 10 b", "a.test TLSA 3 1 1 ab") {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := resolve.ParseSet(text)
		if err != nil {
			return
		}
		if again, err := resolve.ToASCII(s.Name); err != nil || again != s.Name || len(s.Records) > 1 {
			t.Errorf("%q: %+v %v", text, s, err)
		}
		if _, err := resolve.JoinSets([]resolve.Set{s, s}); err != nil {
			t.Errorf("%q: beside itself: %v", text, err)
		}
		if len(s.Records) == 1 && s.Type != resolve.TypeTXT { // what is shown can be typed again
			same, err := resolve.ParseSet(s.Name + " " + s.Type.String() + " " + s.Records[0].Value(s.Type))
			if err != nil || len(same.Records) != 1 || same.Records[0] != s.Records[0] {
				t.Errorf("%q: %+v, again %+v %v", text, s, same, err)
			}
		}
	})
}
