package spf

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"

	"todoku/diag/resolve"
)

// The bounds of Walk: what lies beyond them is broken long before.
const (
	MaxRecords   = 40  // records looked at
	maxNodes     = 500 // nodes shown
	maxQuestions = 600 // questions about a, mx and exists
)

// Source is what a domain publishes: the domain asked about, or the target of
// an include or a redirect.
type Source struct {
	Domain string
	Answer resolve.Answer // of the TXT question
	Err    error          // why it stayed without an answer
	Texts  []string       // the SPF records found: one is right
	Record *Record        // nil unless there is exactly one
	Faults []Fault        // of Record
	found  []found        // what DNS says of each term of Record
}

// found is what DNS says of one term.
type found struct {
	target   string // the name asked; empty where a macro needs a message
	addrs    []netip.Addr
	voids    int
	tooMany  bool // more MX hosts than are allowed
	cut      bool
	any      bool // of exists: there is an address
	err      error
	expanded bool
}

// Tree is a record with all that it includes, whatever the message.
type Tree struct {
	Root        *Source
	Nodes       []*Node // never nil
	Lookups     int     // terms that ask DNS, counted beyond the limit too
	VoidLookups int     // look-ups that find nothing for IPv4 and IPv6 alike
	Includes    int     // include terms, nested ones counted
	Cut         bool    // the tree is larger than Walk looks: the counts are lower bounds
	Err         error   // what stayed without an answer, joined
	sources     map[string]*Source
	sums        map[*Source]sum // what each record costs with all below it
	flats       map[*Source]outcome
}

// walker looks at the records of one tree. Every question goes out as soon as
// its name is known.
type walker struct {
	ctx       context.Context
	r         resolve.Resolver
	q         *Query
	local     string
	sender    string
	root      *Source
	wg        sync.WaitGroup
	mu        sync.Mutex
	sources   map[string]*Source
	cut       bool
	questions atomic.Int32
}

// Walk looks at the record of a domain and all that it includes. The query is
// what is known of the message, for macros; it may be empty.
func Walk(ctx context.Context, r resolve.Resolver, domain string, q *Query) *Tree {
	w := &walker{ctx: ctx, r: r, q: q, sender: domain, sources: make(map[string]*Source, 8)}
	if q == nil {
		w.q = &Query{}
	} else if q.MailFrom != "" || q.HELO != "" {
		w.local, w.sender = q.Sender()
	}
	root := &Source{Domain: strings.ToLower(domain)}
	w.root = root
	w.sources[root.Domain] = root
	w.fetch(root, w.follow)
	w.wg.Wait()
	if w.cut {
		w.settle(root)
	}
	return w.tree(root)
}

// fetch reads the record of a source and looks at its terms; next is told of
// the targets of includes and redirects.
func (w *walker) fetch(s *Source, next func(target string)) {
	s.Answer, s.Err = w.r.Ask(w.ctx, s.Domain, resolve.TypeTXT)
	if s.Err != nil {
		if e, ok := s.Err.(*resolve.Error); ok && e.Kind == resolve.KindName {
			s.Err = nil
			s.Answer = resolve.Answer{Name: s.Domain, Type: resolve.TypeTXT, Status: resolve.NoName}
		}
		return
	}
	for i := range s.Answer.Records {
		if text := s.Answer.Records[i].Text; IsSPF(text) {
			s.Texts = append(s.Texts, text)
		}
	}
	if len(s.Texts) != 1 {
		return
	}
	s.Record, s.Faults = Parse(s.Texts[0])
	if len(s.Faults) > 0 && s != w.root {
		return // nobody evaluates it; the record asked about is shown as far as it goes
	}
	s.found = make([]found, len(s.Record.Terms))
	for _, i := range s.reached() {
		w.look(s, i, next)
	}
}

// reached lists the terms that ask DNS and can be reached: RFC 7208 §5.1 hides
// what follows all, and any redirect.
func (s *Source) reached() []int {
	var room [16]int
	out := room[:0]
	if s.Record == nil || s.found == nil {
		return out
	}
	all := s.Record.All()
	for i := range s.Record.Terms {
		t := &s.Record.Terms[i]
		if t.Asks() && (all == nil || t.Offset < all.Offset && t.Kind != Redirect) {
			out = append(out, i)
		}
	}
	return out
}

// scope knows the macro letters that a tree can expand.
type scope struct {
	w      *walker
	domain string
}

func (s scope) value(letter byte) (string, bool) {
	q := s.w.q
	if !q.knows(letter) || (letter == 'i' || letter == 'v') && !q.IP.IsValid() {
		return "", false
	}
	return q.plain(letter, s.w.local, s.w.sender, s.domain)
}

