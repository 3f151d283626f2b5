package dmarc

import "testing"

// TestMend reads records as their authors meant them. "" stands where a person has to look.
func TestMend(t *testing.T) {
	t.Parallel()
	const whole = "v=DMARC1; p=reject; rua=mailto:x@a.test"
	for in, want := range map[string]string{
		// Nothing is wrong.
		whole:              whole,
		"v=DMARC1; p=none": "v=DMARC1; p=none",
		"v=DMARC1;t=y;psd=n;p=none;aspf=s;adkim=s;np=reject;sp=none": "v=DMARC1; p=none; sp=none; np=reject; psd=n; t=y; adkim=s; aspf=s",
		"v=DMARC1; p=none; rua=mailto:o'brien+d@a.test,https://a.test/r; fo=1:d; ruf=mailto:%22a%20b%22@a.test": "v=DMARC1; p=none; " +
			"rua=mailto:o'brien+d@a.test,https://a.test/r; ruf=mailto:%22a%20b%22@a.test; fo=1:d",

		// Addresses.
		"v=DMARC1; p=reject; rua=mailto:x@a.test!50 MB":             whole,
		"v=DMARC1; p=reject; rua=mailto:x@a.test!10 kb, y@a.test!5": whole + ",mailto:y@a.test",
		"v=DMARC1; p=reject; rua=malito:x@a.test":                   whole,
		"v=DMARC1; p=reject; rua=mailto:x@192.0.2.1":                "",

		// Separators.
		"v=DMARC1 p=reject rua=mailto:x@a.test":             whole,
		"v=DMARC1; p=reject, rua=mailto:x@a.test":           whole,
		"v=DMARC1; p=reject；rua=mailto:x@a.test":            whole,
		`v=DMARC1\; p=reject\; rua=mailto:x@a.test`:         whole,
		"v=DMARC1p=rejectrua=mailto:x@a.test":               whole,
		"v=DMARC1: p=reject: rua=mailto:x@a.test":           whole,
		"v=DMARC1|p=reject|rua=mailto:x@a.test":             whole,
		"v=DMARC1;\r\np=reject;\r\n\trua=mailto:x@a.test\n": whole,
		"v=DMARC1;; p=reject;;rua=mailto:x@a.test;;":        whole,
		"v=DMARC1; p=rejectsp=nonenp=quarantineadkim=saspf=srua=mailto:x@a.testruf=mailto:y@a.testfo=1": "v=DMARC1; p=reject; sp=none; " +
			"np=quarantine; adkim=s; aspf=s; rua=mailto:x@a.test; ruf=mailto:y@a.test; fo=1",

		// Without p the policy is none.
		"v=DMARC1; rua=mailto:x@a.test": "v=DMARC1; p=none; rua=mailto:x@a.test",
		"v=DMARC1":                      "v=DMARC1; p=none",

		// Names and values.
		"v=DMARC1; p:reject; rua=mailto:x@a.test":                "v=DMARC1; p=reject; rua=mailto:x@a.test",
		"v=DMARC1; p='reject'; rua=mailto:x@a.test":              whole,
		"v=DMARC1; p=“reject”; rua=„mailto:x@a.test“":            whole,
		"v=DMARC1; p==reject; rua = mailto:x@a.test":             whole,
		"v=DMARC1; p reject; rua mailto:x@a.test":                whole,
		"v=DMARC1; preject; ruamailto:x@a.test":                  whole,
		"v=DMARC1; P=REJECT; RUA=MAILTO:x@a.test":                whole,
		"v=DMARC1; policy=reject; rua=mailto:x@a.test":           whole,
		"v=DMARC1; p=rejected; rau=mailto:x@a.test":              whole,
		"v=DMARC1; p=rejct; rua=mailto:x@a.test":                 whole,
		"v=DMARC1; p=quarentine":                                 "v=DMARC1; p=quarantine",
		"v=DMARC1; <p=reject>; [rua=mailto:x@a.test]":            whole,
		"v=DMARC1;\u00a0p=reject;　ｒｕａ＝ｍａｉｌｔｏ：ｘ＠ａ．ｔｅｓｔ":           whole,
		"v=DMARC1; p=reject; rua=mailto:x@a.test; adkim=strict":  "v=DMARC1; p=reject; adkim=s; rua=mailto:x@a.test",
		"v=DMARC1; p=reject; rua=mailto:x@a.test; aspf=relaxed":  whole,
		"v=DMARC1; p=reject; rua=mailto:x@a.test; t=yes":         "v=DMARC1; p=reject; t=y; rua=mailto:x@a.test",
		"v=DMARC1; p=none; p=reject; rua=mailto:x@a.test":        whole,
		"v=DMARC1; p=reject; rua=mailto:x@a.test; ruf=; fo=":     whole,
		"v=DMARC1; p=none; ruf=mailto:x@a.test; fo=0:1:d:s":      "v=DMARC1; p=none; ruf=mailto:x@a.test; fo=1:d:s",
		"v=DMARC1; p=none; ruf=mailto:x@a.test; fo=0,d":          "v=DMARC1; p=none; ruf=mailto:x@a.test; fo=0:d",
		"v=DMARC1; p=reject; pct=0; ri=86400; rf=afrf; x-new=17": "v=DMARC1; p=reject; t=y",
		"v=DMARC1; p=reject; pct=100; rua=mailto:pct=1@a.test":   "v=DMARC1; p=reject; rua=mailto:pct%3D1@a.test",
		"v=DMARC1; p=reject; rua=mailto:p.none@t.y.test,t.y@a.test": "v=DMARC1; p=reject; " +
			"rua=mailto:p.none@t.y.test,mailto:t.y@a.test",

		// Addresses.
		"v=DMARC1; p=reject; rua=x@a.test":                             whole,
		"v=DMARC1; p=reject; rua=mailto:x@a.test, mailto:":             whole,
		"v=DMARC1; p=reject; rua:x@a.test":                             whole,
		"v=DMARC1; p=reject; rua=mailto: x@a.test":                     whole,
		"v=DMARC1; p=reject; rua=mailto:x @ a.test":                    whole,
		"v=DMARC1; p=reject; rua=mailto:<x@a.test>":                    whole,
		"v=DMARC1; p=reject; rua=mailto://x@a.test":                    whole,
		"v=DMARC1; p=reject; rua=mailto;x@a.test":                      whole,
		"v=DMARC1; p=reject; rua=mailto=x@a.test":                      whole,
		"v=DMARC1; p=reject; rua=mailtox@a.test":                       whole,
		"v=DMARC1; p=reject; rua=maito:x@a.test.":                      whole,
		"v=DMARC1; p=reject; rua=mailto:mailto:x@a.test":               whole,
		"v=DMARC1; p=reject; rua=mailto:x@@a.test":                     whole,
		"v=DMARC1; p=reject; rua=mailto:x@a.test!10mb":                 whole,
		"v=DMARC1; p=reject; rua=mailto:x@a.test!10m":                  whole,
		"v=DMARC1; p=reject; rua=mailto:x@a.test;mailto:x@a.test":      whole,
		"v=DMARC1; p=reject; rua=mailto:x@a.test,y@b.test":             whole + ",mailto:y@b.test",
		"v=DMARC1; p=reject; rua=mailto:x@a.test;mailto:y@b.test":      whole + ",mailto:y@b.test",
		"v=DMARC1; p=reject; rua=mailto:x@a.test mailto:y@b.test":      whole + ",mailto:y@b.test",
		"v=DMARC1; p=reject; rua=mailto:x@a.testmailto:y@b.test":       whole + ",mailto:y@b.test",
		"v=DMARC1; p=reject; rua=mailto:x@a.test、y@b.test":             whole + ",mailto:y@b.test",
		"v=DMARC1; p=reject; rua=mailto:x@a.test; rua=mailto:y@b.test": whole + ",mailto:y@b.test",
		"v=DMARC1; p=reject; rua=mailto:x@a.testruf=mailto:y@b.test":   whole + "; ruf=mailto:y@b.test",
		"v=DMARC1; p=reject; rua=mailto:post=reports@a.test":           "v=DMARC1; p=reject; rua=mailto:post%3Dreports@a.test",
		"v=DMARC1; p=reject; rua=mailto:a/b@a.test?subject=x":          "v=DMARC1; p=reject; rua=mailto:a%2Fb@a.test?subject=x",

		// Versions.
		"v=dmarc1; p=reject; rua=mailto:x@a.test":    whole,
		"v=DMARC; p=reject; rua=mailto:x@a.test":     whole,
		"v=DMARCl; p=reject; rua=mailto:x@a.test":    whole,
		"v=DMARC 1; p=reject; rua=mailto:x@a.test":   whole,
		"DMARC1; p=reject; rua=mailto:x@a.test":      whole,
		"p=reject; rua=mailto:x@a.test":              whole,
		"v=DMARC1; v=DMARC1; p=reject; rua=x@a.test": whole,
		`"v=DMARC1; p=reject; rua=mailto:x@a.test"`:  whole,
		"TXT v=DMARC1; p=reject; rua=x@a.test":       whole,
		whole + whole:                                whole,

		"v=DMARC1; pol=reject; rua=mailto:x@a.test": whole,
		"v=DMARC1; p=reje; rua=mailto:x@a.test":     whole,
		"v=DMARC1; p=quar; rua=mailto:x@a.test":     "v=DMARC1; p=quarantine; rua=mailto:x@a.test",

		// What needs a person.
		"v=DMARC1; p=maybe; rua=mailto:x@a.test":            "",
		"v=DMARC1; rua=mailto:x@a.test; x=1":                "",
		"v=DMARC1; p":                                       "",
		"v=DMARC1; pol":                                     "",
		"v=DMARC1; p=":                                      "",
		"v=DMARC1; p=rej":                                   "",
		"v=DMARC1; p=reject; rua=mailto:nobody":             "",
		"v=DMARC1; p=reject; rua=x@y@a.test":                "",
		"v=DMARC1; p=reject; unknown=x@a.test":              "",
		"v=DMARC1; p=reject; ru=mailto:x@a.test":            "",
		"v=DMARC1; p=reject; x@a.test; rua=mailto:y@a.test": "",
		"v=DMARC1; p=reject; sp=all; rua=mailto:x@a.test":   "",
	} {
		rec, ok := Mend(in)
		if got := rec.String(); ok != (want != "") || ok && got != want {
			t.Errorf("%q\n got %v %s\nwant %s", in, ok, got, want)
		}
	}
}

