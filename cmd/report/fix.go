package report

import (
	"slices"
	"strings"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/fix"
	"todoku/diag/resolve"
)

// Fix is the records that mend a domain, and the form that they are wanted in.
type Fix struct {
	*fix.Plan
	As FixForm
}

// FixForm is a form of records: one of FixForms.
type FixForm string

// The forms of records.
const (
	FixZone       FixForm = "zone"       // lines of a zone file (RFC 1035 §5)
	FixTerraform  FixForm = "terraform"  // resources aws_route53_record
	FixRoute53    FixForm = "route53"    // the body of ChangeResourceRecordSets
	FixCloudflare FixForm = "cloudflare" // the body of a batch of DNS records
	FixOctoDNS    FixForm = "octodns"    // zone files of the YamlProvider
)

// FixForms lists the forms, the default first.
func FixForms() []string {
	return []string{string(FixZone), string(FixTerraform), string(FixRoute53), string(FixCloudflare), string(FixOctoDNS)}
}

// Comments reports whether the form has comments: else what is to be said has to be said elsewhere.
func (f FixForm) Comments() bool { return f != FixRoute53 && f != FixCloudflare }

// recordsText prints records in their form.
func recordsText(w *page.Out, o Options, f Fix) error { return w.Lines(f.document(o.Lang)) }

// document is the records in their form.
func (f Fix) document(l codes.Lang) string {
	switch f.As {
	case FixTerraform:
		return fixTerraform(f, l)
	case FixRoute53:
		return fixRoute53(f, l)
	case FixCloudflare:
		return fixCloudflare(f)
	case FixOctoDNS:
		return fixOctoDNS(f, l)
	}
	return fixZone(f, l)
}

// commented writes lines as comments.
func commented(b *strings.Builder, mark string, lines ...string) {
	for _, line := range lines {
		b.WriteString(strings.TrimRight(mark+" "+page.Clean(strings.ReplaceAll(line, "\n", " ")), " ") + "\n")
	}
}

// fixHead says what the records are.
func fixHead(f Fix, l codes.Lang) string {
	m := codes.Say(codes.Text{EN: "{domain}: {n} record sets to change", JA: "{domain}: 変更するレコードセットは{n}件です"},
		codes.Str("domain", f.Before.Target.Name), codes.Num("n", len(f.Changes)))
	switch len(f.Changes) {
	case 0:
		m.Text = codes.Text{EN: "{domain}: no record to change", JA: "{domain}: 変更するレコードはありません"}
	case 1:
		m.Text = codes.Text{EN: "{domain}: one record set to change", JA: "{domain}: 変更するレコードセットは1件です"}
	}
	return page.Message(m, l)
}

// fixReasons says why a record set is changed, and what to mind: two lines for each finding, and who can change it.
func fixReasons(c fix.Change, l codes.Lang) []string {
	var out []string
	if c.Advice() {
		out = append(out, codes.Text{EN: "optional: nothing is wrong without it", JA: "任意(設定しなくても問題はありません)"}.In(l))
	}
	for _, f := range c.Findings {
		line := f.Rule.ID + ": " + fill(f.Rule.Says, f.Data, l)
		if owner := f.Advice().Owner; owner != diag.OwnerDNS {
			line += codes.Text{EN: " (", JA: "("}.In(l) + OwnerName(owner).In(l) + codes.Text{EN: ")", JA: ")"}.In(l)
		}
		if !slices.Contains(out, line) {
			out = append(out, line, "  "+fill(f.Advice().Fix, f.Data, l))
		}
	}
	return out
}

// zones lists the zones of the changes in their order, that of the domain first.
func (f Fix) zones() []string {
	var out []string
	for _, c := range f.Changes {
		if !slices.Contains(out, c.Zone) {
			out = append(out, c.Zone)
		}
	}
	own := slices.IndexFunc(out, func(zone string) bool { return resolve.Within(f.Before.Target.ASCII, zone) })
	if own > 0 {
		first := out[own]
		out = append([]string{first}, slices.Delete(out, own, own+1)...)
	}
	return out
}

// in lists the changes of a zone.
func (f Fix) in(zone string) []fix.Change {
	return slices.DeleteFunc(slices.Clone(f.Changes), func(c fix.Change) bool { return c.Zone != zone })
}

// first lists the changes of the first zone: some forms are for one zone.
func (f Fix) first() []fix.Change {
	if zones := f.zones(); len(zones) > 0 {
		return f.in(zones[0])
	}
	return nil
}
