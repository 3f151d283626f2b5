package spf

import (
	"net/netip"
	"slices"
	"strings"
)

// Step is one change that makes a record cheaper and keeps its meaning, as DNS
// is now.
type Step struct {
	Action string // "merge", "drop" or "flatten"
	Term   string // the term that went
	Saves  int    // look-ups
	Record string // the record after this step
}

// The actions of steps.
const (
	ActionMerge   = "merge"
	ActionDrop    = "drop"
	ActionFlatten = "flatten"
)

// A flattened record longer than this is no help: it cannot be answered in
// one UDP message, nor kept up to date by people.
const maxFlattened = 2048

// Nobody reads more steps than this.
const maxSteps = 50

// piece is one term of the record that is being made cheaper.
type piece struct {
	text      string
	kind      Kind
	qualifier byte
	cost      int // with all below it
	source    *Source
	set       []netip.Prefix // what it matches
	known     bool           // set tells all
	never     bool           // it matches nobody, or breaks the record
	kept      []string       // what remains of an include besides set
	open      bool           // set and kept together tell all
}

// cheapener works on one record.
type cheapener struct {
	tree   *Tree
	pieces []piece
	cost   int
	steps  []Step
}

// Cheaper finds an equivalent record that keeps to the limit of look-ups, step
// by step: drop what can never match, merge address blocks, replace includes
// by their addresses. It stops as soon as the record is cheap enough. There are
// no steps for a record that is cheap enough, faulty, or not fully known.
func (t *Tree) Cheaper() []Step {
	if t.Root.Record == nil || len(t.Root.Faults) > 0 || len(t.Root.Record.Text) > maxFlattened || t.Err != nil || t.Cut || !t.costly() {
		return nil
	}
	c := cheapener{tree: t}
	c.load(t.Root, "")
	c.count()
	for c.cost > MaxLookups && (c.dropUnreached() || c.dropRepeated()) {
	}
	for c.over() && c.dropNever() {
	}
	for c.cost > MaxLookups && c.dropCovered() {
	}
	if c.cost > MaxLookups {
		c.merge()
	}
	for c.cost > MaxLookups && c.flatten() {
	}
	return c.steps
}

// Merged is the record without terms that nobody reaches, and with its address
// blocks joined.
func (t *Tree) Merged() string {
	if t.Root.found == nil || len(t.Root.Faults) > 0 || len(t.Root.Record.Text) > maxFlattenable {
		return ""
	}
	c := cheapener{tree: t}
	c.load(t.Root, "")
	for c.dropUnreached() || c.dropRepeated() {
	}
	c.merge()
	return c.record()
}

// costly reports whether the tree is over a limit of RFC 7208 §4.6.4.
func (t *Tree) costly() bool { return t.Lookups > MaxLookups || t.VoidLookups > MaxVoidLookups }

// over reports whether more must go: terms that find nothing too, while they
// are too many.
func (c *cheapener) over() bool {
	if c.cost > MaxLookups {
		return true
	}
	voids := 0
	for i := range c.pieces {
		if c.pieces[i].never {
			voids++
		}
	}
	return c.tree.VoidLookups > MaxVoidLookups && voids > 0
}

// load makes pieces of a record's terms. With a domain they are written so that
// they mean the same outside that domain's record.
func (c *cheapener) load(s *Source, domain string) bool {
	var pieces []piece
	for i := range s.Record.Terms {
		p, ok := c.piece(s, i, domain)
		if !ok {
			return false
		}
		pieces = append(pieces, p)
	}
	for i := len(c.pieces) - 1; i >= 0; i-- { // what stands beside a redirect stays
		if p := c.pieces[i]; p.kind != Redirect && (p.kind != Exp || s.Record.Exp() == nil) {
			pieces = slices.Insert(pieces, 0, p)
		}
	}
	c.pieces = pieces
	return true
}

func (c *cheapener) count() {
	c.cost = 0
	ended := false
	for i := range c.pieces {
		p := &c.pieces[i]
		if p.kind == Redirect && c.has(All) || ended && p.kind != Redirect {
			continue
		}
		c.cost += p.cost
		ended = ended || p.kind == All
	}
}

func (c *cheapener) has(k Kind) bool {
	return slices.ContainsFunc(c.pieces, func(p piece) bool { return p.kind == k })
}

