package campaign_test

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/japanese"

	"todoku/diag"
	"todoku/diag/campaign"
	"todoku/diag/lab"
	"todoku/diag/world"
)

// addressesOf reads a list: "line address", joined.
func addressesOf(t *testing.T, text string) string {
	t.Helper()
	var out []string
	for l, err := range campaign.Addresses(strings.NewReader(text)) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprintf("%d %s", l.Number, l.Address))
	}
	return strings.Join(out, "|")
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	sjis, err := japanese.ShiftJIS.NewEncoder().String("氏名,メールアドレス\n山田,a@b.test\n")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"":                              "",
		"a@b.test\n\n# no\nc@d.test":    "1 a@b.test|4 c@d.test",
		"\ufeffemail\r\na@b.test\r\n":   "2 a@b.test",
		"name,E-Mail\nX,a@b.test\nY,\n": "2 a@b.test|3 ",
		"Taro,a@b.test,x@y.test\nJiro,c@d.test,z@y.test":    "1 a@b.test|2 c@d.test",
		"name;mail\n\"A; \"\"B\"\"\";<a@b.test>":            "2 a@b.test",
		"mail,note\na@b.test,\"two\nlines\"\nc@d.test,x":    "2 a@b.test|4 c@d.test",
		"size,mail\n5\",a@b.test\nx,c@d.test\n6\",e@f.test": "2 a@b.test|3 c@d.test|4 e@f.test",
		"mail,note\na@b.test, \"x\"\"\ny\" \nc@d.test,x":    "2 a@b.test|4 c@d.test",
		"id\tname\n1\tTaro <a@b.test>":                      "2 a@b.test",
		sjis:                                                "2 a@b.test",
		"no address\na@b.test":                              "2 a@b.test",
		"a@b.test\nno address":                              "1 a@b.test|2 no address",
	} {
		if got := addressesOf(t, text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	if got := addressesOf(t, "a@b.test\n"+strings.Repeat("x", 1<<20)+"\nc@d.test"); !strings.HasSuffix(got, "|3 c@d.test") {
		t.Errorf("behind a long line: %.40s", got)
	}
	for text, line := range map[string]int{"name,mail\n\"" + strings.Repeat("\n", 8<<20): 2,
		"name,mail\nA,a@b.test\n\n\"Taro,c@d.test\nJiro,e@f.test": 4,
		"name,mail\nA,\"a@b.test":                                 2} {
		var last error
		for _, err := range campaign.Addresses(strings.NewReader(text)) {
			last = err
		}
		var open *campaign.OpenQuote
		if !errors.As(last, &open) || open.Line != line {
			t.Errorf("%.40q: %v, want line %d", text, last, line)
		}
	}
	broken := io.MultiReader(strings.NewReader("a@b.test\n"), brokenReader{})
	var last error
	for _, err := range campaign.Addresses(broken) {
		last = err
	}
	if !errors.Is(last, errBroken) {
		t.Errorf("%v", last)
	}
}

var errBroken = errors.New("input/output error")

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errBroken }

func FuzzAddresses(f *testing.F) {
	for _, seed := range []string{"a@b.test", "name,mail\n\"x", "\x93\xfa,a@b\n", "a;b\n;;\"\"\"\n", "\ufeff\r\r\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, last := 0, 0
		for l, err := range campaign.Addresses(strings.NewReader(text)) {
			if open := new(campaign.OpenQuote); errors.As(err, &open) && open.Line >= last {
				return
			}
			if n++; err != nil || l.Number < last {
				t.Fatalf("%v at line %d behind %d", err, l.Number, last)
			}
			last = l.Number
		}
		if n > strings.Count(text, "\n")+1 {
			t.Errorf("%d recipients in %d lines", n, strings.Count(text, "\n")+1)
		}
	})
}

