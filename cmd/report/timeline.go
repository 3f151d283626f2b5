package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"todoku/diag/watch"
)

// Timeline is what is known of one domain that is watched, and what happened to it.
type Timeline struct {
	Domain                    string // in ASCII
	Every                     time.Duration
	Added, First, Looked, Due time.Time
	Status                    string // of diag.Status; "" where it was not looked at yet
	State                     watch.State
	Since                     time.Time // what happened before is not told; zero: all that is kept
	Changes                   []watch.Change
	Past                      []watch.Past
	Events                    []MailEvents
	Cut                       bool // more happened than is told
}

// MailEvents are events of mails of a domain in one hour, as logs and notices tell of them.
type MailEvents struct {
	Hour     time.Time `json:"hour"`
	Reason   string    `json:"reason"`
	Class    string    `json:"reason_class"`
	Provider string    `json:"provider"`
	Code     string    `json:"delivery_code"`
	Count    int64     `json:"count"`
	First    time.Time `json:"first,omitzero"`
	Last     time.Time `json:"last,omitzero"`
	Example  string    `json:"example"`
	Source   string    `json:"source"`
}

// Turnover is a record set that is not as it was.
type Turnover struct {
	Name, Type    string
	Before, After []string
	From, To      time.Time // the last look that saw it as it was, the first that saw it as it became
	Unfinished    bool      // what it became is not told: it is older than what is kept, or of a look that could not see it
}

// Turnovers are the record sets that changed, the newest first.
func (l *Timeline) Turnovers() []Turnover {
	type version struct {
		watch.Value
		last time.Time
		past bool
	}
	sets := map[[2]string][]version{}
	add := func(v version) {
		k := [2]string{v.Name, v.Type}
		sets[k] = append(sets[k], v)
	}
	for _, p := range l.Past {
		add(version{p.Value, p.Last, true})
	}
	for _, v := range l.State.Values {
		add(version{Value: v})
	}
	var out []Turnover
	for _, list := range sets {
		slices.SortStableFunc(list, func(a, b version) int { return a.First.Compare(b.First) })
		for i, v := range list {
			if !v.past {
				continue
			}
			t := Turnover{Name: v.Name, Type: v.Type, Before: v.Values, From: v.last, Unfinished: true}
			if i+1 < len(list) {
				t.After, t.To, t.Unfinished = list[i+1].Values, list[i+1].First, false
			}
			out = append(out, t)
		}
	}
	slices.SortStableFunc(out, func(a, b Turnover) int {
		return cmp.Or(b.From.Compare(a.From), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Type, b.Type), b.To.Compare(a.To))
	})
	return out
}

// gone and came are the values that only one side has.
func (t Turnover) gone() []string { return without(t.Before, t.After) }

func (t Turnover) came() []string { return without(t.After, t.Before) }

func without(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(other, s) })
}

// words are the words that one value lost and got to become another one: of a list with terms, such as SPF. There are none where it
// is one word that is most of the values, such as the hash of a TLSA record or a DKIM key: the values say it already.
func (t Turnover) words() (lost, got []string) {
	gone, came := t.gone(), t.came()
	if len(gone) != 1 || len(came) != 1 {
		return nil, nil
	}
	was, is := strings.Fields(gone[0]), strings.Fields(came[0])
	if len(was) < 3 && len(is) < 3 {
		return nil, nil
	}
	lost, got = without(was, is), without(is, was)
	if len(lost) == 1 && len(got) == 1 && 2*(len(lost[0])+len(got[0])) > len(gone[0])+len(came[0]) {
		return nil, nil
	}
	return lost, got
}
