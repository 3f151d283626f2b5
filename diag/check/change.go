package check

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/resolve"
)

// ChangeOptions say what somebody means to change.
type ChangeOptions struct {
	Sets   []resolve.Set    // typed, one by one
	Plan   []resolve.Set    // of plans; those of other domains are not shown
	Before resolve.Resolver // the world without the change
	Zones  []*resolve.Zone  // zone files that are a part of the change
}

// The bounds of a change: the texts that go and are told, and the sets of zone files that are held against today's.
const (
	maxChanged = 50
	maxSets    = 500
)

// Change looks at what a change of record sets takes away: texts of others, and what may not stand beside an alias. The other
// checks look at the world after it.
func Change(o ChangeOptions) *diag.Check {
	return &diag.Check{Name: "change", Title: codes.Text{EN: "Change", JA: "変更"}, Rules: []*diag.Rule{ChangeTextDropped, ChangeAlias},
		Run: func(ctx context.Context, p *diag.Pass) error {
			c := &changeRun{Pass: p, o: o, facts: &ChangeFacts{Records: []ChangedSet{}}, meant: slices.Clone(o.Sets)}
			p.Facts(c.facts)
			beyond := errors.Join(c.takePlan(), c.takeZones())
			answers := make([]resolve.Answer, len(c.meant))
			errs := make([]error, len(c.meant))
			var wg sync.WaitGroup
			for i, s := range c.meant {
				wg.Go(func() { answers[i], errs[i] = c.ask(ctx, s.Name, s.Type) })
			}
			wg.Wait()
			for i, s := range c.meant {
				errs[i] = c.judge(ctx, s, answers[i], errs[i], i < len(o.Sets))
			}
			errs = append(errs, beyond, diag.Beyond(p.Domain(), "TXT", codes.Text{EN: "texts that go", JA: "失われる文字列"}, maxChanged, c.left))
			return errors.Join(errs...)
		}}
}

type changeRun struct {
	*diag.Pass
	o     ChangeOptions
	facts *ChangeFacts
	meant []resolve.Set // those of the options, and those of the zone files behind them
	told  int
	left  int
}

// takePlan adds the sets of plans that are the domain's.
func (c *changeRun) takePlan() (beyond error) {
	domain, left, taken := c.Domain(), 0, 0
	for _, s := range c.o.Plan {
		switch {
		case !resolve.Within(s.Name, domain):
		case taken == maxSets:
			left++
		default:
			taken++
			c.meant = append(c.meant, s)
		}
	}
	return diag.Beyond(domain, "DNS", codes.Text{EN: "record sets of plans", JA: "変更計画のレコード集合"}, maxSets, left)
}

// takeZones adds the sets of the zone files that concern the mail of the domain.
func (c *changeRun) takeZones() (beyond error) {
	domain, left, typed := c.Domain(), 0, len(c.meant)
	for _, z := range c.o.Zones {
		for _, s := range z.Sets(domain, []resolve.Type{resolve.TypeCNAME, resolve.TypeMX, resolve.TypeTXT},
			resolve.Set{Name: domain, Type: resolve.TypeTXT}, resolve.Set{Name: domain, Type: resolve.TypeMX},
			resolve.Set{Name: "_dmarc." + domain, Type: resolve.TypeTXT}) {
			switch {
			case slices.ContainsFunc(c.meant, func(m resolve.Set) bool { return m.Name == s.Name && m.Type == s.Type }): // the first wins
			case len(c.meant) >= maxSets+typed:
				left++
			default:
				c.meant = append(c.meant, s)
			}
		}
	}
	return diag.Beyond(domain, "DNS", codes.Text{EN: "record sets of zone files", JA: "ゾーンファイルのレコード集合"}, maxSets, left)
}

// judge holds a set against what its name has today. One that stays as it is is told only where it was typed.
func (c *changeRun) judge(ctx context.Context, s resolve.Set, today resolve.Answer, err error, typed bool) error {
	f := ChangedSet{Name: s.Name, Type: s.Type.String(), Before: []string{}, After: valuesOf(s.Records, s.Type), Known: err == nil,
		Undecided: !s.Unknown.IsZero()}
	if err == nil {
		if len(today.Chain) > 0 {
			f.Alias = today.Chain[0]
		}
		f.Before = append(f.Before, valuesOf(today.Records, s.Type)...)
	}
	if !typed && f.Known && !f.Undecided && f.Alias == "" && sameValues(f.Before, f.After) {
		return nil
	}
	c.facts.Records = append(c.facts.Records, f)
	switch {
	case f.Undecided:
		return errors.Join(err, s.Undecided())
	case s.Type == resolve.TypeCNAME:
		if len(s.Records) > 0 {
			err = errors.Join(err, c.judgeAlias(ctx, s))
		}
		return err
	case err != nil:
		return err
	case len(today.Chain) > 0:
		if len(s.Records) > 0 && !c.sets(s.Name, resolve.TypeCNAME) {
			c.Report(ChangeAlias, s.Name, codes.Str("name", s.Name), codes.Str("type", s.Type.String())).Saw(aliasOf(today))
		}
		return nil
	case s.Type == resolve.TypeTXT && (len(s.Records) > 0 || len(today.Records) > 1): // to take away a single text is meant
		c.judgeTexts(today, s, f.After)
	}
	return nil
}

