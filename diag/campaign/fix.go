package campaign

import (
	"cmp"
	"slices"

	"todoku/codes"
	"todoku/diag"
)

// Fix is one change, and whom it wins.
type Fix struct {
	Finding   *diag.Finding // what is wrong, with what to do and the records; nil where Says tells it
	Says      codes.Message // what to do, where there is no finding
	Why       codes.Message // what is wrong
	Wins      int           // recipients at providers that now refuse the mail, or hold it back, for it
	Advised   int           // recipients at providers that only recommend it
	Providers []string      // ids of those that ask for it, most recipients first
}

// fixes puts together what is wrong: one change for each, the one that wins the most recipients first.
func (a *Assessment) fixes() {
	index := map[string]int{}
	won := map[string]map[string]int{} // fix → provider → recipients
	advised := map[string]map[string]int{}
	for _, r := range a.Requirements {
		if r.Status != Fail {
			continue
		}
		for _, f := range changes(r) {
			key := f.key(r)
			if _, known := index[key]; !known {
				index[key] = len(a.Fixes)
				a.Fixes = append(a.Fixes, f)
				won[key], advised[key] = map[string]int{}, map[string]int{}
			}
			to := won[key]
			if r.Counts() != diag.Fail {
				to = advised[key]
			}
			to[r.Provider] = max(to[r.Provider], r.Recipients)
			fix := &a.Fixes[index[key]]
			if !slices.Contains(fix.Providers, r.Provider) {
				fix.Providers = append(fix.Providers, r.Provider)
			}
		}
	}
	for key, i := range index {
		for _, n := range won[key] {
			a.Fixes[i].Wins += n
		}
		for p, n := range advised[key] {
			if _, counted := won[key][p]; !counted {
				a.Fixes[i].Advised += n
			}
		}
	}
	slices.SortStableFunc(a.Fixes, func(x, y Fix) int {
		return cmp.Or(cmp.Compare(y.Wins, x.Wins), cmp.Compare(y.Advised, x.Advised), cmp.Compare(len(y.Providers), len(x.Providers)))
	})
}

// changes are what mends a requirement: one for each finding, or what the judge says.
func changes(r *Requirement) []Fix {
	if len(r.Findings) == 0 {
		return []Fix{{Says: r.Fix, Why: r.Why}}
	}
	var out []Fix
	for i := range r.Findings {
		out = append(out, Fix{Finding: &r.Findings[i], Why: r.Why})
	}
	return out
}

// key tells changes apart.
func (f Fix) key(r *Requirement) string {
	if f.Finding != nil {
		return f.Finding.Rule.ID + " " + f.Finding.Subject
	}
	return r.Why.EN + r.Fix.EN
}
