package codes

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"sync"

	"go.yaml.in/yaml/v3"
)

// RuleFile is a file of a user's own: a YAML list of rules, or a whole Provider
// with its hosts.
type RuleFile struct {
	Name string
	Data []byte
}

// Bounds of a user's file: octets, and values of one list or mapping. The
// decoder compares each key of a mapping with all others.
const (
	MaxRuleFile   = 1 << 20
	MaxRuleValues = 5000
)

// FindOversized finds the first list or mapping of a document that has more than
// MaxRuleValues entries, or nil.
func FindOversized(n *yaml.Node) *yaml.Node {
	if len(n.Content) > MaxRuleValues {
		return n
	}
	for _, c := range n.Content {
		if found := FindOversized(c); found != nil {
			return found
		}
	}
	return nil
}

// Load reads a catalogue (Files, or YAML in the form of the folder catalogue)
// and the user's rules, which are tried before all others. An error names the
// file, and the line or the rule.
func Load(files fs.FS, own ...RuleFile) (*Catalogue, error) {
	b, err := readContents(files)
	if err != nil {
		return nil, err
	}
	l := loader{c: &Catalogue{byHost: hosts{}}, wordings: map[string]wording{}}
	for _, f := range own {
		l.own(f)
	}
	_, unparsed := fs.Stat(files, wordingsFile)
	l.parsed = unparsed == nil
	l.words(b)
	l.providers(b.Providers)
	for _, g := range b.General {
		l.c.general = append(l.c.general, l.rules(g.File, "", g.Rules)...)
	}
	l.references()
	if err := errors.Join(l.errs...); err != nil {
		return nil, err
	}
	l.c.index = sync.OnceValue(func() *index {
		readWordings(readText(files, wordingsFile), l.wordings) // what it lacks is parsed anew
		return newIndex(l.expressions, l.wordings)
	})
	return l.c, nil
}

type loader struct {
	c           *Catalogue
	expressions []string           // by their numbers
	wordings    map[string]wording // of expressions that were parsed here
	parsed      bool               // the expressions to come were parsed before
	errs        []error
}

// ruleError is what is wrong with a rule, and which key of it has the fault;
// without a key it is the rule as a whole.
type ruleError struct {
	rule, key string
	err       error
}

func (e *ruleError) Error() string {
	where := "rule " + e.rule
	if e.key != "" {
		where += ": " + e.key
	}
	return where + ": " + e.err.Error()
}

func (e *ruleError) Unwrap() error { return e.err }

func (l *loader) fail(where string, err error) {
	if err != nil {
		l.errs = append(l.errs, fmt.Errorf("%s: %w", where, err))
	}
}

// words enters everything but the rules.
func (l *loader) words(b *contents) {
	l.c.basics.enter(l, "smtp.yaml", b.SMTP.Basic, func(b *Basic) string { return strconv.Itoa(b.Code) })
	l.c.statuses.enter(l, "smtp.yaml", b.SMTP.Enhanced, func(s *Status) string { return s.Code })
	l.c.patterns.enter(l, "delivery.yaml", b.Delivery.Patterns, func(p *Pattern) string { return p.ID })
	l.c.deliveries.enter(l, "delivery.yaml", b.Delivery.Codes, func(d *Delivery) string { return d.ID })
	l.c.reasons.enter(l, "reasons.yaml", b.Reasons, func(r *Reason) string { return r.ID })
	l.c.remedies.enter(l, "remedies.yaml", b.Remedies, func(r *Remedy) string { return r.ID })
	l.c.terms.enter(l, "glossary.yaml", b.Terms, func(t *Term) string { return t.ID })
	l.c.sources.enter(l, "sources.yaml", b.Sources, func(s *Source) string { return s.ID })
	l.c.blocklists.enter(l, "blocklists.yaml", b.Blocklists, func(b *Blocklist) string { return b.ID })
	for _, b := range l.c.blocklists.list {
		var err error
		b.match, err = l.match(b.Match)
		l.fail("blocklists.yaml: "+b.ID, err)
	}
}

func (t *table[T]) enter(l *loader, where string, list []*T, key func(*T) string) {
	t.list, t.at = list, make(map[string]*T, len(list))
	for _, v := range list {
		if k := key(v); k == "" || t.at[k] != nil {
			l.fail(where, fmt.Errorf("id %q is empty or given twice", k))
		} else {
			t.at[k] = v
		}
	}
}

func (l *loader) providers(groups []*group) {
	list := l.c.providers.list // the user's own are there already
	for _, g := range groups {
		l.provider(g.File, &g.Provider)
		list = append(list, &g.Provider)
	}
	l.c.providers.enter(l, "providers", list, func(p *Provider) string { return p.ID })
}

func (l *loader) provider(file string, p *Provider) {
	var err error
	p.marks, err = l.match(p.Marks)
	l.fail(file+": marks", err)
	for _, h := range p.Hosts {
		if l.c.byHost[h] == nil { // the user's word counts
			l.c.byHost[h] = p
		}
	}
	for _, r := range l.rules(file, p.ID, p.Rules) {
		if r.Alone {
			l.c.alone = append(l.c.alone, r)
		}
	}
}

