package settings_test

import (
	"errors"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"todoku/cmd/settings"
	"todoku/codes"
	"todoku/diag"
)

// parsers are small ones: a word of more than one label is a domain, and so on.
func parsers() settings.Parsers {
	wrong := func(s string) error {
		return codes.Wrong(codes.Say(codes.Text{EN: "bad {v}", JA: "誤り {v}"}, codes.Quoted("v", s)), codes.Say(codes.Same("mend it")))
	}
	word := func(s string) error {
		if strings.ContainsAny(s, " !") {
			return wrong(s)
		}
		return nil
	}
	p := settings.Parsers{Values: map[string]func(string) error{}, Domain: func(s string) (diag.Target, error) {
		t, err := diag.DomainTarget(s)
		if err != nil || !strings.Contains(t.ASCII, ".") || strings.ContainsAny(s, " {[") {
			return t, wrong(s)
		}
		return t, nil
	}}
	for _, flag := range settings.DomainFlags() {
		p.Values[flag] = word
	}
	p.Values["ip"] = func(s string) error {
		if _, err := netip.ParseAddr(s); err != nil {
			return wrong(s)
		}
		return nil
	}
	return p
}

const whole = `# all that there is
resolver: [192.0.2.53, 192.0.2.54]
fail-on: fail
offline: true
domains:
  例え.test:
    selectors: &keys [s1, "s2, s3"]
    ips: 192.0.2.7
    includes: [_spf.esp.test]
    helo: out.example.test
    profile: gmail,docomo
    fail-on: warn
    only: [spf, dmarc]
    skip: [mx]
    ignore:
      - {rule: dmarc-policy-none, reason: " raised in March ", until: 2027-03-31, subject: _dmarc.例え.TEST.}
  plain.test:
  other.test: {selectors: *keys}
ignore:
  - rule: ttl-long
    reason: agreed with the DNS team
    until: "2027-01-31"
    domains: [Plain.test, 例え.test]
`

// read reads a file in which nothing is wrong.
func read(t *testing.T, text string) *settings.File {
	t.Helper()
	f, faults := settings.Parse("t.yaml", []byte(text), parsers())
	if len(faults) > 0 {
		t.Fatalf("%q: %+v", text, faults)
	}
	return f
}

// shown are the texts and the place of a value.
func shown(v settings.Value, there bool) string {
	if !there {
		return "none"
	}
	return strings.Join(append(v.Texts, v.Place), " ")
}

func TestValues(t *testing.T) {
	t.Parallel()
	f := read(t, whole)
	for flag, want := range map[string]string{"resolver": "192.0.2.53 192.0.2.54 t.yaml:2:1", "offline": "true t.yaml:4:1",
		"domains": "none"} {
		if got := shown(f.Flag(flag)); got != want {
			t.Errorf("%s: %s", flag, got)
		}
	}
	d := f.Domain("xn--r8jz45g.test")
	for flag, want := range map[string]string{"selector": "s1 s2 s3 t.yaml:7:5", "ip": "192.0.2.7 t.yaml:8:5",
		"require-include": "_spf.esp.test t.yaml:9:5", "helo": "out.example.test t.yaml:10:5", "profile": "gmail docomo t.yaml:11:5",
		"fail-on": "warn t.yaml:12:5", "only": "spf dmarc t.yaml:13:5", "skip": "mx t.yaml:14:5", "resolver": "none"} {
		if got := shown(d.Value(flag)); got != want {
			t.Errorf("%s: %s", flag, got)
		}
	}
	if v, _ := f.Domain("other.test").Value("selector"); len(v.Texts) != 3 {
		t.Errorf("through an alias: %+v", v)
	}
	if got := shown(f.Domain("nowhere.test").Value("ip")); got != "none" {
		t.Error("a domain that is not there has a value:", got)
	}
	if list := read(t, "domains: [a.test, b.test]"); len(f.Domains) != 3 || len(list.Domains) != 2 {
		t.Errorf("%+v, %+v", f.Domains, list.Domains)
	}
}