func list(addresses ...string) iter.Seq2[campaign.Line, error] {
	return func(yield func(campaign.Line, error) bool) {
		for i, a := range addresses {
			if !yield(campaign.Line{Address: a, Number: i + 1}, nil) {
				return
			}
		}
	}
}

func TestCensus(t *testing.T) {
	t.Parallel()
	w, err := world.Open(t.Context(), world.Options{Lab: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	c, err := campaign.Count(t.Context(), w.Run(), list("taro@gmail.com", "Taro@Gmail.com", "hanako@gmeil.com", "none",
		"a b@gmail.com", "x@localhost",
		"info@kaisha.test", "x@nowhere.test", "x@null-mx.test", "x@no-mx.test", "x@lame.test", "old@gmail.com",
		"a..b.@docomo.ne.jp", "x@implicit-mx.test",
		"user@例え.test"),
		nil, campaign.CountOptions{Invalid: func(a string) bool { return a == "old@gmail.com" }})
	if err != nil {
		t.Fatal(err)
	}
	want := map[campaign.Fault]int{campaign.FaultSyntax: 3, campaign.FaultDuplicate: 1, campaign.FaultInvalid: 1, campaign.FaultNoDomain: 1,
		campaign.FaultNullMX: 1, campaign.FaultNoMX: 1, campaign.FaultUnknown: 1, campaign.FaultTypo: 1, campaign.FaultRole: 1}
	for _, f := range campaign.Faults() {
		if got := c.Suspected(f); got != want[f] {
			t.Errorf("%s: %d, want %d", f, got, want[f])
		}
	}
	if c.Total != 15 || c.Usable != 7 || c.Err == nil {
		t.Errorf("%d recipients, %d usable, %v", c.Total, c.Usable, c.Err)
	}
	var shares []string
	for _, s := range c.Shares {
		shares = append(shares, fmt.Sprintf("%s %d", s.Provider, s.Count))
	}
	slices.Sort(shares)
	if got := strings.Join(shares, ", "); got != " 4, docomo 1, gmail 1" {
		t.Errorf("shares: %s", got)
	}
	for _, s := range c.Suspects {
		if s.Fault == campaign.FaultTypo && (s.Examples[0].Meant != "gmail.com" || s.Examples[0].Line != 3) {
			t.Errorf("%+v", s)
		}
	}
}

// TestProviderByMX: the MX of now decides, not what the domain is called; one question is asked for each domain.
func TestProviderByMX(t *testing.T) {
	t.Parallel()
	zone, err := lab.ParseWorld(strings.NewReader("$ORIGIN .\natt.net. MX 1 al.yahoodns.net.\nkaisha.test. MX 1 aspmx.l.google.com.\n"), "w")
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.Start(t.Context(), zone, lab.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	w, err := world.Open(t.Context(), world.Options{Servers: []string{l.DNSAddr()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	counts := []campaign.DomainCount{{Domain: "att.net", N: 3}, {Domain: "kaisha.test", N: 2}}
	c, err := campaign.Count(t.Context(), w.Run(), nobody, counts, campaign.CountOptions{})
	if err != nil || len(c.Shares) != 2 || c.Shares[0].Provider != "yahoo" || c.Shares[1].Provider != "gmail" {
		t.Errorf("%+v, %v", c, err)
	}
}

// TestNobodyIsLeft: where no recipient can get mail, that is wrong, whatever the sender has.
func TestNobodyIsLeft(t *testing.T) {
	t.Parallel()
	w := staged(t)
	c, err := campaign.Count(t.Context(), w.Run(), list("none", "x@no-such.kaisha.test"), nil, campaign.CountOptions{})
	if err != nil || c.Total != 2 || c.Usable != 0 {
		t.Fatalf("%+v, %v", c, err)
	}
	a := &campaign.Assessment{Census: c}
	if a.Status() != diag.Fail {
		t.Errorf("%s", a.Status())
	}
}

func nobody(func(campaign.Line, error) bool) {}
