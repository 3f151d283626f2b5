package dmarc

import (
	"fmt"
	"strings"
	"testing"
)

func TestIsDMARC(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"v=DMARC1": true, "v=DMARC1;": true, "v=DMARC1; p=none": true, "v = DMARC1 ;p=none": true, "V=DMARC1;p=none": true,
		" v=DMARC1;p=none": true,
		"v=dmarc1; p=none": false, "v=DMARC1 p=none": false, "v=DMARC12": false, "p=none; v=DMARC1": false,
		"v=spf1 -all": false, "": false, "v": false,
		`"v=DMARC1; p=none"`: false,
	} {
		if IsDMARC(s) != want {
			t.Errorf("%q: %v", s, !want)
		}
	}
}

// summary writes record and faults in one line.
func summary(r *Record, faults []Fault) string {
	p, sp, np := r.Policies()
	s := fmt.Sprintf("%s/%s/%s", p, sp, np)
	for _, f := range faults {
		s += fmt.Sprintf(" %s@%d", f.Kind, f.Offset)
	}
	return s
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ txt, want string }{
		{"v=DMARC1; p=reject", "reject/reject/reject"},
		{"v=DMARC1;p=Reject;sp=NONE;np=Quarantine;", "reject/none/quarantine"},
		{"v=DMARC1 ; p = reject ; sp = quarantine", "reject/quarantine/quarantine"},
		{"v=DMARC1", "none/none/none missing-p@8"},
		{"v=DMARC1; rua=mailto:a@x.test", "none/none/none missing-p@8"},
		{"v=DMARC1; p=rejct; rua=mailto:a@x.test", "none/none/none value@12"},
		{"v=DMARC1; p=rejct", "// value@12"},
		{"v=DMARC1; p=reject; sp=all; rua=mailto:a@x.test", "none/none/none value@23"},
		{"v=DMARC1; p=reject; np=", "// empty-value@23"},
		{"v=DMARC1; p=reject; pct=50; rf=afrf; ri=3600", "reject/reject/reject removed-tag@20 default-tag@28 removed-tag@37"},
		{"v=DMARC1; p=reject; p=none", "reject/reject/reject duplicate-tag@20"},
		{"v=DMARC1; sp=none; p=reject", "reject/none/none p-not-second@19"},
		{"v=DMARC1; p=none;; x-new=1; new=2; bare", "none/none/none empty-tag@17 tag-name@19 unknown-tag@28 no-equals@35"},
		{"v=DMARC1; P=none", "none/none/none tag-case@10"},
		{"v=DMARC1; p=none; adkim=x; aspf=s; psd=z; t=yes; fo=0:1", "none/none/none value@24 value@39 value@44 fo-without-ruf@49 fo@52"},
		{"v=DMARC1; p=none; adkim=Relaxed; aspf=strict; t=no", "none/none/none default-word@24 value@38 default-word@48"},
		{"v=DMARC1; p=none; fo=1:d:s; ruf=mailto:a@x.test", "none/none/none"},
		{"v=DMARC1; p=none; rua=mailto:a@x.test!10m,b@x.test, https://x.test/r ,mailto:c@x.test!z,",
			"none/none/none size-suffix@37 uri@42 uri-scheme@52 uri@85 uri@88"},
		{"v=DMARC1; p=none; rua=mailto:a@b@x.test,mailto:nobody", "none/none/none uri@22 uri@40"},
		{"v=DMARC1; p=ｎone", "// character@12"},
		{" v=DMARC1; p=none", "none/none/none leading-space@0"},
		{"v=dmarc1; p=reject", "reject/reject/reject version@0"},
		{"v=DMARC1 p=reject; pct=1", "reject/reject/reject version@0 removed-tag@19"},
		{"p=reject; v=DMARC1", "reject/reject/reject version@0"},
		{"", "none/none/none version@0 missing-p@0"},
	} {
		if got := summary(Parse(c.txt)); got != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.txt, got, c.want)
		}
	}
}

func TestString(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"v=DMARC1; p=reject; pct=50; x=1; adkim=r": "v=DMARC1; p=reject",
		"v=DMARC1;t=y;psd=n;p=none;aspf=s;adkim=s;np=reject;sp=none": "v=DMARC1; p=none; sp=none; np=reject; " +
			"psd=n; t=y; adkim=s; aspf=s",
		"v=DMARC1; p=none; rua=mailto:a@x.test!10m, mailto:b@y.test,junk;fo=1": "v=DMARC1; p=none; rua=mailto:a@x.test,mailto:b@y.test; fo=1",
	} {
		r, _ := Parse(in)
		if r.String() != want {
			t.Errorf("%q: %q", in, r.String())
		}
	}
}

func TestTesting(t *testing.T) {
	t.Parallel()
	r, _ := Parse("v=DMARC1; p=reject; sp=quarantine; np=none; t=y")
	p, sp, np := r.Policies()
	if got := r.Applied(p) + "/" + r.Applied(sp) + "/" + r.Applied(np); got != "quarantine/none/none" {
		t.Error(got)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"v=DMARC1; p=none; rua=mailto:a@x.test!10m,https://x", "v=DMARC1 p=none;;",
		"V = DMARC1 ;P=x;p=", "v=DMARC1;fo=0:1:d;np=\xff;ruf=mailto:%zz@a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, faults := Parse(s)
		broken := false
		for _, x := range faults {
			broken = broken || x.Kind == BadVersion
			if x.Offset < 0 || x.Offset > len(s) {
				t.Errorf("offset %d in %d", x.Offset, len(s))
			}
		}
		if broken == IsDMARC(s) {
			t.Errorf("version fault %v", broken)
		}
		again, faults := Parse(r.String())
		for _, x := range faults {
			if x.Kind.Breaks() {
				t.Errorf("%q from %q: %+v", r.String(), s, x)
			}
		}
		if again.String() != r.String() || strings.ContainsAny(r.String(), "\n\x00") {
			t.Errorf("%q becomes %q", r.String(), again.String())
		}
	})
}
