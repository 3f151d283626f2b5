package tlsrpt_test

import (
	"fmt"
	"strings"
	"testing"

	"todoku/diag/tlsrpt"
)

// summary writes the destinations, and the faults as "kind@offset".
func summary(rec *tlsrpt.Record, faults []tlsrpt.Fault) string {
	var out []string
	for _, u := range rec.RUA {
		out = append(out, "<"+u.Mail+u.Web+">")
	}
	for _, f := range faults {
		out = append(out, fmt.Sprintf("%s@%d", f.Kind, f.Offset))
	}
	return strings.Join(out, " ")
}

func TestRecordsAreReadWithTheirFaults(t *testing.T) {
	t.Parallel()
	for txt, want := range map[string]string{
		"v=TLSRPTv1; rua=mailto:tls@a.test":                         "<a.test>",
		"v=TLSRPTv1;rua=mailto:tls@A.test,https://r.b.test/v1?x=y;": "<a.test> <r.b.test>",
		"v=TLSRPTv1; rua=mailto:a@a.test , mailto:b@b.test ; ":      "<a.test> <b.test>",
		"v=TLSRPTv1; rua=MAILTO:a@a.test":                           "<a.test>",
		"v=TLSRPTv1; rua=mailto:a%2Bb@a.test?subject=tls":           "<a.test>",
		"v=TLSRPTv1; rua=mailto:a@例え.test":                          "uri@25",
		"v=TLSRPTv1; rua=https://[2001:db8::1]/":                    "<2001:db8::1>",
		"v=TLSRPTv1; x-new=1; rua=mailto:a@a.test":                  "<a.test> unknown-key@12",
		"v=TLSRPTv1; rua=mailto:a@a.test; rua=mailto:b@a.test":      "<a.test> duplicate@33",
		"v=TLSRPTv1; rua=http://a.test/r":                           "<> uri-scheme@16",
		"v=TLSRPTv1; rua=ftp://a.test,mailto:a@a.test":              "<> <a.test> uri-scheme@16",
		"v=TLSRPTv1;":                                                      "missing-rua@11",
		"v=TLSRPTv1":                                                       "version@0 missing-rua@10",
		"v=TLSRPTv1 ; rua=mailto:a@a.test":                                 "<a.test> version@0",
		"v=tlsrptv1; rua=mailto:a@a.test":                                  "<a.test> version@0",
		"v=TLSRPT1; rua=mailto:a@a.test":                                   "<a.test> version@0",
		"v=TLSRPTv1 rua=mailto:a@a.test":                                   "<a.test> version@0",
		" v=TLSRPTv1; rua=mailto:a@a.test":                                 "<a.test> version@0",
		"v=TLSRPTv1; RUA=mailto:a@a.test":                                  "key@12",
		"v=TLSRPTv1; rua = mailto:a@a.test":                                "key@12",
		"v=TLSRPTv1; rua=":                                                 "uri@16",
		"v=TLSRPTv1; rua=a@a.test":                                         "uri@16",
		"v=TLSRPTv1; rua=mailto:a":                                         "uri@16",
		"v=TLSRPTv1; rua=mailto:@a.test":                                   "uri@16",
		"v=TLSRPTv1; rua=mailto:a@b@a.test":                                "uri@16",
		"v=TLSRPTv1; rua=mailto://a@a.test":                                "uri@16",
		"v=TLSRPTv1; rua=mailto:a@a.test!10m":                              "uri@31",
		"v=TLSRPTv1; rua=mailto:a@192.0.2.1":                               "uri@16",
		"v=TLSRPTv1; rua=https://":                                         "uri@16",
		"v=TLSRPTv1; rua=https://user@a.test/":                             "uri@16",
		"v=TLSRPTv1; rua=mailto:a@a.test,":                                 "<a.test> uri@32",
		"v=TLSRPTv1; rua=mailto:a@a.test mailto:b@a.test":                  "uri@31",
		"v=TLSRPTv1; rua=mailto:a@a.test,mailto:b@b .test,mailto:c@c.test": "<a.test> <c.test> uri@42",
		"v=TLSRPTv1;; rua=mailto:a@a.test":                                 "<a.test> empty-field@11",
		"v=TLSRPTv1; rua=mailto:a@a.test; word":                            "<a.test> no-value@33",
		"v=TLSRPTv1; rua=mailto:a@a.test; -x=1":                            "<a.test> key@33",
		"v=TLSRPTv1; rua=mailto:a@a.test; x=":                              "<a.test> value@35",
		"v=TLSRPTv1; rua=mailto:a@a.test; v=TLSRPTv2":                      "<a.test> duplicate@33",
	} {
		if got := summary(tlsrpt.Parse(txt)); got != want {
			t.Errorf("%q: %s; want %s", txt, got, want)
		}
	}
}