// own reads a user's file. Rules of no provider come before all others; those
// of a provider of one's own, where it is recognised.
func (l *loader) own(f RuleFile) {
	if len(f.Data) > MaxRuleFile {
		l.fail(f.Name, fmt.Errorf("more than %d octets: split it into several files", MaxRuleFile))
		return
	}
	top, second, err := Documents(f.Data)
	if err != nil {
		l.fail(f.Name, err)
		return
	}
	if second != nil {
		l.fail(f.Name, fmt.Errorf("line %d: a second document begins here: put all rules into one list", second.Line))
		return
	}
	if n := FindOversized(top); n != nil {
		l.fail(f.Name, fmt.Errorf("line %d: more than %d entries: split it into several files", n.Line, MaxRuleValues))
		return
	}
	if len(top.Content) == 0 {
		l.fail(f.Name, errors.New("holds no rules"))
		return
	}
	if top.Content[0].Kind == yaml.MappingNode {
		p := &Provider{}
		l.fail(f.Name, decode(f.Data, p))
		p.Name, p.Short = p.Name.inBoth(), p.Short.inBoth()
		inBoth(p.Rules)
		l.provider(f.Name, p)
		l.c.providers.list = append(l.c.providers.list, p)
		return
	}
	var rules []*Rule
	l.fail(f.Name, decode(f.Data, &rules))
	inBoth(rules)
	l.c.own = append(l.c.own, l.rules(f.Name, "", rules)...)
}

// inBoth gives rules that say their words in one language the same words in the other.
func inBoth(rules []*Rule) {
	for _, r := range rules {
		if r == nil {
			continue
		}
		t := Text{EN: r.EN, JA: r.JA}.inBoth()
		r.EN, r.JA = t.EN, t.JA
		if o := r.Other; o != nil {
			t = Text{EN: o.EN, JA: o.JA}.inBoth()
			o.EN, o.JA = t.EN, t.JA
		}
	}
}

// Documents parses a YAML file of the user. second is what a second document holds, nil where there is none: the readers of
// such files see the first document only, so they have to refuse a second one.
func Documents(data []byte) (first, second *yaml.Node, err error) {
	d := yaml.NewDecoder(bytes.NewReader(data))
	var one, two yaml.Node
	if err := d.Decode(&one); err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, err
	}
	if err := d.Decode(&two); err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, err
	}
	if len(two.Content) > 0 && two.Content[0].ShortTag() != "!!null" {
		second = two.Content[0]
	}
	return &one, second, nil
}

// rules enters a group's rules, which are tried in their order.
func (l *loader) rules(file, provider string, rules []*Rule) []*Rule {
	for i, r := range rules {
		where := file + ": rule " + strconv.Itoa(i+1)
		if r == nil || r.ID == "" {
			l.fail(where, errors.New("has no id"))
			continue
		}
		fail := func(key string, err error) {
			if err != nil {
				l.fail(file, &ruleError{r.ID, key, err})
			}
		}
		if r.Match == "" && r.On == "" {
			fail("", errors.New("has neither match nor on: it would fit every reply"))
		}
		var err error
		r.Provider = provider
		r.on, err = parseCondition(r.On)
		fail("on", err)
		r.match, err = l.match(r.Match)
		fail("match", err)
		l.c.rules = append(l.c.rules, r)
	}
	return rules
}

// match gives an expression its number in the index; -1 is none.
func (l *loader) match(source string) (int, error) {
	if source == "" {
		return -1, nil
	}
	if !l.parsed {
		w, err := parseWording(source)
		if err != nil {
			return -1, err
		}
		l.wordings[source] = w
	}
	l.expressions = append(l.expressions, source)
	return len(l.expressions) - 1, nil
}

// references reports ids that point nowhere, and ids that are given twice.
func (l *loader) references() {
	seen := map[string]bool{}
	for _, r := range l.c.rules {
		where := "rule " + r.ID
		if seen[r.ID] {
			l.fail(where, errors.New("another rule has the same id"))
		}
		seen[r.ID] = true
		l.known(where, r.Remedies, r.Reason)
		if r.Other != nil {
			l.known(where+": other", nil, r.Other.Reason)
		}
	}
	for _, r := range l.c.reasons.list {
		l.known("reason "+r.ID, r.Remedies, r.ID)
	}
	for _, p := range l.c.patterns.list {
		l.known("pattern "+p.ID, p.Steps)
		for _, cause := range p.Causes {
			l.known("pattern "+p.ID, cause.Steps)
		}
	}
	for _, d := range l.c.deliveries.list {
		l.known("code "+d.ID, d.Steps, d.Reasons...)
		if d.Pattern != "" && l.c.patterns.at[d.Pattern] == nil {
			l.fail("code "+d.ID, fmt.Errorf("there is no pattern %q", d.Pattern))
		}
	}
}

func (l *loader) known(where string, remedies []string, reasons ...string) {
	for _, id := range reasons {
		if l.c.reasons.at[id] == nil {
			l.fail(where, fmt.Errorf("there is no reason %q (explain --list reasons shows them)", id))
		}
	}
	for _, id := range remedies {
		if l.c.remedies.at[id] == nil {
			l.fail(where, fmt.Errorf("there is no remedy %q", id))
		}
	}
}
