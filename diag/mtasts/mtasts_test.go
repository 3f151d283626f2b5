package mtasts_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"todoku/diag/mtasts"
)

// places writes faults as "kind@offset".
func places(faults []mtasts.Fault) string {
	var out []string
	for _, f := range faults {
		out = append(out, fmt.Sprintf("%s@%d", f.Kind, f.Offset))
	}
	return strings.Join(out, " ")
}

func TestRecordsAreReadWithTheirFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ txt, id, faults string }{
		{"v=STSv1; id=20260101T000000", "20260101T000000", ""},
		{"v=STSv1;id=1;", "1", ""},
		{"v=STSv1; id=1 ; ", "1", ""},
		{"v=STSv1;\tid=abcDEF123\t;", "abcDEF123", ""},
		{"v=STSv1; id=1; x-new=a.b", "1", "unknown-key@15"},
		{"v=STSv1; x_y=1; id=1", "1", "unknown-key@9"},
		{"v=STSv1; id=1; id=2", "1", "duplicate@15"},
		{"v=STSv1;", "", "missing-key@8"},
		{"v=STSv1", "", "version@0 missing-key@7"},
		{"v=STSv1 ; id=1", "1", "version@0"},
		{" v=STSv1; id=1", "1", "version@0"},
		{"v=stsv1; id=1", "1", "version@0"},
		{"V=STSv1; id=1", "1", "version@0"},
		{"v=STSv2; id=1", "1", "version@0"},
		{"v=STSv1 id=1", "1", "version@0"},
		{"id=1; v=STSv1;", "", "version@0 duplicate@6 missing-key@14"},
		{"v=STSv1; id=", "", "value@12"},
		{"v=STSv1; id=2026-01-01", "", "value@16"},
		{"v=STSv1; id=" + strings.Repeat("1", 32), strings.Repeat("1", 32), ""},
		{"v=STSv1; id=" + strings.Repeat("1", 33), "", "value@44"},
		{`v=STSv1; id="1"`, "", "value@12"},
		{"v=STSv1; ID=1", "", "key@9"},
		{"v=STSv1; id = 1", "", "key@9"},
		{"v=STSv1;; id=1", "1", "empty-field@8"},
		{"v=STSv1; id=1; word", "1", "no-value@15"},
		{"v=STSv1; id=1; a=b=c", "1", "value@17"},
		{"v=STSv1; id=1; -a=b", "1", "key@15"},
		{"v=STSv1; id=1; a=", "1", "value@17"},
		{"v=STSv1; id=é", "", "value@12"},
	} {
		rec, faults := mtasts.ParseRecord(c.txt)
		if rec.ID != c.id || places(faults) != c.faults {
			t.Errorf("%q: id %q, %s; want %q, %s", c.txt, rec.ID, places(faults), c.id, c.faults)
		}
	}
}

func TestTextsMeantAsRecordsAreTold(t *testing.T) {
	t.Parallel()
	for txt, want := range map[string]bool{
		"v=stsv1; id=1": true, `"v=STSv1; id=1"`: true, "v=STSv1": true, "id=1; v=STSv1": true, "v=STS1; id=1": true, "v = STSv1; id=1": true,
		"v=STSv1; id=1": false, "v=spf1 -all": false, "v=TLSRPTv1; rua=mailto:a@x.test": false, "": false,
	} {
		if mtasts.Meant(txt) != want {
			t.Errorf("%q: %v", txt, !want)
		}
	}
}