func TestTextsMeantAsRecordsAreTold(t *testing.T) {
	t.Parallel()
	for txt, want := range map[string]bool{
		"v=tlsrptv1; rua=mailto:a@a.test": true, `"v=TLSRPTv1; rua=mailto:a@a.test"`: true, "v=TLSRPTv1": true,
		"rua=mailto:a@a.test": true, "v=TLS1; rua=mailto:a@a.test": true,
		"v=TLSRPTv1; rua=mailto:a@a.test": false, "v=spf1 -all": false, "v=STSv1; id=1": false, "": false,
	} {
		if tlsrpt.Meant(txt) != want {
			t.Errorf("%q: %v", txt, !want)
		}
	}
}

func TestMendedRecordsKeepEveryDestination(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		texts []string
		want  string
	}{
		{[]string{"v=TLSRPTv1; rua=a@a.test"}, "v=TLSRPTv1; rua=mailto:a@a.test"},
		{[]string{"v=TLSRPTv1 rua=mailto:a@a.test, mailto:b@a.test; x=y"}, "v=TLSRPTv1; rua=mailto:a@a.test,mailto:b@a.test; x=y"},
		{[]string{`"v=TLSRPTv1; RUA=mailto:a@a.test!10m"`}, "v=TLSRPTv1; rua=mailto:a@a.test"},
		{[]string{"v=TLSRPTv1; rua=mailto:a@a.test", "v=TLSRPTv1; rua=mailto:A@a.test,https://b.test/r"},
			"v=TLSRPTv1; rua=mailto:a@a.test,https://b.test/r"},
		{[]string{"v=TLSRPTv1;"}, ""},
		{[]string{"v=TLSRPTv1; rua=mailto:a@a.test,mailto:b@"}, ""},
		{[]string{"v=TLSRPTv1; rua=http://a.test/"}, ""},
	} {
		got, ok := tlsrpt.Mend(c.texts...)
		if ok != (c.want != "") || ok && got.String() != c.want {
			t.Errorf("%q: %q, %v; want %q", c.texts, got.String(), ok, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"v=TLSRPTv1; rua=mailto:a@x.test,https://x.test/%41?b=c;", "v=TLSRPTv1 rua=a@b.test;;", "V = x; RUA=é\xff",
		"rua=mailto:%zz@a.test!10m;x=y"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		_, faults := tlsrpt.Parse(s)
		broken := false
		for _, x := range faults {
			broken = broken || x.Kind == tlsrpt.BadVersion
			if x.Offset < 0 || x.Offset > len(s) {
				t.Errorf("offset %d in %d", x.Offset, len(s))
			}
		}
		if broken == tlsrpt.IsRecord(s) {
			t.Errorf("version fault: %v", broken)
		}
		mended, ok := tlsrpt.Mend(s)
		if !ok {
			return
		}
		again, faults := tlsrpt.Parse(mended.String())
		if tlsrpt.Broken(faults) || again.String() != mended.String() || strings.ContainsAny(mended.String(), "\n\x00") {
			t.Errorf("%q becomes %q and that %q", s, mended.String(), again.String())
		}
	})
}
