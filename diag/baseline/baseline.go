// Package baseline compares a report with what was known before: which findings are new, which have changed, which are gone.
//
//	b, err := baseline.Read(file, name)
//	b.Apply(report)                // leaves what is new or changed
//	b.Learn(report); b.Write(file) // before Apply: what is known from now on
//	w := baseline.Compare(before, after) // what becomes of each finding
//
// A finding is the same as before where target, rule and subject are the same. A record can break one rule in several places:
// each of them is known by what it said. One is gone only where its check looked now and
// could see everything: what could not be looked at stays as it was.
package baseline

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"todoku/diag"
)

// Schema is the name of the form of a file.
const Schema = "todoku/baseline/1"

// Baseline is what was known of some targets.
type Baseline struct {
	targets map[string][]Known
}

// Known is a finding that was known.
type Known struct {
	Check   string `json:"check"`
	Rule    string `json:"rule"`
	Subject string `json:"subject"`
	Data    string `json:"data"` // a digest of what it said
}

// New makes an empty baseline: everything is new to it.
func New() *Baseline { return &Baseline{targets: map[string][]Known{}} }

// Clone is a copy that learns apart.
func (b *Baseline) Clone() *Baseline { return &Baseline{targets: maps.Clone(b.targets)} }

// Apply compares a report with what was known of its target, and leaves in it what is new or changed: Since tells the rest.
func (b *Baseline) Apply(r *diag.Report) {
	since := &diag.Since{Mended: []diag.Gone{}}
	before := b.targets[targetOf(r)]
	for _, k := range before {
		if gone(k, r) {
			since.Mended = append(since.Mended, diag.Gone{Check: k.Check, Rule: k.Rule, Subject: k.Subject})
		}
	}
	for i := range r.Results {
		res := &r.Results[i]
		var left []diag.Finding
		for _, f := range res.Findings {
			switch KnownOf(res.Check, f).turn(before) {
			case diag.TurnSame:
				since.Same++
				continue
			case diag.TurnChanged:
				since.Changed++
			default:
				since.New++
			}
			left = append(left, f)
		}
		res.Findings = left
	}
	r.Since = since
}

// turn is what became of a finding, seen from what was known before.
func (k Known) turn(before []Known) diag.Turn {
	switch {
	case slices.Contains(before, k):
		return diag.TurnSame
	case slices.ContainsFunc(before, func(b Known) bool { return b.ID() == k.ID() }):
		return diag.TurnChanged
	}
	return diag.TurnNew
}

// gone reports whether a known finding is not there any more, for certain.
func gone(k Known, r *diag.Report) bool {
	return Looked(k, r) && !slices.ContainsFunc(findings(r), func(f Known) bool { return f.ID() == k.ID() })
}

// Looked reports whether the check of a known finding ran and could see whether it is there.
func Looked(k Known, r *diag.Report) bool {
	return slices.ContainsFunc(r.Results, func(res diag.Result) bool {
		partly, may := res.Facts.(diag.Unseen)
		return res.Check.Name == k.Check && res.Err == nil && !(may && partly.Unseen(k.Rule, k.Subject))
	})
}

// findings are the findings of a report as they are remembered.
func findings(r *diag.Report) (out []Known) {
	for _, res := range r.Results {
		for _, f := range res.Findings {
			out = append(out, KnownOf(res.Check, f))
		}
	}
	return out
}

// Learn takes over what a report says. What its checks could not look at stays as it was known.
func (b *Baseline) Learn(r *diag.Report) {
	now := findings(r)
	for _, k := range b.targets[targetOf(r)] {
		if !Looked(k, r) && !slices.Contains(now, k) {
			now = append(now, k)
		}
	}
	slices.SortFunc(now, func(a, b Known) int { return cmp.Or(cmp.Compare(a.ID(), b.ID()), cmp.Compare(a.Data, b.Data)) })
	b.targets[targetOf(r)] = slices.Compact(now)
}

// targetOf is the name under which a target is known.
func targetOf(r *diag.Report) string { return strings.ToLower(cmp.Or(r.Target.Name, r.Target.ASCII)) }

// ID is the same for the findings of one rule about one subject.
func (k Known) ID() string { return k.Check + "\x00" + k.Rule + "\x00" + k.Subject }

// KnownOf is a finding of a check as it is remembered.
func KnownOf(c *diag.Check, f diag.Finding) Known {
	return Known{Check: c.Name, Rule: f.Rule.ID, Subject: strings.ToLower(f.Subject), Data: digest(f)}
}

// digest is the same where a finding says the same. Words and times of servers differ from visit to visit, and so they do not
// count; neither does the order of a list, nor do records that are offered.
func digest(f diag.Finding) string {
	var parts []string
	for _, d := range f.Data {
		if !fleeting(d.Key) {
			parts = append(parts, d.Key+"="+d.Unordered())
		}
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:8])
}

// fleeting reports whether a value differs from look to look although nothing has changed.
func fleeting(key string) bool {
	switch key {
	case "reply", "says", "greeting", "problem", "days", "hours", "minutes", "seconds", "ms", "elapsed", "server", "error":
		return true
	}
	return false
}