func (c *cheapener) piece(s *Source, i int, domain string) (p piece, ok bool) {
	t, f := &s.Record.Terms[i], &s.found[i]
	p = piece{text: t.Text, kind: t.Kind, qualifier: t.Qualifier}
	if domain != "" && t.Kind != Unknown {
		text, ok := t.elsewhere(domain)
		if !ok {
			return p, false
		}
		if p.text = text; t.Qualifier != 0 && t.Qualifier != '+' {
			p.text = string(t.Qualifier) + text
		}
	}
	if t.Asks() {
		p.cost = 1
	}
	switch t.Kind {
	case Include, Redirect:
		if f.expanded {
			c.include(&p, strings.ToLower(f.target))
		}
	case Exists:
		p.never = f.expanded && f.err == nil && !f.any && !f.cut
	default:
		p.set, p.known = matches(t, f)
		p.never = (t.Kind == A || t.Kind == MX) && p.known && len(p.set) == 0
	}
	p.open = p.open || p.known
	return p, true
}

// include judges the target of an include.
func (c *cheapener) include(p *piece, target string) {
	p.source = c.tree.sources[target]
	s := p.source
	if s == nil || s.found == nil || len(s.Faults) > 0 || s == c.tree.Root {
		p.never = p.kind == Include // it breaks the record for everybody who comes this far
		return
	}
	p.cost = min(1+c.tree.sums[s].lookups, manyLookups)
	if p.kind == Redirect {
		return
	}
	below, ok := c.tree.passes(s, nil)
	if !ok {
		return
	}
	p.set, p.kept, p.open = below.pass, below.kept, true
	p.known = len(p.kept) == 0
	p.never = p.known && len(p.set) == 0
}

// record writes the pieces.
func (c *cheapener) record() string {
	b := append(make([]byte, 0, 256), "v=spf1"...)
	for i := range c.pieces {
		b = append(append(b, ' '), c.pieces[i].text...)
	}
	return string(b)
}

// done notes a step after it was made.
func (c *cheapener) done(action, term string) {
	before := c.cost
	c.count()
	c.steps = append(c.steps, Step{Action: action, Term: term, Saves: before - c.cost, Record: c.record()})
}

func (c *cheapener) drop(i int) bool {
	if len(c.steps) >= maxSteps {
		return false
	}
	term := c.pieces[i].text
	c.pieces = slices.Delete(c.pieces, i, i+1)
	c.done(ActionDrop, term)
	return true
}

// dropUnreached drops what follows all (RFC 7208 §5.1), and a redirect beside
// all (§6.1).
func (c *cheapener) dropUnreached() bool {
	all := slices.IndexFunc(c.pieces, func(p piece) bool { return p.kind == All })
	for i := range c.pieces {
		if all >= 0 && (c.pieces[i].kind == Redirect || i > all && c.pieces[i].qualifier != 0) {
			return c.drop(i)
		}
	}
	return false
}

// dropRepeated drops a mechanism that stands further up with any qualifier: it
// did not match there.
func (c *cheapener) dropRepeated() bool {
	for i := range c.pieces {
		for j := range c.pieces[:i] {
			if p := &c.pieces[i]; p.qualifier != 0 && strings.EqualFold(bare(p.text), bare(c.pieces[j].text)) && p.kind != All {
				return c.drop(i)
			}
		}
	}
	return false
}

func bare(term string) string {
	if isQualifier(term[0]) {
		return term[1:]
	}
	return term
}

func (c *cheapener) dropNever() bool {
	for i := range c.pieces {
		if c.pieces[i].never {
			return c.drop(i)
		}
	}
	return false
}

// dropCovered drops a term that asks when others give all its addresses a
// result first, or the same result.
func (c *cheapener) dropCovered() bool {
	n := 0
	for i := range c.pieces {
		n += len(c.pieces[i].set)
	}
	if n > 2*maxPrefixes {
		return false
	}
	for i := range c.pieces {
		if p := &c.pieces[i]; p.known && p.cost > 0 && covers(c.others(i), p.set) {
			return c.drop(i)
		}
	}
	return false
}

