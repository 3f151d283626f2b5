package dmarc

import (
	"context"
	"fmt"
	"testing"

	"todoku/codes"
	"todoku/diag/resolve"
)

func TestEvaluate(t *testing.T) {
	t.Parallel()
	zone := txt("_dmarc.kaisha.test", "v=DMARC1; p=reject; sp=quarantine; np=none") + "mail.kaisha.test. A 192.0.2.1\n" +
		txt("_dmarc.strict.test", "v=DMARC1; p=quarantine; adkim=s; aspf=s; t=y") + txt("_dmarc.void.test", "v=DMARC1; p=x")
	for _, c := range []struct{ from, spf, dkim, want string }{
		{"a@kaisha.test", "pass kaisha.test", "", "pass reject spf"},
		{"a@kaisha.test", "pass bounce@mail.KAISHA.test.", "", "pass reject spf"},
		{"a@kaisha.test", "softfail kaisha.test", "", "fail reject"},
		{"a@kaisha.test", "pass esp.test", "pass esp.test", "fail reject"},
		{"a@kaisha.test", "pass esp.test", "pass mail.kaisha.test", "pass reject dkim"},
		{"a@mail.kaisha.test", "", "", "fail quarantine"},
		{"a@none.kaisha.test", "", "", "fail none"},
		{"a@strict.test", "pass mail.strict.test", "fail strict.test", "fail none"},
		{"a@strict.test", "pass mail.strict.test", "pass strict.test", "pass none dkim"},
		{"a@nothing.test", "pass nothing.test", "", "none "},
		{"a@void.test", "pass void.test", "", "none "},
		{"a@kaisha.test", "temperror kaisha.test", "", "temperror reject"},
		{"a@kaisha.test", "temperror esp.test", "", "fail reject"},
		{"a@kaisha.test", "pass not..a name", "", "fail reject"},
		{"", "pass kaisha.test", "", "permerror "},
		{"a@kaisha.test, b@nothing.test", "pass kaisha.test", "", "none "},
		{"a@mail.kaisha.test, b@strict.test", "pass other.test", "", "fail quarantine"},
		{"a@kaisha.test, b@strict.test", "pass kaisha.test", "", "fail none"},
	} {
		e := Evaluate(context.Background(), newWorld(t, zone), Input{From: c.from, SPF: auth(c.spf), DKIM: auth(c.dkim)})
		got := e.Result + " " + string(e.Applied)
		if e.SPFAligned {
			got += " spf"
		}
		if e.DKIMAligned {
			got += " dkim"
		}
		if got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

func auth(s string) []AuthResult {
	var a AuthResult
	if s == "" {
		return nil
	}
	if _, err := fmt.Sscan(s, &a.Result); err == nil {
		a.Domain = s[len(a.Result)+1:]
	}
	return []AuthResult{a}
}

func TestEvaluateIgnorance(t *testing.T) {
	t.Parallel()
	zone := txt("_dmarc.kaisha.test", "v=DMARC1; p=reject")
	for _, c := range []struct{ fails, spf, want string }{
		{"_dmarc.kaisha.test", "pass kaisha.test", "temperror"},
		{"_dmarc.test", "pass kaisha.test", "pass"}, // the same domain needs no walk
		{"_dmarc.test", "pass mail.kaisha.test", "temperror"},
		{"_dmarc.test", "fail mail.kaisha.test", "fail"},
		{"_dmarc.mail.kaisha.test", "pass mail.kaisha.test", "temperror"},
	} {
		w := newWorld(t, zone)
		w.fail[c.fails+" TXT"] = resolve.KindTimeout
		e := Evaluate(context.Background(), w, Input{From: "a@kaisha.test", SPF: auth(c.spf)})
		if e.Result != c.want || (e.Err != nil) != (c.want == "temperror") {
			t.Errorf("%+v: %s, %v", c, e.Result, e.Err)
		}
	}
}

func TestDestinations(t *testing.T) {
	t.Parallel()
	zone := txt("_dmarc.kaisha.test",
		"v=DMARC1; p=none; rua=mailto:a@kaisha.test,mailto:b@in.kaisha.test,mailto:c@yes.test,mailto:d@any.test,mailto:e@no"+
			".test,mailto:f@gone.test,mailto:g@moved.test,https://x.test/; ruf=mailto:h@null.test") +
		"kaisha.test. MX 10 mx.kaisha.test.\nin.kaisha.test. A 192.0.2.1\nyes.test. MX 10 mx.yes.test.\nany.test. AAAA " +
		"2001:db8::1\nno.test. TXT x\nnull.test. MX 0 .\nmoved.test. MX 10 mx\n" +
		txt("kaisha.test._report._dmarc.yes.test", "v=DMARC1") + txt("*._report._dmarc.any.test", "v=DMARC1;") +
		txt("kaisha.test._report._dmarc.no.test", "v=DMARC2") + txt("kaisha.test._report._dmarc.moved.test",
		"v=DMARC1; rua=mailto:z@elsewhere.test")
	want := []string{"rua kaisha.test not needed yes", "rua in.kaisha.test not needed yes", "rua yes.test yes yes",
		"rua any.test yes yes", "rua no.test no no",
		"rua gone.test no no", "rua moved.test no yes", "ruf null.test no no"}
	r := newWorld(t, zone)
	list, cut := Discover(context.Background(), r, "kaisha.test").Destinations(context.Background(), r)
	if len(list) != len(want) || cut != 0 {
		t.Fatalf("%+v, %d", list, cut)
	}
	for i, d := range list {
		if got := d.Tag + " " + d.URI.Domain + " " + agreement(d) + " " + said(d.Receives); got != want[i] || d.Err != nil {
			t.Errorf("%s, want %s; %v", got, want[i], d.Err)
		}
	}
}

// said is an answer in a word.
func said(t codes.Tri) string {
	return map[codes.Tri]string{codes.Yes: "yes", codes.No: "no", codes.Unknown: "unknown"}[t]
}

// agreement is whether a destination agrees, in a word.
func agreement(d Destination) string {
	if !d.External {
		return "not needed"
	}
	return said(d.Authorised)
}

func TestDestinationIgnorance(t *testing.T) {
	t.Parallel()
	zone := txt("_dmarc.kaisha.test", "v=DMARC1; p=none; rua=mailto:a@far.test") + "far.test. TXT x\n"
	for q, want := range map[string]string{
		"kaisha.test._report._dmarc.far.test TXT": "unknown no", "far.test MX": "no unknown", "far.test A": "no unknown",
		"far.test AAAA": "no unknown",
	} {
		r := newWorld(t, zone)
		r.fail[q] = resolve.KindServFail
		list, _ := Discover(context.Background(), r, "kaisha.test").Destinations(context.Background(), r)
		if got := agreement(list[0]) + " " + said(list[0].Receives); got != want || list[0].Err == nil {
			t.Errorf("%s: %s, %v", q, got, list[0].Err)
		}
	}
}