func TestExceptions(t *testing.T) {
	t.Parallel()
	want := []diag.Exception{
		{Rule: "dmarc-policy-none", Subject: "_dmarc.xn--r8jz45g.test", Domains: []string{"xn--r8jz45g.test"}, Reason: "raised in March",
			Until: "2027-03-31", Place: "t.yaml:16:9"},
		{Rule: "ttl-long", Domains: []string{"plain.test", "xn--r8jz45g.test"}, Reason: "agreed with the DNS team", Until: "2027-01-31",
			Place: "t.yaml:20:5"},
	}
	if got := read(t, whole).Exceptions; !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
}

// TestFaults: each is told with line and column, in both languages, with what to do; not only the first.
func TestFaults(t *testing.T) {
	t.Parallel()
	exception := func(s string) string { return "ignore:\n- {" + s + "}" }
	for text, places := range map[string]string{
		"a: b: c": "t.yaml", "- a": "t.yaml:1:1", "lang: en\n---\nlang: ja": "t.yaml:3:1",
		"lang: en\nlang: ja": "t.yaml:2:1", "? [a]\n: b": "t.yaml:1:3", "check: {a: b}": "t.yaml:1:1", "zone: [[a]]": "t.yaml:1:1",
		"domains: a.test":                                                                          "t.yaml:1:1",
		"domains: [[a.test]]":                                                                      "t.yaml:1:10",
		"domains: {nodot: }":                                                                       "t.yaml:1:11",
		"domains: {a.test: 5}":                                                                     "t.yaml:1:19",
		"domains: {a.test: , A.test: }":                                                            "t.yaml:1:21",
		"domains:\n  a.test:\n  a.test:":                                                           "t.yaml:3:3",
		"domains: {a.test: {selector: s1}}":                                                        "t.yaml:1:20",
		"domains: {a.test: {color: red}}":                                                          "t.yaml:1:20",
		"domains: {a.test: {ips: [192.0.2.7, 1.2.3, x]}}":                                          "t.yaml:1:37 t.yaml:1:44",
		"domains: {a.test: {ips: []}}":                                                             "t.yaml:1:25",
		"domains: {a.test: {ips: }}":                                                               "t.yaml:1:25",
		"domains: {a.test: {ips: {a: b}}}":                                                         "t.yaml:1:25",
		"domains: {a.test: {fail-on: [warn]}}":                                                     "t.yaml:1:29",
		"domains: {a.test: {selectors: s1._domainkey.b.test}}":                                     "t.yaml:1:31",
		"domains: {a.test: {ips: 1, ips: 192.0.2.7}}":                                              "t.yaml:1:25 t.yaml:1:28",
		"domains: {a.test: {ignore: {rule: spf-none}}}":                                            "t.yaml:1:28",
		"ignore: spf-none":                                                                         "t.yaml:1:9",
		"ignore: [spf-none]":                                                                       "t.yaml:1:10",
		exception("rule: spf-none, reason: r"):                                                     "t.yaml:2:3",
		exception("rule: spf-none, until: 2027-01-01"):                                             "t.yaml:2:3",
		exception("reason: r, until: 2027-01-01"):                                                  "t.yaml:2:3",
		exception("rule: spf-non, reason: r, until: 2027-01-01"):                                   "t.yaml:2:10",
		exception("rule: spf-none, reason: r, until: tomorrow"):                                    "t.yaml:2:38",
		exception("rule: spf-none, reason: r, until: 2027-02-30"):                                  "t.yaml:2:38",
		exception("rule: spf-none, reason: '', until: 2027-01-01"):                                 "t.yaml:2:28",
		exception("rule: [spf-none], reason: r, until: 2027-01-01"):                                "t.yaml:2:10",
		exception("rule: spf-none, reason: r, until: 2027-01-01, domains: [x]"):                    "t.yaml:2:60",
		exception("rule: spf-none, reason: r, until: 2027-01-01, untli: x"):                        "t.yaml:2:50",
		exception("rule: spf-none, until: 2027-01-01, reason: " + strings.Repeat("x", 501)):        "t.yaml:2:47",
		"domains: {a.test: {ignore: [{rule: spf-none, reason: r, until: 2027-01-01, domains: }]}}": "t.yaml:1:76",
		strings.Repeat("#", settings.MaxFile+1):                                                    "t.yaml",
		"only: &a [" + strings.Repeat("x,", 4000) + "x]\nb: *a\nc: *a\nd: *a\ne: *a\nf: *a":        "t.yaml",
		"only: &a [*a]": "t.yaml:1:1",
	} {
		_, faults := settings.Parse("t.yaml", []byte(text), parsers())
		var at []string
		for _, f := range faults {
			at = append(at, f.Place)
			if f.Says.JA == "" || f.Says.EN == "" || f.Remedy.EN == "" || f.Remedy.JA == "" || f.Unable || f.Warning {
				t.Errorf("%.80q: %+v", text, f)
			}
		}
		if strings.Join(at, " ") != places {
			t.Errorf("%.80q: %v, want %s", text, at, places)
		}
	}
}