// look asks what a term needs.
func (w *walker) look(s *Source, i int, next func(string)) {
	t, f := &s.Record.Terms[i], &s.found[i]
	f.target, f.expanded = t.Domain.target(s.Domain, scope{w, s.Domain})
	if !f.expanded || !askable(f.target) {
		return
	}
	switch t.Kind {
	case Include, Redirect:
		next(strings.ToLower(f.target))
	case A:
		w.wg.Go(func() { w.hosts(f, f.target) })
	case MX:
		w.wg.Go(func() { w.mx(f) })
	case Exists:
		w.wg.Go(func() {
			ans, err := w.ask(f, f.target, resolve.TypeA)
			f.any, f.err = len(ans.Records) > 0, err
			if err == nil && !f.any && !f.cut {
				f.voids = 1
			}
		})
	}
}

// follow fetches a source that is new, beside all others.
func (w *walker) follow(target string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.sources[target] != nil {
		return
	}
	if len(w.sources) >= MaxRecords {
		w.cut = true
		return
	}
	s := &Source{Domain: target}
	w.sources[target] = s
	w.wg.Go(func() { w.fetch(s, w.follow) })
}

// ask asks within the bound.
func (w *walker) ask(f *found, name string, t resolve.Type) (resolve.Answer, error) {
	if w.questions.Add(1) > maxQuestions {
		w.mu.Lock()
		f.cut = true
		w.mu.Unlock()
		return resolve.Answer{}, nil
	}
	ans, err := w.r.Ask(w.ctx, name, t)
	if e, ok := err.(*resolve.Error); ok && e.Kind == resolve.KindName {
		return resolve.Answer{Status: resolve.NoName}, nil
	}
	return ans, err
}

func (w *walker) mx(f *found) {
	ans, err := w.ask(f, f.target, resolve.TypeMX)
	if err != nil || f.cut {
		f.err = err
		return
	}
	if len(ans.Records) == 0 {
		f.voids = 1
	}
	f.tooMany = len(ans.Records) > MaxNames
	var hosts [MaxNames]string
	n := 0
	for i := range ans.Records[:min(len(ans.Records), MaxNames)] {
		if h := ans.Records[i].Host; askable(h) {
			hosts[n] = h
			n++
		}
	}
	if n > 0 {
		w.hosts(f, hosts[:n]...)
	}
}

// hosts asks for all addresses of all hosts at once.
func (w *walker) hosts(f *found, hosts ...string) {
	type both struct {
		ans  [2]resolve.Answer
		errs [2]error
	}
	got := make([]both, len(hosts))
	var wg sync.WaitGroup
	for i, h := range hosts {
		b := &got[i]
		wg.Go(func() { b.ans[0], b.errs[0] = w.ask(f, h, resolve.TypeA) })
		if i < len(hosts)-1 {
			wg.Go(func() { b.ans[1], b.errs[1] = w.ask(f, h, resolve.TypeAAAA) })
		} else {
			b.ans[1], b.errs[1] = w.ask(f, h, resolve.TypeAAAA)
		}
	}
	wg.Wait()
	for i := range got {
		before := len(f.addrs)
		for k := range got[i].ans {
			for j := range got[i].ans[k].Records {
				if len(f.addrs) >= maxPrefixes {
					f.cut = true
					break
				}
				f.addrs = append(f.addrs, got[i].ans[k].Records[j].Addr)
			}
			if f.err == nil {
				f.err = got[i].errs[k]
			}
		}
		if len(f.addrs) == before && got[i].errs == [2]error{} && !f.cut {
			f.voids++
		}
	}
}

// settle chooses the records of a tree that is larger than the bound anew: the
// first ones level by level, so that the same world gives the same tree. What
// the first walk fetched is not asked again.
func (w *walker) settle(root *Source) {
	had := w.sources
	w.sources = map[string]*Source{root.Domain: root}
	for level := []*Source{root}; len(level) > 0; {
		var below []*Source
		for _, s := range level {
			for _, i := range s.reached() {
				t, f := &s.Record.Terms[i], &s.found[i]
				target := strings.ToLower(f.target)
				if t.Kind != Include && t.Kind != Redirect || !f.expanded || !askable(target) || w.sources[target] != nil ||
					len(w.sources) >= MaxRecords {
					continue
				}
				child := had[target]
				if child == nil {
					child = &Source{Domain: target}
					w.wg.Go(func() { w.fetch(child, func(string) {}) })
				}
				w.sources[target] = child
				below = append(below, child)
			}
		}
		w.wg.Wait()
		level = below
	}
}

// tree counts and orders what was found.
func (w *walker) tree(root *Source) *Tree {
	t := &Tree{Root: root, Cut: w.cut, sources: w.sources, sums: make(map[*Source]sum, len(w.sources))}
	b := builder{tree: t}
	b.fail(root.Err)
	t.Nodes = b.nodes(root)
	t.Lookups, t.VoidLookups, t.Includes = b.total.lookups, b.total.voids, b.total.includes
	t.Err = errors.Join(b.errs...)
	return t
}