func TestMendSeveral(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		texts []string
		want  string
	}{
		{[]string{"v=DMARC1; p=none", "v=DMARC1; p=reject; rua=mailto:x@a.test"}, "v=DMARC1; p=reject; rua=mailto:x@a.test"},
		{[]string{"v=DMARC1; p=none; rua=mailto:x@a.test", "v=DMARC1; p=none; rua=mailto:X@a.test,mailto:y@a.test"},
			"v=DMARC1; p=none; rua=mailto:x@a.test,mailto:y@a.test"},
		{[]string{"v=DMARC1; p=none; sp=reject; adkim=s", "v=DMARC1; p=quarantine; ruf=mailto:y@a.test; fo=1"},
			"v=DMARC1; p=quarantine; sp=reject; adkim=s; ruf=mailto:y@a.test; fo=1"},
		{[]string{"v=DMARC1; p=reject; sp=none", "v=DMARC1; p=reject"}, "v=DMARC1; p=reject; sp=none"},
		{[]string{"v=DMARC1; p=reject;", "rua=mailto:x@a.test"}, "v=DMARC1; p=reject; rua=mailto:x@a.test"},
		{[]string{"v=DMARC1; p=reject", "v=DMARC1; p=x"}, ""},
	} {
		rec, ok := Mend(c.texts...)
		if got := rec.String(); ok != (c.want != "") || ok && got != c.want {
			t.Errorf("%q\n got %v %s\nwant %s", c.texts, ok, got, c.want)
		}
	}
}