// TestSlipsAreMended: a slip in a key or an id is answered with the right word.
func TestSlipsAreMended(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"domain: {a.test: }":                                            "did you mean domains?",
		"domains: {a.test: {selecters: s1}}":                            "did you mean selectors?",
		"domains: {a.test: {require-include: b.test}}":                  "did you mean includes?",
		"ignore: [{rule: spf-nune, reason: r, until: 2027-01-01}]":      "did you mean spf-none?",
		"ignore: [{rule: spf-none, resaon: r, until: 2027-01-01}]":      "did you mean reason?",
		"ignore: [{rule: xxxxxxxx, reason: r, until: 2027-01-01}]":      "lists all rules",
		"domains: {a.test: {ignore: [{rule: spf-none, reason: none}]}}": "add until",
	} {
		_, faults := settings.Parse("t.yaml", []byte(text), parsers())
		if len(faults) == 0 || !strings.Contains(faults[0].Remedy.In(codes.English), want) {
			t.Errorf("%s: %+v", text, faults)
		}
	}
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	text := "ignore:\n"
	for _, day := range []string{"2026-11-27", "2026-11-28", "2027-11-28", "2027-11-29"} {
		text += "- {rule: spf-none, reason: r, until: " + day + "}\n"
	}
	f, faults := settings.Parse("t.yaml", []byte(text), parsers())
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	var at []string
	for _, w := range f.Warnings(time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)) {
		at = append(at, w.Place)
		if !w.Warning || w.Remedy.JA == "" {
			t.Errorf("%+v", w)
		}
	}
	if strings.Join(at, " ") != "t.yaml:2:3 t.yaml:5:3" {
		t.Error(at)
	}
}

// TestNoFile: what is not there says nothing.
func TestNoFile(t *testing.T) {
	t.Parallel()
	var f *settings.File
	if _, ok := f.Flag("ip"); ok || f.Domain("a.test") != nil {
		t.Error("a file that is not there says something")
	}
	for _, text := range []string{"", "# nothing\n", "---\n", "null", "{}"} {
		if f, faults := settings.Parse("t.yaml", []byte(text), parsers()); len(faults) > 0 || len(f.Flags)+len(f.Domains)+len(f.Exceptions) > 0 {
			t.Errorf("%q: %+v, %+v", text, f, faults)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(whole)
	f.Add("a: &a [*a]\nb: {<<: *a}")
	f.Add("domains: {a.test: &x {ips: 192.0.2.7}, b.test: *x}\nignore: [{rule: spf-none, reason: \"\\x1b[31m\", until: 2027-01-01}]")
	f.Add("domains: {\"\\u202e.test\": {only: [~, 5, 0x10, true, 2027-01-01]}}")
	f.Fuzz(func(t *testing.T, text string) {
		file, faults := settings.Parse("f.yaml", []byte(text), parsers())
		for _, fault := range faults {
			var u *codes.UserError
			if !errors.As(error(&fault.UserError), &u) || u.Says.EN == "" || u.Remedy.JA == "" || !strings.HasPrefix(u.Place, "f.yaml") {
				t.Errorf("%q: %+v", text, fault)
			}
		}
		for _, e := range file.Exceptions {
			if _, err := time.Parse(diag.DateForm, e.Until); err != nil || e.Rule == "" || e.Reason == "" {
				t.Errorf("%q: %+v", text, e)
			}
		}
		for _, d := range file.Domains {
			if file.Domain(d.Target.ASCII) == nil || d.Target.ASCII == "" {
				t.Errorf("%q: %+v", text, d)
			}
		}
		file.Warnings(time.Unix(0, 0))
	})
}
