package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"go.yaml.in/yaml/v3"

	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/fix"
	"todoku/diag/resolve"
)

// nasty are texts that try to get out of a form.
func nasty() []string {
	return []string{"site-check=abc", `${file("/etc/passwd")} $${x} %{ if true }`, `"quoted" \back\slash\" \059`,
		"\x00\x01\x1b[31m\r\n$ORIGIN evil.test.\n\t#",
		"日本語\u2028\u0085\u202e", "\xff\xfe", strings.Repeat("long; ", 120), "; # : - [y] {z} *a &b !c |", "'", "---", "<!--", ""}
}

// hostilePlan is a plan whose sets hold nasty texts, asked for by a finding whose data are nasty.
func hostilePlan() *fix.Plan {
	rule := &diag.Rule{ID: "spf-none", Severity: diag.Fail, Says: codes.Text{EN: "it says {x}", JA: "内容: {x}"}, Owner: diag.OwnerDNS}
	x := strings.Join(nasty(), "\n") + "\nresource \"evil\" \"x\" {}\nevil.test. IN A 192.0.2.1\nevil: {}"
	f := []diag.Finding{{Rule: rule, Subject: "a.test", Data: codes.Data{codes.Str("x", x)}}}
	before := &diag.Report{Target: diag.Target{Kind: "domain", Name: "a.test", ASCII: "a.test"},
		Results: []diag.Result{{Check: &diag.Check{Name: "spf"}, Findings: f}}}
	return &fix.Plan{Before: before, After: before, Changes: []fix.Change{
		{Zone: "a.test", Name: "a.test", Type: "TXT", TTL: 300,
			Was: append(nasty(), "v=spf1 +all"), Values: append(nasty(), "v=spf1 -all"), Findings: f},
		{Zone: "a.test", Name: "a.test", Type: "MX", TTL: 600,
			Was: []string{"10 old.a.test."}, Values: []string{"10 mx1.a.test.", "20 mx2.a.test."}, Findings: f},
		{Zone: "a.test", Name: "_25._tcp.mx1.a.test", Type: "TLSA", TTL: 3600,
			Values: []string{"3 1 1 " + strings.Repeat("ab", 32)}, Findings: f},
		{Zone: "a.test", Name: "m-b.a.test", Type: "AAAA", TTL: 300, Values: []string{"2001:db8::2"}, Findings: f},
		{Zone: "a.test", Name: "m_b.a.test", Type: "AAAA", TTL: 300, Values: []string{"2001:db8::3"}, Findings: f},
		{Zone: "a.test", Name: "mail.a.test", Type: "AAAA", TTL: 3600, Values: []string{"2001:db8::1"}, Findings: f},
		{Zone: "a.test", Name: "_dmarc.a.test", Type: "TXT", TTL: 3600, Values: []string{"v=DMARC1; p=none"}, Findings: f},
		{Zone: "2.0.192.in-addr.arpa", Name: "7.2.0.192.in-addr.arpa", Type: "PTR", TTL: 300,
			Was: []string{"x.a.test."}, Values: []string{"mail.a.test."}, Findings: f},
	}}
}