func TestMeant(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"v=DMARC; p=reject": true, "v=DMARCl;": true, "v=DMARC 1; p=none": true, "p=reject; rua=mailto:x@a.test": true, "v=dmarc1": true,
		"v=DMRC1; rua=mailto:x@a.test": true, `"v=DMARC1; p=none"`: true, "\ufeffv=DMARC1; p=none": true, "V：DMARC1；p：none": true,
		"DMARC1 p=none": true, "v=DMARC1 p=none": true, "vDMARC1;p=none": true,
		"v=DKIM1; p=reject; rua=mailto:x@a.test": true, "v=STSv1; p=none; ruf=x@a.test": true,
		"v=DMARC1; p=none": false, "v=spf1 p=none -all": false, "v=DKIM1; p=none": false, "v=TLSRPTv1; rua=mailto:x@a.test": false,
		"": false, "hello": false, "google-site-verification=p": false, "dmarc-verification=abc": false, "v=BIMI1; l=; a=": false,
	} {
		if Meant(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}

// FuzzMend: what is offered is sound whatever stands there, and a record in order is written as it reads.
func FuzzMend(f *testing.F) {
	for _, s := range []string{"v=DMARC1; p=none; rua=mailto:a@x.test!10m,https://x", "v=DMARC1p=nonesp=reject",
		"p:=;.reject rua mailto:<x@@y.test>",
		"ｖ＝ＤＭＡＲＣ１；ｐ＝ｎｏｎｅ", "v=DMARC1; p=none; rua=mailto:\"@a.test,mailto:%zz@a,mailto:é@a.test"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		Meant(s)
		rec, ok := Mend(s)
		if !ok {
			return
		}
		again, faults := Parse(rec.String())
		for _, x := range faults {
			if x.Kind.Breaks() {
				t.Errorf("%q from %q: %+v", rec.String(), s, x)
			}
		}
		if again.P != rec.P || len(again.RUA) != len(rec.RUA) || len(again.RUF) != len(rec.RUF) {
			t.Errorf("%q becomes %q", s, rec.String())
		}
	})
}
