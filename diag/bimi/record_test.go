package bimi_test

import (
	"fmt"
	"strings"
	"testing"

	"todoku/diag/bimi"
)

// summary writes a record and its faults in one line.
func summary(r *bimi.Record, faults []bimi.Fault) string {
	s := r.Location + " | " + r.Authority + " | " + string(r.Avatar)
	if r.ByLocal {
		s += " lps=" + strings.Join(r.LPS, ",")
	}
	for _, f := range faults {
		if f.Kind != bimi.MissingAuthority {
			s += fmt.Sprintf(" %s@%d", f.Kind, f.Offset)
		}
	}
	return s
}

func TestRecordFaultsAreToldWithTheirPlaces(t *testing.T) {
	t.Parallel()
	const l, a = "https://k.test/l.svg", "https://k.test/c.pem"
	for _, c := range []struct{ txt, want string }{
		{"v=BIMI1; l=" + l + "; a=" + a, l + " | " + a + " | brand"},
		{"v=BIMI1;l=" + l + ";a=" + a + ";", l + " | " + a + " | brand"},
		{"v = BIMI1 ; a = " + a + " ; l = " + l + "z", l + "z | " + a + " | brand"},
		{"v=BIMI1; l=" + l, l + " |  | brand"},
		{"v=BIMI1; l=; a=;", " |  | brand"},
		{"v=BIMI1; l=;", " |  | brand"},
		{"v=BIMI1; l=" + l + "; avp=personal", l + " |  | personal"},
		{"v=BIMI1; l=" + l + "; avp=brand; lps=", l + " |  | brand lps="},
		{"v=BIMI1; l=" + l + "; lps= news- , Shop", l + " |  | brand lps=news-,Shop"},
		{"v=BIMI1; l=https://k.test:8443/logo; a=" + a, "https://k.test:8443/logo | " + a + " | brand"},
		{"v=bimi1; l=" + l, l + " |  | brand version@0"},
		{"V=BIMI1; l=" + l, l + " |  | brand version@0"},
		{"v=BIMI1 l=" + l, l + " |  | brand version@0"},
		{" v=BIMI1; l=" + l, l + " |  | brand leading-space@0"},
		{"l=" + l + "; v=BIMI1", l + " |  | brand version@0 version@26"},
		{"v=BIMI1; L=" + l, l + " |  | brand tag-case@9"},
		{"v=BIMI1;; l=" + l, l + " |  | brand empty-tag@8"},
		{"v=BIMI1; logo", " |  | brand no-equals@9 missing-l@13"},
		{"v=BIMI1; l=" + l + "; l=" + l + "2", l + " |  | brand duplicate-tag@33"},
		{"v=BIMI1; l=" + l + "; x-y=1; z=2", l + " |  | brand tag-name@33 unknown-tag@40"},
		{"v=BIMI1; l=http://k.test/l.svg", " |  | brand uri-scheme@11"},
		{"v=BIMI1; l=k.test/l.svg", " |  | brand uri@11"},
		{"v=BIMI1; l=https://k/l.svg", " |  | brand uri-host@11"},
		{"v=BIMI1; l=https://192.0.2.1/l.svg", " |  | brand uri-host@11"},
		{"v=BIMI1; l=https://u:p@k.test/l.svg", " |  | brand uri@11"},
		{"v=BIMI1; l=" + l + "," + l, " |  | brand uri-comma@11"},
		{"v=BIMI1; l=" + l + " " + l, " |  | brand uri@11"},
		{"v=BIMI1; l=https://k.test/l.png", " |  | brand uri-suffix@11"},
		{"v=BIMI1; l=" + l + "; a=https://k.test/c.crt", l + " | https://k.test/c.crt | brand authority-suffix@35"},
		{"v=BIMI1; l=" + l + "; a=http://k.test/c.pem", l + " |  | brand uri-scheme@35"},
		{"v=BIMI1; l=; a=" + a, " | " + a + " | brand no-location@35"},
		{"v=BIMI1; a=" + a, " | " + a + " | brand missing-l@31"},
		{"v=BIMI1; l=" + l + "; avp=both", l + " |  | brand avatar@37"},
		{"v=BIMI1; l=" + l + "; avp=Personal", l + " |  | personal avatar-case@37"},
		{"v=BIMI1; l=" + l + "; lps=news,,a.b", l + " |  | brand lps=news local-prefixes@42 local-prefixes@43"},
		{"v=BIMI1; l=https://k.test/ｌ.svg", " |  | brand character@26"},
		{"v=BIMI1", " |  | brand missing-l@7"},
		{"", " |  | brand version@0 missing-l@0"},
	} {
		if got := summary(bimi.Parse(c.txt)); got != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.txt, got, c.want)
		}
	}
}

