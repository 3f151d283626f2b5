package report

import (
	"fmt"
	"slices"
	"strings"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/guide"
)

// What the steps of a diagnosis say, for every format in which people read
// them.

// heading is what stands above the steps: what is excluded now may be over.
func (p *diagnoses) heading(d *guide.Diagnosis) string {
	if p.allExcluded(d) {
		return codes.Text{EN: "If it is refused again, in this order", JA: "再送しても届かない場合の対策(上から順に)"}.In(p.o.Lang)
	}
	return codes.Text{EN: "Do this, in this order", JA: "対策(上から順に)"}.In(p.o.Lang)
}

// fixText is what to do about a finding that has no records.
func fixText(f diag.Finding, l codes.Lang) string { return shown(fill(f.Advice().Fix, f.Data, l)) }

// ttlText says how long caches keep the old records of a step, "" where that is not known.
func (p *diagnoses) ttlText(s guide.Step) string {
	var ttl uint32
	for _, f := range s.Fixes {
		for _, e := range f.Evidence {
			if len(f.Records) > 0 {
				ttl = max(ttl, e.TTL)
			}
		}
	}
	if ttl == 0 {
		return ""
	}
	return fmt.Sprintf(codes.Text{EN: "live after %d s (TTL)", JA: "反映まで最大%d秒(TTL)"}.In(p.o.Lang), ttl)
}

// later names the countermeasures that come after the steps, "" where none
// does.
func (p *diagnoses) later(d *guide.Diagnosis) string {
	if len(d.Spare) == 0 {
		return ""
	}
	l := p.o.Lang
	names := make([]string, len(d.Spare))
	for i, r := range d.Spare {
		names[i] = laterText(r).In(l)
	}
	return codes.Text{EN: "Not yet: ", JA: "まだ不要: "}.In(l) + strings.Join(names, comma(l)) + before(d).In(l)
}

// before is what has to be done first.
func before(d *guide.Diagnosis) codes.Text {
	var names []string
	for _, name := range [...]struct{ counter, name string }{{"countermeasure_spf", "SPF"}, {"countermeasure_dkim", "DKIM"}} {
		if slices.ContainsFunc(d.Steps, func(s guide.Step) bool {
			return s.Cause != nil && s.Cause.Counter == name.counter
		}) {
			names = append(names, name.name)
		}
	}
	if len(names) > 0 {
		return codes.Text{EN: " (" + strings.Join(names, " and ") + " first)", JA: "(" + strings.Join(names, "と") + "の設定が先です)"}
	}
	return codes.Text{EN: " (the steps above first)", JA: "(上の対策が先です)"}
}

// laterText names a countermeasure that comes later.
func laterText(r codes.Remedy) codes.Text {
	if r.ID == "countermeasure_wait" {
		return codes.Text{EN: "waiting and sending again", JA: "時間をおいた再送"}
	}
	return codes.Text{EN: "writing to the recipient's administrator", JA: "宛先のシステム管理者への問い合わせ"}
}

// needs are what would decide the open causes. Where nobody answered, nothing
// that can be given does.
func needs(d *guide.Diagnosis) []guide.Need {
	if d.Silent {
		return nil
	}
	return d.Needs()
}