// ask asks the world without the change, and counts it among the questions of the report.
func (c *changeRun) ask(ctx context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	a, err := c.o.Before.Ask(ctx, name, t)
	if r, counts := c.DNS.(interface{ Add(sent, unique int) }); counts {
		r.Add(a.Sent, 1)
	}
	return a, err
}

// valuesOf are records as evidence shows them.
func valuesOf(records []resolve.Record, t resolve.Type) []string {
	out := make([]string, len(records))
	for i, r := range records {
		out[i] = r.Value(t)
	}
	return out
}

// sameValues reports whether two sets hold the same, in any order.
func sameValues(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// sets reports whether the change says what a name has of a type.
func (c *changeRun) sets(name string, t resolve.Type) bool {
	return slices.ContainsFunc(c.meant, func(s resolve.Set) bool { return s.Name == name && s.Type == t }) ||
		slices.ContainsFunc(c.o.Zones, func(z *resolve.Zone) bool { return z.Covers(name) })
}

// aliasOf is the first alias of an answer as an answer of its own.
func aliasOf(a resolve.Answer) resolve.Answer {
	return resolve.Answer{Name: a.Name, Type: resolve.TypeCNAME, Server: a.Server, Records: []resolve.Record{{Host: a.Chain[0]}}}
}

// besideAlias are the types that a name has where mail is concerned; none of them may stand beside an alias.
func besideAlias() []resolve.Type {
	return []resolve.Type{resolve.TypeTXT, resolve.TypeMX, resolve.TypeA, resolve.TypeAAAA, resolve.TypeNS, resolve.TypeSOA}
}

// judgeAlias looks for what would stand beside a new alias (RFC 2181 §10.1).
func (c *changeRun) judgeAlias(ctx context.Context, s resolve.Set) error {
	var beside []string
	var seen []diag.Evidence
	var errs []error
	for _, t := range besideAlias() {
		if c.sets(s.Name, t) { // it is to be gone: else JoinSets refuses the change
			continue
		}
		a, err := c.ask(ctx, s.Name, t)
		errs = append(errs, err)
		if err == nil && len(a.Chain) == 0 && len(a.Records) > 0 {
			beside = append(beside, t.String())
			seen = append(seen, diag.Seen(a)...)
		}
	}
	if len(beside) > 0 {
		f := c.Report(ChangeAlias, s.Name, codes.Str("name", s.Name), codes.Str("type", strings.Join(beside, ", ")))
		f.Evidence = seen
	}
	return errors.Join(errs...)
}

// judgeTexts tells the texts of today that the new set lacks. One that has a successor of its kind is meant to go. The evidence has
// the place of the new set in its file, too: that is what can be mended.
func (c *changeRun) judgeTexts(today resolve.Answer, s resolve.Set, after []string) {
	instead := resolve.Answer{Name: s.Name, Type: s.Type, Server: s.File}
	if i := slices.IndexFunc(s.Records, func(r resolve.Record) bool { return !instead.Place(r).IsZero() }); i >= 0 {
		instead.Records = s.Records[i : i+1]
	}
	for i, r := range today.Records {
		if slices.Contains(after, r.Text) || slices.ContainsFunc(after, func(s string) bool { return sameKind(r.Text, s) }) {
			continue
		}
		if c.told == maxChanged {
			c.left++
			continue
		}
		c.told++
		one := today
		one.Records = today.Records[i : i+1]
		f := c.Report(ChangeTextDropped, today.Name, codes.Str("name", today.Name), codes.Str("record", r.Text)).Saw(one).
			Publish(today.Name, "TXT", r.Text)
		if len(instead.Records) > 0 {
			f.Saw(instead)
		}
	}
}

// sameKind reports whether one text takes the place of the other: both begin with the same version, as v=spf1 does.
func sameKind(a, b string) bool {
	v := version(a)
	return v != "" && v == version(b)
}

// version is the "v=spf1" that a text begins with, "" without one.
func version(text string) string {
	text = strings.ToLower(strings.TrimSpace(text))
	if i := strings.IndexAny(text, " ;\t"); i >= 0 {
		text = text[:i]
	}
	if !strings.HasPrefix(text, "v=") {
		return ""
	}
	return text
}
