package codes

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
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

// maxRuleFile bounds a user's file, in octets.
const maxRuleFile = 4 << 20

// Load reads a catalogue (Files, or another in the same form) and the user's
// rules, which are tried before all others. An error names the file, and the
// line or the rule.
func Load(files fs.FS, own ...RuleFile) (*Catalogue, error) {
	l := loader{c: &Catalogue{byHost: map[string]*Provider{}, index: index{byGram: map[gram][]place{}}}}
	providers, general := l.groups(files, "catalogue/providers/*.yaml"), l.groups(files, "catalogue/general/*.yaml")
	l.words(files)
	for _, f := range own {
		l.own(f)
	}
	l.providers(providers())
	for _, p := range general() {
		l.c.general = append(l.c.general, l.rules(p.file, "", p.Rules, p.wordings)...)
	}
	l.references()
	if err := errors.Join(l.errs...); err != nil {
		return nil, err
	}
	return l.c, nil
}

type loader struct {
	c    *Catalogue
	errs []error
}

func (l *loader) fail(where string, err error) {
	if err != nil {
		l.errs = append(l.errs, fmt.Errorf("%s: %w", where, err))
	}
}

// words reads everything but the rules.
func (l *loader) words(files fs.FS) {
	var smtp struct {
		Basic    []*Basic
		Enhanced []*Status
	}
	var delivery struct {
		Patterns []*Pattern
		Codes    []*Delivery
	}
	l.read(files, "catalogue/smtp.yaml", &smtp)
	l.read(files, "catalogue/delivery.yaml", &delivery)
	l.c.basics.enter(l, "smtp.yaml", smtp.Basic, func(b *Basic) string { return strconv.Itoa(b.Code) })
	l.c.statuses.enter(l, "smtp.yaml", smtp.Enhanced, func(s *Status) string { return s.Code })
	l.c.patterns.enter(l, "delivery.yaml", delivery.Patterns, func(p *Pattern) string { return p.ID })
	l.c.deliveries.enter(l, "delivery.yaml", delivery.Codes, func(d *Delivery) string { return d.ID })
	l.c.reasons.load(l, files, "reasons.yaml", func(r *Reason) string { return r.ID })
	l.c.remedies.load(l, files, "remedies.yaml", func(r *Remedy) string { return r.ID })
	l.c.terms.load(l, files, "glossary.yaml", func(t *Term) string { return t.ID })
	l.c.sources.load(l, files, "sources.yaml", func(s *Source) string { return s.ID })
	l.c.blocklists.load(l, files, "blocklists.yaml", func(b *Blocklist) string { return b.ID })
	for _, b := range l.c.blocklists.list {
		b.match = l.match("blocklists.yaml: "+b.ID, parsed(b.Match))
	}
}

