package watch

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"todoku/codes"
)

// Incident is what is told at once: changes that have one cause.
type Incident struct {
	ID        int64
	Key       Key
	First     bool      // it is what first looks found
	Severity  string    // the worst of its changes
	Opened    time.Time // the time of its first change
	Joined    time.Time // the time of its last change
	Count     int       // domains, all together
	Standing  int       // domains of which it is not over
	Examples  []Example // at most MostExamples
	Message   codes.Text
	Told      time.Time // when it was told first; zero: not yet
	Recovered time.Time // when it was over for all domains; zero: it is not
}

// Key is what changes of one incident have in common.
type Key struct {
	Turn    Turn   `json:"turn"`    // New or Unknown
	Culprit string `json:"culprit"` // as in Change
	Rule    string `json:"rule"`    // "" with a culprit
	Kind    string `json:"kind"`    // of a silence without a culprit: its check
}

// Example is a domain of an incident.
type Example struct {
	Domain  string     `json:"domain"`
	Rule    string     `json:"rule"`
	Subject string     `json:"subject"`
	Message codes.Text `json:"message"`
}

// MostExamples bounds Incident.Examples.
const MostExamples = 10

// KeyOf is the key of a change, and false for one that makes no incident of its own: what is over, or says something else.
func KeyOf(c Change) (Key, bool) {
	if c.Turn != New && c.Turn != Unknown {
		return Key{}, false
	}
	k := Key{Turn: c.Turn, Culprit: c.Culprit}
	if c.Culprit == "" {
		k.Rule = c.Rule
		if c.Turn == Unknown {
			k.Kind = c.Check
		}
	}
	return k, true
}

// Group makes incidents of changes: of those with one cause one. Changes below a severity make none.
func Group(changes []Change, least string) []Incident {
	var out []Incident
	at := map[Key]int{}
	domains := map[Key]map[string]bool{}
	for _, c := range changes {
		k, makes := KeyOf(c)
		if !makes || rank(c.Severity) < rank(least) {
			continue
		}
		i, known := at[k]
		if !known {
			i = len(out)
			at[k], domains[k] = i, map[string]bool{}
			out = append(out, Incident{Key: k, First: c.Before.IsZero(), Opened: c.At, Severity: c.Severity, Message: c.Message})
		}
		out[i].take(c, domains[k])
	}
	slices.SortStableFunc(out, func(a, b Incident) int {
		return cmp.Or(cmp.Compare(rank(b.Severity), rank(a.Severity)), cmp.Compare(b.Count, a.Count))
	})
	return out
}

// take adds a change to the incident.
func (n *Incident) take(c Change, domains map[string]bool) {
	if !domains[c.Domain] {
		domains[c.Domain] = true
		n.Count++
		n.Standing++
	}
	if rank(c.Severity) > rank(n.Severity) {
		n.Severity, n.Message = c.Severity, c.Message
	}
	if c.At.Before(n.Opened) {
		n.Opened = c.At
	}
	if c.At.After(n.Joined) {
		n.Joined = c.At
	}
	n.First = n.First && c.Before.IsZero()
	n.Examples = WithExample(n.Examples, c)
}

// WithExample adds a change to the examples of an incident. Where there is no room it takes the place of one of a domain that has
// another one, unless it is of such a domain itself.
func WithExample(list []Example, c Change) []Example {
	e := Example{Domain: c.Domain, Rule: c.Rule, Subject: c.Subject, Message: c.Message}
	if len(list) < MostExamples {
		return append(list, e)
	}
	seen, again := map[string]bool{}, -1
	for i, has := range list {
		if seen[has.Domain] {
			again = i
		}
		seen[has.Domain] = true
	}
	if again < 0 || seen[c.Domain] {
		return list
	}
	return append(slices.Delete(list, again, again+1), e)
}

// rank orders severities as diag.Status does.
func rank(severity string) int {
	return slices.Index([]string{"pass", "info", "warn", "unknown", "fail"}, severity)
}

// AtLeast reports whether a severity is another one or a worse one, in the order of diag.Status.
func AtLeast(severity, least string) bool { return rank(severity) >= rank(least) }

// Domains says how many domains.
func Domains(n int) codes.Text {
	if n == 1 {
		return codes.Text{EN: "1 domain", JA: "1ドメイン"}
	}
	return codes.Text{EN: strconv.Itoa(n) + " domains", JA: strconv.Itoa(n) + "ドメイン"}
}