func printed(t *testing.T, p *fix.Plan, as report.FixForm, f page.Format) string {
	t.Helper()
	form, err := report.Fixes.Form(f)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := form.Open(page.To(&b), page.Options{Lang: codes.English})
	if err := out.Put(report.Fix{Plan: p, As: as}); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// sets are record sets as one line each.
func setsOf(changes []fix.Change) []string {
	var out []string
	for _, c := range changes {
		out = append(out, line(c.Name, c.Type, c.TTL, c.Values))
	}
	slices.Sort(out)
	return out
}

func line(name, typ string, ttl uint32, values []string) string {
	return fmt.Sprintf("%s %s %d %q", strings.TrimSuffix(name, "."), typ, ttl, values)
}

func same(t *testing.T, got, want []string) {
	t.Helper()
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// inZone reads the record sets of a zone file that stand at the places of some changes.
func inZone(t *testing.T, text string, changes []fix.Change) []string {
	t.Helper()
	z, err := resolve.ParseZone(strings.NewReader(text), "f")
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	c, err := resolve.New(resolve.Options{Zones: []*resolve.Zone{z}, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var out []string
	for _, ch := range changes {
		types := map[string]resolve.Type{"TXT": resolve.TypeTXT, "MX": resolve.TypeMX, "TLSA": resolve.TypeTLSA,
			"AAAA": resolve.TypeAAAA, "PTR": resolve.TypePTR}
		a, err := c.Ask(t.Context(), ch.Name, types[ch.Type])
		if err != nil || len(a.Records) == 0 {
			t.Fatalf("%s %s: %v", ch.Name, ch.Type, err)
		}
		var values []string
		for _, r := range a.Records {
			switch ch.Type {
			case "MX":
				r.Text = fmt.Sprintf("%d %s.", r.Pref, r.Host)
			case "AAAA":
				r.Text = r.Addr.String()
			case "PTR":
				r.Text = r.Host + "."
			}
			values = append(values, r.Text)
		}
		out = append(out, line(ch.Name, ch.Type, a.Records[0].TTL, values))
	}
	if a, err := c.Ask(t.Context(), "evil.test", resolve.TypeA); err != nil || a.Status != resolve.NoName {
		t.Errorf("evil.test: %+v, %v", a, err)
	}
	return out
}

func TestZoneFormIsAZoneFile(t *testing.T) {
	t.Parallel()
	p := hostilePlan()
	same(t, inZone(t, printed(t, p, report.FixZone, page.TextFormat), p.Changes), setsOf(p.Changes))
}

// unquoted reads a value of Route 53: strings in quotes, with three octal digits behind a backslash.
func unquoted(t *testing.T, typ, s string) string {
	t.Helper()
	if typ != "TXT" {
		return s
	}
	var b strings.Builder
	in, n := false, 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			in, n = !in, 0
		case !in && s[i] != ' ':
			t.Fatalf("%q outside of quotes in %q", s[i], s)
		case !in:
		case s[i] == '\\' && i+3 < len(s) && s[i+1] >= '0' && s[i+1] <= '3':
			o, err := strconv.ParseUint(s[i+1:i+4], 8, 8)
			if err != nil {
				t.Fatal(err)
			}
			b.WriteByte(byte(o))
			i, n = i+3, n+1
		case s[i] == '\\':
			i, n = i+1, n+1
			b.WriteByte(s[i])
		case s[i] < 0x20 || s[i] >= 0x7f:
			t.Fatalf("octet %#x in %q", s[i], s)
		default:
			b.WriteByte(s[i])
			n++
		}
		if n > 255 {
			t.Fatalf("a string of more than 255 octets in %q", s)
		}
	}
	return b.String()
}

// ofDomain are the changes in the zone of the domain.
func ofDomain(p *fix.Plan) []fix.Change {
	return slices.DeleteFunc(slices.Clone(p.Changes), func(c fix.Change) bool { return c.Zone != "a.test" })
}

func TestRoute53FormIsAChangeBatch(t *testing.T) {
	t.Parallel()
	p := hostilePlan()
	var batch struct {
		Comment string
		Changes []struct {
			Action            string
			ResourceRecordSet struct {
				Name, Type      string
				TTL             uint32
				ResourceRecords []struct{ Value string }
			}
		}
	}
	d := json.NewDecoder(strings.NewReader(printed(t, p, report.FixRoute53, page.TextFormat)))
	d.DisallowUnknownFields()
	if err := d.Decode(&batch); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range batch.Changes {
		set := c.ResourceRecordSet
		var values []string
		for _, r := range set.ResourceRecords {
			values = append(values, unquoted(t, set.Type, r.Value))
		}
		if c.Action != "UPSERT" || !strings.HasSuffix(set.Name, ".") {
			t.Errorf("%+v", c)
		}
		got = append(got, line(set.Name, set.Type, set.TTL, values))
	}
	same(t, got, setsOf(ofDomain(p)))
	if len(batch.Comment) > 256 {
		t.Errorf("a comment of %d octets", len(batch.Comment))
	}
}

// TestCloudflareFormChangesWhatDiffers: records that stay are not touched; those that are replaced or go are named where
// their id belongs.
func TestCloudflareFormChangesWhatDiffers(t *testing.T) {
	t.Parallel()
	type record struct {
		ID, Name, Type string
		TTL            uint32
		Content        string
		Priority       *int
		Data           *struct {
			Usage, Selector, Matching_type int
			Certificate                    string
		}
	}
	var batch struct {
		Deletes     []struct{ ID string }
		Puts, Posts []record
	}
	p := hostilePlan()
	p.Changes[6].Was = []string{"v=DMARC1; p=x", "v=DMARC1; p=y"}
	d := json.NewDecoder(strings.NewReader(printed(t, p, report.FixCloudflare, page.TextFormat)))
	d.DisallowUnknownFields()
	if err := d.Decode(&batch); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range slices.Concat(batch.Puts, batch.Posts) {
		value := r.Content
		switch {
		case r.Type == "MX":
			value = fmt.Sprintf("%d %s.", *r.Priority, r.Content)
		case r.Data != nil:
			value = fmt.Sprintf("%d %d %d %s", r.Data.Usage, r.Data.Selector, r.Data.Matching_type, r.Data.Certificate)
		}
		got = append(got, fmt.Sprintf("%q %s. %s %s", r.ID, r.Name, r.Type, value))
	}
	for _, r := range batch.Deletes {
		got = append(got, "gone "+r.ID)
	}
	want := []string{
		`"" _25._tcp.mx1.a.test. TLSA 3 1 1 ` + strings.Repeat("ab", 32),
		`"" a.test. MX 20 mx2.a.test.`,
		`"" m-b.a.test. AAAA 2001:db8::2`,
		`"" m_b.a.test. AAAA 2001:db8::3`,
		`"" mail.a.test. AAAA 2001:db8::1`,
		`"<id of: _dmarc.a.test. 3600 IN TXT \"v=DMARC1; p=x\">" _dmarc.a.test. TXT "v=DMARC1; p=none"`,
		`"<id of: a.test. 300 IN TXT \"v=spf1 +all\">" a.test. TXT "v=spf1 -all"`,
		`"<id of: a.test. 600 IN MX 10 old.a.test.>" a.test. MX 10 mx1.a.test.`,
		`gone <id of: _dmarc.a.test. 3600 IN TXT "v=DMARC1; p=y">`,
	}
	same(t, got, want)
}

func TestTerraformFormIsResources(t *testing.T) {
	t.Parallel()
	p := hostilePlan()
	text := printed(t, p, report.FixTerraform, page.TextFormat)
	file, problems := hclsyntax.ParseConfig([]byte(text), "f.tf", hcl.InitialPos)
	if problems.HasErrors() {
		t.Fatalf("%v\n%s", problems, text)
	}
	zones := cty.MapVal(map[string]cty.Value{"a.test": cty.StringVal("a.test"), "2.0.192.in-addr.arpa": cty.StringVal("2.0.192.in-addr.arpa")})
	world := &hcl.EvalContext{Variables: map[string]cty.Value{"var": cty.ObjectVal(map[string]cty.Value{"zone_ids": zones})}}
	var got []string
	labels := map[string]bool{}
	for _, b := range file.Body.(*hclsyntax.Body).Blocks {
		if b.Type == "variable" {
			continue
		}
		if b.Type != "resource" || b.Labels[0] != "aws_route53_record" || labels[b.Labels[1]] {
			t.Fatalf("%s %q", b.Type, b.Labels)
		}
		labels[b.Labels[1]] = true
		value := func(name string) cty.Value {
			v, problems := b.Body.Attributes[name].Expr.Value(world)
			if problems.HasErrors() {
				t.Fatal(problems)
			}
			return v
		}
		typ := value("type").AsString()
		var values []string
		for _, v := range value("records").AsValueSlice() {
			s := v.AsString()
			if typ == "TXT" { // as the provider does
				s = `"` + s + `"`
			}
			values = append(values, unquoted(t, typ, s))
		}
		ttl, _ := value("ttl").AsBigFloat().Uint64()
		if !resolve.Within(value("name").AsString(), value("zone_id").AsString()) {
			t.Errorf("%s in %s", value("name").AsString(), value("zone_id").AsString())
		}
		got = append(got, line(value("name").AsString(), typ, uint32(ttl), values))
	}
	same(t, got, setsOf(p.Changes))
}

// octoDNSRecord is a record set of a YAML file of octoDNS.
type octoDNSRecord struct {
	TTL    uint32      `yaml:"ttl"`
	Type   string      `yaml:"type"`
	Values []yaml.Node `yaml:"values"`
}

func TestOctoDNSFormIsYAML(t *testing.T) {
	t.Parallel()
	p := hostilePlan()
	held := func(v string) bool {
		return !strings.ContainsFunc(v, func(r rune) bool { return r < 0x20 || r >= 0x7f || r == '"' || r == '\\' })
	}
	whole := printed(t, p, report.FixOctoDNS, page.TextFormat)
	if strings.Contains(whole, "- \"site-check") || !strings.Contains(whole, "# left out: a.test TXT: octoDNS takes texts of ASCII") {
		t.Errorf("a set that octoDNS cannot hold is not told:\n%s", whole)
	}
	for _, values := range []*[]string{&p.Changes[0].Was, &p.Changes[0].Values} {
		*values = slices.DeleteFunc(*values, func(v string) bool { return !held(v) })
	}
	d := yaml.NewDecoder(strings.NewReader(printed(t, p, report.FixOctoDNS, page.TextFormat)))
	d.KnownFields(true)
	var got []string
	for _, zone := range []string{"a.test", "2.0.192.in-addr.arpa"} {
		var names map[string][]octoDNSRecord
		if err := d.Decode(&names); err != nil {
			t.Fatal(err)
		}
		for name, sets := range names {
			for _, set := range sets {
				var values []string
				for _, v := range set.Values {
					values = append(values, octoDNSValue(t, set.Type, v))
				}
				got = append(got, line(strings.TrimPrefix(name+"."+zone, "."), set.Type, set.TTL, values))
			}
		}
	}
	if err := d.Decode(new(yaml.Node)); err != io.EOF {
		t.Errorf("a further document: %v", err)
	}
	same(t, got, setsOf(p.Changes))
}

func octoDNSValue(t *testing.T, typ string, v yaml.Node) string {
	t.Helper()
	var f struct {
		Exchange     string
		Preference   int
		Usage        int `yaml:"certificate_usage"`
		Selector     int
		MatchingType int    `yaml:"matching_type"`
		Data         string `yaml:"certificate_association_data"`
	}
	if v.Kind == yaml.MappingNode {
		if err := v.Decode(&f); err != nil {
			t.Fatal(err)
		}
	}
	switch typ {
	case "MX":
		return fmt.Sprintf("%d %s", f.Preference, f.Exchange)
	case "TLSA":
		return fmt.Sprintf("%d %d %d %s", f.Usage, f.Selector, f.MatchingType, f.Data)
	case "TXT":
		return strings.ReplaceAll(v.Value, `\;`, ";")
	}
	return v.Value
}

// TestFixFormsShowNothingHidden: whatever a record or a finding holds, no form has control characters or hidden ones.
func TestFixFormsShowNothingHidden(t *testing.T) {
	t.Parallel()
	for _, as := range report.FixForms() {
		for _, f := range report.Fixes.Formats() {
			for _, r := range printed(t, hostilePlan(), report.FixForm(as), f) {
				if r != '\n' && page.Hidden(r) || r == '\ufffd' && f == page.TextFormat {
					t.Errorf("%s, %s: %U", as, f, r)
					break
				}
			}
		}
	}
}