var then = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func TestMendedRecordsKeepWhatCanBeRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		texts []string
		want  string
	}{
		{[]string{"v=STSv1; id=2026-01-01T00:00"}, "v=STSv1; id=20260101T0000;"},
		{[]string{"v=STSv1 id=7"}, "v=STSv1; id=7;"},
		{[]string{"v=STSv1; x=y"}, "v=STSv1; id=20260102T030405Z; x=y;"},
		{[]string{"v=STSv1; id=20250101; x=y", "v=STSv1; id=20260101; x=z"}, "v=STSv1; id=20260101; x=y; x=z;"},
		{[]string{"v=STSv1; ID=5"}, "v=STSv1; id=5;"},
		{[]string{"v=STSv1; id=" + strings.Repeat("9", 40)}, "v=STSv1; id=" + strings.Repeat("9", 32) + ";"},
	} {
		got := mtasts.Mend(then, c.texts...).String()
		if _, faults := mtasts.ParseRecord(got); got != c.want || mtasts.Broken(faults) {
			t.Errorf("%q: %q, %s; want %q", c.texts, got, places(faults), c.want)
		}
	}
}

// text is a policy of lines.
func text(lines ...string) string { return strings.Join(lines, "\r\n") + "\r\n" }

const v, e, age = "version: STSv1", "mode: enforce", "max_age: 604800"

func TestPoliciesAreReadWithTheirFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ body, faults string }{
		"all lines":                 {text(v, e, "mx: mail.example.test", "mx: *.example.test", age), ""},
		"line feeds alone":          {strings.ReplaceAll(text(v, e, "mx: a.test", age), "\r\n", "\n"), ""},
		"no end of the last line":   {strings.TrimSpace(text(v, e, "mx: a.test", age)), ""},
		"no blank behind the colon": {text("version:STSv1", "mode:testing", "mx:a.test", "max_age:0"), ""},
		"blanks at the end":         {text(v+"  ", e+"\t", "mx: a.test ", age), ""},
		"another order":             {text(age, "mx: a.test", e, v), ""},
		"none without mx":           {text(v, "mode: none", age), ""},
		"longest age":               {text(v, e, "mx: a.test", "max_age: 31557600"), ""},
		"another key":               {text(v, e, "mx: a.test", age, "new-key: ü"), "unknown-key@5"},
		"blank line":                {text(v, "", e, "mx: a.test", age), "blank-line@2"},
		"a key twice":               {text(v, e, "mode: none", "mx: a.test", age), "duplicate@3"},
		"no version":                {text(e, "mx: a.test", age), "missing-key@3"},
		"no mode":                   {text(v, "mx: a.test", age), "missing-key@3"},
		"no mx":                     {text(v, e, age), "missing-key@3"},
		"no max_age":                {text(v, e, "mx: a.test"), "missing-key@3"},
		"another version":           {text("version: STSv2", e, "mx: a.test", age), "value@1"},
		"version in lower case":     {text("version: stsv1", e, "mx: a.test", age), "value@1"},
		"another mode":              {text(v, "mode: report", "mx: a.test", age), "value@2"},
		"mode with a capital":       {text(v, "mode: Enforce", "mx: a.test", age), "value@2"},
		"key with a capital":        {text("Version: STSv1", e, "mx: a.test", age), "key@1"},
		"blank before the colon":    {text(v, "mode : enforce", "mx: a.test", age), "key@2"},
		"blank before the key":      {text(v, " mode: enforce", "mx: a.test", age), "key@2"},
		"equals for the colon":      {text("version=STSv1", e, "mx: a.test", age), "no-value@1 missing-key@4"},
		"max_age of a word":         {text(v, e, "mx: a.test", "max_age: 7d"), "value@4"},
		"max_age too long":          {text(v, e, "mx: a.test", "max_age: 31557601"), "value@4"},
		"max_age of 11 digits":      {text(v, e, "mx: a.test", "max_age: 00000000001"), "value@4"},
		"negative max_age":          {text(v, e, "mx: a.test", "max_age: -1"), "value@4"},
		"empty max_age":             {text(v, e, "mx: a.test", "max_age:"), "value@4"},
		"mx with a final dot":       {text(v, e, "mx: a.test.", age), "mx@3"},
		"mx list":                   {text(v, e, "mx: a.test, b.test", age), "mx@3"},
		"mx star alone":             {text(v, e, "mx: *", age), "mx@3"},
		"mx star in the middle":     {text(v, e, "mx: a.*.test", age), "mx@3"},
		"mx star in a label":        {text(v, e, "mx: mx*.a.test", age), "mx@3"},
		"mx with a dot before":      {text(v, e, "mx: .a.test", age), "mx@3"},
		"mx in another script":      {text(v, e, "mx: 例え.test", age), "mx@3"},
		"empty mx":                  {text(v, e, "mx:", age), "mx@3"},
		"byte order mark":           {"\ufeff" + text(v, e, "mx: a.test", age), "byte-order-mark@1"},
		"carriage returns alone": {"version: STSv1\rmode: enforce\rmx: a.test\r" + age,
			"line-end@1 missing-key@1 missing-key@1 missing-key@1"},
		"octets that are not UTF-8":  {text(v, e, "mx: a.test", age, "x: \xff"), "character@5"},
		"control characters":         {text(v, e, "mx: a.test", age, "x: \x1b[2J"), "character@5"},
		"nothing":                    {"", "no-policy@1"},
		"a web page":                 {"<!doctype html>\n<html><head>\n<style>a{color:red}</style>\n", "no-policy@1"},
		"the record in place of it":  {"v=STSv1; id=1;\n", "no-policy@1"},
		"a key without a value":      {text(v, e, "mx: a.test", age, "x:"), "value@5"},
		"all on one line":            {"version: STSv1 mode: enforce mx: a.test max_age: 1", "value@1 missing-key@1 missing-key@1 missing-key@1"},
		"several faults in one body": {text("version: 1", "Mode: x", "mx: -a.test"), "value@1 key@2 mx@3 missing-key@3"},
	} {
		policy, faults := mtasts.ParsePolicy(c.body)
		var got []string
		for _, f := range faults {
			got = append(got, fmt.Sprintf("%s@%d", f.Kind, f.Line))
			if f.Offset < 0 || f.Offset > len(c.body) {
				t.Errorf("%s: offset %d of %d", name, f.Offset, len(c.body))
			}
		}
		if strings.Join(got, " ") != c.faults {
			t.Errorf("%s: %s; want %s", name, got, c.faults)
		}
		hosts := len(policy.MX) > 0 || policy.Mode == mtasts.None
		if whole := policy.Version && policy.Mode != "" && policy.Lasts && hosts; !whole && !mtasts.Broken(faults) {
			t.Errorf("%s: %+v has no fault", name, policy)
		}
	}
}