// others is what the terms before a term match, and those of the same result
// that follow it without another result in between.
func (c *cheapener) others(i int) []netip.Prefix {
	var set []netip.Prefix
	for j := range c.pieces {
		p := &c.pieces[j]
		if j > i && p.qualifier != c.pieces[i].qualifier {
			break
		}
		if j != i && p.known && p.kind != All {
			set = append(set, p.set...)
		}
	}
	return set
}

// merge joins runs of address blocks with one result where that makes them
// fewer.
func (c *cheapener) merge() {
	for i := 0; i < len(c.pieces); i++ {
		n := i
		var set []netip.Prefix
		var terms []string
		for ; n < len(c.pieces) && c.pieces[n].isBlock() && c.pieces[n].qualifier == c.pieces[i].qualifier; n++ {
			set = append(set, c.pieces[n].set...)
			terms = append(terms, c.pieces[n].text)
		}
		if merged := normal(set); len(merged) > 0 && len(merged) < len(terms) {
			c.replace(i, n, blocks(c.pieces[i].qualifier, merged))
			c.done(ActionMerge, strings.Join(terms, " "))
			n = i + len(merged)
		}
		i = max(i, n-1)
	}
}

func (p *piece) isBlock() bool { return (p.kind == IP4 || p.kind == IP6) && len(p.set) > 0 }

func (c *cheapener) replace(from, to int, with []piece) {
	c.pieces = slices.Replace(c.pieces, from, to, with...)
}

// blocks writes a set as terms with one qualifier.
func blocks(qualifier byte, set []netip.Prefix) []piece {
	sign := ""
	if qualifier != '+' {
		sign = string(qualifier)
	}
	out := make([]piece, len(set))
	for i, p := range set {
		kind := IP6
		if p.Addr().Is4() {
			kind = IP4
		}
		out[i] = piece{text: sign + networkTerm(p), kind: kind, qualifier: qualifier, set: set[i : i+1], known: true, open: true}
	}
	return out
}

// flatten replaces an include, a or mx by its addresses, or the redirect by the
// terms of its target. Of those that are enough the one with the shortest
// record is best, otherwise the one that saves most.
func (c *cheapener) flatten() bool {
	if c.has(Redirect) && !c.has(All) && c.inline() {
		return true
	}
	best, bestSaves, bestLen := -1, 0, 0
	enough := c.cost - MaxLookups
	for i := range c.pieces {
		p := &c.pieces[i]
		if p.kind != Include && p.kind != A && p.kind != MX || !p.open || p.cost == 0 {
			continue
		}
		saves, n := min(p.cost-len(p.kept), enough), len(c.flattened(i).record())
		if saves > bestSaves && n <= maxFlattened || saves == bestSaves && best >= 0 && n < bestLen {
			best, bestSaves, bestLen = i, saves, n
		}
	}
	if best < 0 {
		return false
	}
	term := c.pieces[best].text
	c.pieces = c.flattened(best).pieces
	c.done(ActionFlatten, term)
	return true
}

// flattened is the record with one term replaced by its addresses.
func (c *cheapener) flattened(i int) *cheapener {
	p := &c.pieces[i]
	from, to, set := i, i+1, slices.Clone(p.set)
	for from > 0 && c.pieces[from-1].isBlock() && c.pieces[from-1].qualifier == p.qualifier {
		from--
		set = append(set, c.pieces[from].set...)
	}
	for to < len(c.pieces) && c.pieces[to].isBlock() && c.pieces[to].qualifier == p.qualifier {
		set = append(set, c.pieces[to].set...)
		to++
	}
	with := blocks(p.qualifier, normal(set))
	for _, text := range p.kept {
		if p.qualifier != '+' {
			text = string(p.qualifier) + text
		}
		with = append(with, piece{text: text, kind: Exists, qualifier: p.qualifier, cost: 1})
	}
	out := &cheapener{tree: c.tree, pieces: slices.Clone(c.pieces)}
	out.replace(from, to, with)
	return out
}

// inline puts the terms of the redirect's target in its place.
func (c *cheapener) inline() bool {
	i := slices.IndexFunc(c.pieces, func(p piece) bool { return p.kind == Redirect })
	term, s := c.pieces[i].text, c.pieces[i].source
	if s == nil || s.found == nil || len(s.Faults) > 0 || !c.load(s, s.Domain) {
		return false
	}
	c.done(ActionFlatten, term)
	return true
}