func (t *table[T]) load(l *loader, files fs.FS, name string, key func(*T) string) {
	var list []*T
	l.read(files, "catalogue/"+name, &list)
	t.enter(l, name, list, key)
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

func (l *loader) read(files fs.FS, name string, into any) {
	data, err := fs.ReadFile(files, name)
	if err != nil {
		l.fail(name, err)
		return
	}
	l.fail(name, decode(data, into))
}

// decode is strict: a key that the form does not have is an error with its line.
func decode(data []byte, into any) error {
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(into); !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// group is a file of rules.
type group struct {
	Provider
	file     string
	wordings []parsedWording // of Rules
}

// parsedWording is what came of reading an expression; nothing for none.
type parsedWording struct {
	*wording
	err error
}

func parsed(source string) parsedWording {
	if source == "" {
		return parsedWording{}
	}
	w, err := parseWording(source)
	return parsedWording{&w, err}
}

func wordingsOf(rules []*Rule) []parsedWording {
	all := make([]parsedWording, len(rules))
	for i, r := range rules {
		if r != nil {
			all[i] = parsed(r.Match)
		}
	}
	return all
}

// groups begins to read files, which is most of the work of loading; what it
// gives waits for them.
func (l *loader) groups(files fs.FS, pattern string) func() []*group {
	names, err := fs.Glob(files, pattern)
	l.fail(pattern, err)
	all := make([]*group, len(names))
	readers := make([]loader, len(names))
	var wg sync.WaitGroup
	for i, name := range names {
		all[i] = &group{file: name}
		wg.Go(func() {
			readers[i].read(files, name, &all[i].Provider)
			all[i].wordings = wordingsOf(all[i].Rules)
		})
	}
	return func() []*group {
		wg.Wait()
		for _, r := range readers {
			l.errs = append(l.errs, r.errs...)
		}
		return all
	}
}

func (l *loader) providers(groups []*group) {
	list := l.c.providers.list // the user's own are there already
	for _, g := range groups {
		l.provider(g.file, &g.Provider, g.wordings)
		list = append(list, &g.Provider)
	}
	l.c.providers.enter(l, "providers", list, func(p *Provider) string { return p.ID })
}

func (l *loader) provider(file string, p *Provider, wordings []parsedWording) {
	p.marks = l.match(file+": marks", parsed(p.Marks))
	for _, h := range p.Hosts {
		if l.c.byHost[h] == nil { // the user's word counts
			l.c.byHost[h] = p
		}
	}
	for _, r := range l.rules(file, p.ID, p.Rules, wordings) {
		if r.Alone {
			l.c.alone = append(l.c.alone, r)
		}
	}
}

// own reads a user's file. Rules of no provider come before all others; those
// of a provider of one's own, where it is recognised.
func (l *loader) own(f RuleFile) {
	if len(f.Data) > maxRuleFile {
		l.fail(f.Name, fmt.Errorf("more than %d octets: split it into several files", maxRuleFile))
		return
	}
	var top yaml.Node
	if err := yaml.Unmarshal(f.Data, &top); err != nil {
		l.fail(f.Name, err)
		return
	}
	if len(top.Content) == 0 {
		l.fail(f.Name, errors.New("holds no rules"))
		return
	}
	if top.Content[0].Kind == yaml.MappingNode {
		p := &Provider{}
		l.fail(f.Name, decode(f.Data, p))
		l.provider(f.Name, p, wordingsOf(p.Rules))
		l.c.providers.list = append(l.c.providers.list, p)
		return
	}
	var rules []*Rule
	l.fail(f.Name, decode(f.Data, &rules))
	l.c.own = append(l.c.own, l.rules(f.Name, "", rules, wordingsOf(rules))...)
}

// rules enters a group's rules, which are tried in their order.
func (l *loader) rules(file, provider string, rules []*Rule, wordings []parsedWording) []*Rule {
	for i, r := range rules {
		where := file + ": rule " + strconv.Itoa(i+1)
		if r == nil || r.ID == "" {
			l.fail(where, errors.New("has no id"))
			continue
		}
		where = file + ": rule " + r.ID
		if r.Match == "" && r.On == "" {
			l.fail(where, errors.New("has neither match nor on: it would fit every reply"))
		}
		var err error
		r.Provider = provider
		r.on, err = parseCondition(r.On)
		l.fail(where+": on", err)
		r.match = l.match(where+": match", wordings[i])
		l.c.rules = append(l.c.rules, r)
	}
	return rules
}

// match enters an expression into the index; -1 is none.
func (l *loader) match(where string, w parsedWording) int {
	l.fail(where, w.err)
	if w.wording == nil || w.err != nil {
		return -1
	}
	return l.c.index.add(*w.wording)
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
			l.fail(where, fmt.Errorf("there is no reason %q (todoku explain --list shows them)", id))
		}
	}
	for _, id := range remedies {
		if !slices.ContainsFunc(l.c.remedies.list, func(r *Remedy) bool { return r.ID == id }) {
			l.fail(where, fmt.Errorf("there is no remedy %q", id))
		}
	}
}