// TestPatternsCoverHosts has the examples of RFC 8461 §4.1.
func TestPatternsCoverHosts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pattern, host string
		want          bool
	}{
		{"mail.example.com", "mail.example.com", true},
		{"Mail.Example.COM", "mAIL.example.com.", true},
		{"mail.example.com", "a.mail.example.com", false},
		{"*.example.com", "mail.example.com", true},
		{"*.example.com", "example.com", false},
		{"*.example.com", "foo.bar.example.com", false},
		{"*.example.com", "mail.example.com.evil.test", false},
		{"*.example.com", ".example.com", false},
		{"*.example.com", "mailexample.com", false},
	} {
		p, ok := mtasts.ParsePattern(c.pattern)
		if !ok || p.Covers(c.host) != c.want {
			t.Errorf("%s and %s: %v, %v", c.pattern, c.host, ok, !c.want)
		}
	}
}

func TestMendedPoliciesKeepWhatCanBeRead(t *testing.T) {
	t.Parallel()
	hosts := []string{"mx1.a.test", "mx2.b.test"}
	for name, c := range map[string]struct{ body, want string }{
		"nothing": {"", "version: STSv1|mode: testing|mx: mx1.a.test|mx: mx2.b.test|max_age: 604800"},
		"one host": {text(v, e, "mx: mx1.a.test", "max_age: 86400"),
			"version: STSv1|mode: enforce|mx: mx1.a.test|mx: mx2.b.test|max_age: 86400"},
		"a wildcard": {text(v, e, "mx: *.a.test", age),
			"version: STSv1|mode: enforce|mx: *.a.test|mx: mx2.b.test|" + age},
		"a final dot": {text(v, e, "mx: mx2.b.test.", "mx: *.a.test", age),
			"version: STSv1|mode: enforce|mx: *.a.test|mx: mx2.b.test|" + age},
		"a list": {text(v, "mode: Enforce", "mx: mx1.a.test, old.a.test", "max_age: 99999999"),
			"version: STSv1|mode: enforce|mx: mx1.a.test|mx: old.a.test|mx: mx2.b.test|max_age: 31557600"},
		"other keys": {text(v, "Mode: none", "new: x", "max_age: 1w"),
			"version: STSv1|mode: none|mx: mx1.a.test|mx: mx2.b.test|max_age: 604800|new: x"},
		"max_age of 0": {text(v, e, "mx: *.a.test", "mx: *.b.test", "max_age: 0"),
			"version: STSv1|mode: enforce|mx: *.a.test|mx: *.b.test|max_age: 0"},
		"another key 2": {text(v, e, "mx: .a.test", "mx: *.b.test", age, "z: 1"),
			"version: STSv1|mode: enforce|mx: *.b.test|mx: *.a.test|" + age + "|z: 1"},
	} {
		got := mtasts.MendPolicy(c.body, hosts)
		if lines := strings.Join(got.Lines(), "|"); lines != c.want {
			t.Errorf("%s: %s; want %s", name, lines, c.want)
		}
		sound(t, got, hosts)
	}
}

