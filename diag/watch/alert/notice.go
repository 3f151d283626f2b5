package alert

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/watch"
)

// Schema names the form of a Notice in JSON.
const Schema = "todoku/alert/1"

// Notice is what is told at once: all incidents that are ready for a channel. Templates get one.
type Notice struct {
	Schema   string     `json:"schema"`
	ID       string     `json:"id"` // of what is told: the same when it is told again
	At       time.Time  `json:"at"`
	Lang     string     `json:"lang"`     // "en", "ja"
	Severity string     `json:"severity"` // the worst of Opened: "fail", "unknown", "warn", "info"; "pass" where all is over
	Title    string     `json:"title"`    // one line
	Text     string     `json:"text"`     // all of it for people, in lines
	Opened   []Incident `json:"opened"`
	Over     []Incident `json:"over"`
	LeftOut  int        `json:"left_out"` // incidents that Text does not have, as there are too many

	paragraphs []string
	leftOut    func(n int) string
}

// Incident is one thing that happened, to one domain or to many.
type Incident struct {
	ID        int64     `json:"id"`
	Kind      string    `json:"kind"`     // "problem", "silence": it could not be looked
	Severity  string    `json:"severity"` // "fail", "warn", "info", "unknown"
	Title     string    `json:"title"`
	Message   string    `json:"message"`
	Culprit   string    `json:"culprit"` // what its domains have in common: a provider, an address, a resolver; may be ""
	Rule      string    `json:"rule"`    // "" with a culprit, and of a silence
	Check     string    `json:"check"`   // of a silence without a culprit
	FirstLook bool      `json:"first_look"`
	Domains   int       `json:"domains"`  // all together
	Standing  int       `json:"standing"` // of which it is not over
	Since     time.Time `json:"since"`
	Until     time.Time `json:"until,omitzero"` // when it was over; absent: it is not
	Examples  []Example `json:"examples"`
	Commands  []Command `json:"commands"` // what to do next
}

// Example is a domain of an incident.
type Example struct {
	Domain  string `json:"domain"`
	Rule    string `json:"rule"`
	Subject string `json:"subject"`
	Message string `json:"message"`
}

// Command is a line to type.
type Command struct {
	Line string   `json:"line"`
	Argv []string `json:"argv"`
}

// Kinds of incidents.
const (
	Problem = "problem"
	Quiet   = "silence"
)

// Words make texts of a notice.
type Words struct {
	Lang      codes.Lang
	Command   func(codes.Command) string        // prints a command
	SameWorld func(codes.Command) codes.Command // adds the flags that say what is looked at, and where that is kept; nil: there are none
	Clean     func(string) string               // shows hidden characters of a value from outside
}

// Bounds of a notice.
const (
	mostInText   = 20  // incidents
	mostExamples = 5   // of an incident
	mostMessage  = 300 // characters of a message of an example
)

// NewNotice makes one notice of deliveries for one channel. The beginning and the end of an incident that wait together are told
// as its end.
func NewNotice(all []watch.Delivery, w Words, at time.Time) Notice {
	n := Notice{Schema: Schema, ID: digest(all), At: at.UTC(), Lang: string(w.Lang), Severity: diag.OK.String(),
		Opened: []Incident{}, Over: []Incident{}}
	ended := map[int64]bool{}
	for _, d := range all {
		ended[d.Incident.ID] = ended[d.Incident.ID] || d.Over
	}
	for _, d := range all {
		switch {
		case d.Over:
			n.Over = append(n.Over, w.incident(d.Incident, true))
		case !ended[d.Incident.ID]:
			n.Opened = append(n.Opened, w.incident(d.Incident, false))
		}
	}
	slices.SortStableFunc(n.Opened, func(a, b Incident) int {
		return cmp.Or(cmp.Compare(rank(b.Severity), rank(a.Severity)), cmp.Compare(b.Domains, a.Domains))
	})
	if len(n.Opened) > 0 {
		n.Severity = n.Opened[0].Severity
	}
	w.write(&n)
	return n
}

// rank orders severities as diag.Status does.
func rank(severity string) int {
	return slices.Index([]string{"pass", "info", "warn", "unknown", "fail"}, severity)
}

// digest names what is told, without saying anything about it.
func digest(all []watch.Delivery) string {
	var ids []int64
	for _, d := range all {
		ids = append(ids, d.ID)
	}
	slices.Sort(ids)
	h := sha256.New()
	for _, d := range ids {
		fmt.Fprintf(h, "%d,", d)
	}
	if len(all) > 0 {
		fmt.Fprintf(h, "%s %d", all[0].Channel, all[0].Queued.UnixMilli())
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// incident words one.
func (w Words) incident(i watch.Incident, over bool) Incident {
	out := Incident{ID: i.ID, Kind: Problem, Severity: i.Severity, Message: w.shown(i.Message), Culprit: w.Clean(i.Key.Culprit),
		Rule: i.Key.Rule, Check: i.Key.Kind, FirstLook: i.First, Domains: i.Count, Standing: i.Standing, Since: i.Opened.UTC(),
		Examples: []Example{}}
	if i.Key.Turn == watch.Unknown {
		out.Kind = Quiet
	}
	if over {
		out.Until, out.Standing = i.Recovered.UTC(), 0
	}
	for _, e := range shownExamples(i.Examples) {
		out.Examples = append(out.Examples, Example{Domain: w.Clean(e.Domain), Rule: e.Rule, Subject: w.Clean(e.Subject),
			Message: w.shown(e.Message)})
	}
	out.Title = w.title(out, over)
	if len(i.Examples) > 0 {
		out.Commands = w.commands(i, over)
	}
	if out.Commands == nil {
		out.Commands = []Command{}
	}
	return out
}

// shownExamples are the examples that a notice has, in their order: of each domain one, as far as there is room, before a second one
// of any.
func shownExamples(all []watch.Example) (out []watch.Example) {
	seen, left := map[string]bool{}, mostExamples
	chosen := make([]bool, len(all))
	for _, again := range []bool{false, true} {
		for i, e := range all {
			if left > 0 && !chosen[i] && seen[e.Domain] == again {
				chosen[i], seen[e.Domain], left = true, true, left-1
			}
		}
	}
	for i, e := range all {
		if chosen[i] {
			out = append(out, e)
		}
	}
	return out
}

// shown is a message that may hold values from outside, in the language and bounded.
func (w Words) shown(t codes.Text) string { return shorten(w.Clean(t.In(w.Lang)), mostMessage) }

// shorten is at most so many characters of a text; that it was longer is seen by the last one.
func shorten(s string, most int) string {
	n := 0
	for i := range s {
		if n == most-1 && len([]rune(s[i:])) > 1 {
			return s[:i] + "…"
		}
		n++
	}
	return s
}

// commands are what to do next about an incident.
func (w Words) commands(i watch.Incident, over bool) (out []Command) {
	domain := i.Examples[0].Domain
	all := []codes.Command{codes.Todoku("watch", "show", "DOMAIN")}
	if !over {
		all = append(all, codes.Todoku("check", "domain", "DOMAIN"))
	}
	if rule := i.Examples[0].Rule; rule != "" && !over {
		all = append(all, codes.Todoku("explain", "RULE").With(codes.PlaceRule, rule))
	}
	for _, c := range all {
		c = w.ready(c.With(codes.PlaceDomain, domain))
		out = append(out, Command{Line: w.Command(c), Argv: c.Argv()})
	}
	return out
}

// ready is a command as it has to be typed.
func (w Words) ready(c codes.Command) codes.Command {
	if w.SameWorld == nil {
		return c
	}
	return w.SameWorld(c)
}
