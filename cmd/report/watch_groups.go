package report

import (
	"cmp"
	"iter"
	"slices"

	"todoku/diag"
	"todoku/diag/watch"
)

// changeGroup is what changed alike at several domains.
type changeGroup struct {
	key     changeKey
	first   watch.Change
	count   int      // of domains
	domains []string // at most namesOfGroup
	rules   []string // of one culprit, or checks
}

type changeKey struct {
	turn                     watch.Turn
	check, rule, culprit, of string
}

const (
	namesOfGroup = 8      // domains of one group
	rulesOfGroup = 12     // that a page shows of one group
	shownTurned  = 100    // groups of a page
	maxGathered  = 50_000 // domains by group that are kept for counting each once
)

// changeGroups are the changes of a round, in groups.
type changeGroups struct {
	list   []*changeGroup
	counts map[watch.Turn]int
	all    int
	first  int // of first looks
	notes  int // new ones that only inform; they have no groups
}

// groupChanges puts together changes with one cause. Those that are new and only inform are counted. The error is that of the
// list.
func groupChanges(list iter.Seq2[watch.Change, error]) (*changeGroups, error) {
	g := &changeGroups{counts: map[watch.Turn]int{}}
	at := map[changeKey]*changeGroup{}
	seen := map[changeKey]map[string]bool{}
	kept := 0
	for c, err := range list {
		if err != nil {
			return nil, err
		}
		g.all++
		g.counts[c.Turn]++
		if c.Before.IsZero() {
			g.first++
		}
		if c.Severity == diag.Info.String() && c.Turn == watch.New {
			g.notes++
			continue
		}
		k := keyOfChange(c)
		group := at[k]
		if group == nil {
			group = &changeGroup{key: k, first: c}
			at[k], seen[k] = group, map[string]bool{}
			g.list = append(g.list, group)
		}
		if !slices.Contains(group.rules, what(c)) {
			group.rules = append(group.rules, what(c))
		}
		if seen[k][c.Domain] {
			continue
		}
		if kept++; kept <= maxGathered {
			seen[k][c.Domain] = true
		}
		if group.count++; len(group.domains) < namesOfGroup {
			group.domains = append(group.domains, c.Domain)
		}
	}
	slices.SortStableFunc(g.list, func(a, b *changeGroup) int {
		return cmp.Or(cmp.Compare(rankOf(b), rankOf(a)), cmp.Compare(b.count, a.count))
	})
	return g, nil
}

// keyOfChange is what changes with one cause have in common.
func keyOfChange(c watch.Change) changeKey {
	if c.Culprit != "" {
		return changeKey{turn: c.Turn, culprit: c.Culprit, of: c.Severity}
	}
	return changeKey{turn: c.Turn, check: c.Check, rule: c.Rule}
}

// rankOf orders groups: what fails now first, what is over last.
func rankOf(g *changeGroup) diag.Status { return changeStatus(g.first) }