func TestTextsThatAreAndThatAreMeantAsRecords(t *testing.T) {
	t.Parallel()
	for txt, want := range map[string]string{
		"v=BIMI1": "is", "v=BIMI1;": "is", "v =\tBIMI1 ; l=": "is",
		"v=bimi1; l=": "meant", "V=BIMI1; l=": "meant", " v=BIMI1; l=": "meant", "v=BIMI1 l=": "meant", `"v=BIMI1; l="`: "meant",
		"v=BIMI2; l=": "meant",
		"v=spf1 -all": "", "": "", "v": "", "l=https://k.test; v=BIMI1": "",
	} {
		got := ""
		switch {
		case bimi.IsBIMI(txt):
			got = "is"
		case bimi.Meant(txt):
			got = "meant"
		}
		if got != want {
			t.Errorf("%q: %q, want %q", txt, got, want)
		}
	}
}

func TestDeclinedIsARecordWithoutPlaces(t *testing.T) {
	t.Parallel()
	for txt, want := range map[string]bool{"v=BIMI1; l=; a=": true, "v=BIMI1; l=": true, "v=BIMI1": false,
		"v=BIMI1; l=https://k.test/l.svg": false, "v=BIMI1; l=; a=https://k.test/c.pem": false} {
		if r, _ := bimi.Parse(txt); r.Declined() != want {
			t.Errorf("%q: %v", txt, r.Declined())
		}
	}
}

func TestMendedRecordsKeepWhatTheOldOnesSay(t *testing.T) {
	t.Parallel()
	for txt, want := range map[string]string{
		"v=bimi1; L=https://k.test/l.svg; a=https://k.test/c.pem; z=1": "v=BIMI1; l=https://k.test/l.svg; a=https://k.test/c.pem; z=1;",
		" v=BIMI1 l=https://k.test/l.svg;; avp=Personal; lps=a, b":     "v=BIMI1; l=https://k.test/l.svg; a=; lps=a,b; avp=personal;",
		"v=BIMI1; l=https://k.test/l.svg; l=https://k.test/l.svg":      "v=BIMI1; l=https://k.test/l.svg; a=;",
		"v=BIMI1; l=https://k.test/l.svg; l=https://k.test/m.svg":      "",
		"v=BIMI1; l=http://k.test/l.svg":                               "",
		"v=BIMI1; l=https://k.test/l.png":                              "",
		"v=BIMI1":                                                      "",
		"v=BIMI1; l=https://k.test/l.svg; a=;":                         "",
	} {
		got, ok := bimi.Mend(txt)
		if !ok {
			got = ""
		}
		if got != want {
			t.Errorf("%q\n got %q\nwant %q", txt, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"v=BIMI1; l=https://k.test/l.svg; a=", "v=bimi1 L=x;;", "v = BIMI1 ;avp=X;lps=,;q=\xff", "=;=;v"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		_, faults := bimi.Parse(s)
		for _, x := range faults {
			if x.Offset < 0 || x.Offset > len(s) {
				t.Errorf("offset %d in %d", x.Offset, len(s))
			}
		}
		mended, ok := bimi.Mend(s)
		if !ok {
			return
		}
		if _, faults = bimi.Parse(mended); !bimi.IsBIMI(mended) || strings.ContainsAny(mended, "\n\x00") {
			t.Errorf("%q from %q", mended, s)
		}
		for _, x := range faults {
			if x.Kind.Breaks() {
				t.Errorf("%q from %q: %+v", mended, s, x)
			}
		}
	})
}