// sound demands that a policy reads as it was written and covers some hosts.
func sound(t *testing.T, p mtasts.Policy, hosts []string) {
	t.Helper()
	again, faults := mtasts.ParsePolicy(p.String())
	if mtasts.Broken(faults) || !slices.Equal(again.Lines(), p.Lines()) {
		t.Errorf("%q has faults: %s", p.String(), places(faults))
	}
	for _, h := range hosts {
		if _, ok := again.Covers(h); !ok {
			t.Errorf("%q does not cover %s", p.String(), h)
		}
	}
}

func FuzzParseRecord(f *testing.F) {
	for _, s := range []string{"v=STSv1; id=1; x=y;", "v=STSv1 id=1;;", " V = stsv1; ID=é\xff", "id=1; v=STSv1;"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		_, faults := mtasts.ParseRecord(s)
		broken := false
		for _, x := range faults {
			broken = broken || x.Kind == mtasts.BadVersion
			if x.Offset < 0 || x.Offset > len(s) {
				t.Errorf("offset %d in %d", x.Offset, len(s))
			}
		}
		if broken == mtasts.IsRecord(s) {
			t.Errorf("version fault: %v", broken)
		}
		mended := mtasts.Mend(then, s)
		again, faults := mtasts.ParseRecord(mended.String())
		if mtasts.Broken(faults) || again.ID != mended.ID {
			t.Errorf("%q becomes %q: %s", s, mended.String(), places(faults))
		}
	})
}

func FuzzParsePolicy(f *testing.F) {
	for _, s := range []string{text(v, e, "mx: *.a.test", age, "x: y"), "\ufeffmode: none\r\r\n\n",
		"Mode : X\nmx: a,b.\xff\nmax_age: 99999999999", "<html>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		policy, faults := mtasts.ParsePolicy(s)
		for _, x := range faults {
			if x.Offset < 0 || x.Offset > len(s) || x.Line < 1 {
				t.Errorf("offset %d in %d, line %d", x.Offset, len(s), x.Line)
			}
		}
		if !mtasts.Broken(faults) && !slices.Equal(mtasts.MendPolicy(s, nil).Lines(), policy.Lines()) {
			t.Errorf("%q has no fault and is mended", s)
		}
		sound(t, mtasts.MendPolicy(s, []string{"mx1.a.test"}), []string{"mx1.a.test"})
	})
}
