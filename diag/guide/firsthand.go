package guide

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/ns"
	"todoku/diag/resolve"
)

// FirstHand is a resolver that asks every name server of one zone itself about the names of the zone, and another resolver
// about the rest: resolvers remember old records for as long as their TTL says. Its answers are those of the newest zone. It
// notes which servers have another record, or say nothing.
type FirstHand struct {
	zone    string
	outside resolve.Resolver
	direct  ns.Asker
	servers []*ns.Server // that have the zone
	unheard []string     // servers that do not answer

	mu    sync.Mutex
	asked map[ns.Question]*heard
}

// heard is what the servers say to one question.
type heard struct {
	once   sync.Once
	answer resolve.Answer
	err    error
	behind []*ns.Server
	silent []*ns.Server
}

// NewFirstHand finds the name servers of the zone that holds a domain; nil where they are not to be asked or cannot be found.
func NewFirstHand(ctx context.Context, env diag.Env, domain string) *FirstHand {
	if env.Direct == nil || domain == "" {
		return nil
	}
	direct := check.Public(env.Direct)
	d, err := ns.Find(ctx, env.DNS, direct, domain)
	if err != nil || d.Zone == "" {
		return nil
	}
	f := &FirstHand{zone: d.Zone, outside: env.DNS, direct: direct, asked: map[ns.Question]*heard{}}
	survey := ns.Look(ctx, env.DNS, direct, d, nil)
	for _, v := range survey.Servers {
		switch standing, _ := survey.Standing(v); {
		case standing == ns.Authoritative:
			f.servers = append(f.servers, v)
		case standing == ns.Unheard && !v.NoWay():
			f.unheard = append(f.unheard, name(v))
		}
	}
	if len(f.servers) == 0 {
		return nil
	}
	return f
}

// name is a server as people know it.
func name(v *ns.Server) string { return v.Host.Name + " [" + v.Address.String() + "]" }

// Ask implements resolve.Resolver.
func (f *FirstHand) Ask(ctx context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	ofParent := t == resolve.TypeDS && resolve.Lower(name) == resolve.Lower(f.zone) // RFC 4035 §3.1.4.1: the zone above has it
	if !resolve.Within(name, f.zone) || ofParent {
		return f.outside.Ask(ctx, name, t)
	}
	q := ns.Question{Name: resolve.Lower(name), Type: t}
	f.mu.Lock()
	h := f.asked[q]
	if h == nil {
		h = new(heard)
		f.asked[q] = h
	}
	f.mu.Unlock()
	h.once.Do(func() { f.hear(ctx, q, h) })
	return h.answer, h.err
}

// hear asks all servers.
func (f *FirstHand) hear(ctx context.Context, q ns.Question, h *heard) {
	s := ns.Again(ctx, f.direct, f.servers, q)
	best := -1
	for i, v := range s {
		r := v.Replies[0]
		if r.Err != nil || !r.Said.Answered() {
			continue
		}
		if best < 0 || v.NewerThan(s[best]) {
			best = i
		}
	}
	if best < 0 {
		h.answer, h.err = f.elsewhere(ctx, q, s)
		return
	}
	said := s[best].Replies[0].Said
	for _, v := range s {
		r := v.Replies[0]
		switch {
		case r.Err != nil || !r.Said.Answered():
			h.silent = append(h.silent, v)
		case !slices.Equal(ns.Values(r.Said, nil), ns.Values(said, nil)):
			h.behind = append(h.behind, v)
		}
	}
	h.answer, h.err = f.follow(ctx, said)
}

// elsewhere is for a question that no server answers: where they refer to others, the resolver knows, else the first that
// failed says why.
func (f *FirstHand) elsewhere(ctx context.Context, q ns.Question, s []*ns.Server) (resolve.Answer, error) {
	r := s[0].Replies[0]
	switch {
	case r.Err != nil:
		return resolve.Answer{}, r.Err
	case r.Said.Cut != "":
		return f.outside.Ask(ctx, q.Name, q.Type)
	}
	kind := map[string]resolve.Kind{"SERVFAIL": resolve.KindServFail, "REFUSED": resolve.KindRefused}[r.Said.Rcode]
	return resolve.Answer{}, &resolve.Error{Kind: cmp.Or(kind, resolve.KindRcode), Name: q.Name, Type: q.Type.String(),
		Server: r.Said.Server, Rcode: r.Said.Rcode, EDE: r.Said.EDE}
}

// follow goes on from an alias whose target the servers do not know: that of another zone.
func (f *FirstHand) follow(ctx context.Context, said resolve.Said) (resolve.Answer, error) {
	a := said.Answer
	if len(a.Chain) == 0 || len(a.Records) > 0 || a.Status == resolve.NoName {
		return a, nil
	}
	target, err := f.outside.Ask(ctx, a.Chain[len(a.Chain)-1], a.Type)
	if err != nil {
		return resolve.Answer{}, err
	}
	a.Status, a.Records, a.Sent = target.Status, target.Records, a.Sent+target.Sent
	a.Chain = append(slices.Clone(a.Chain), target.Chain...)
	return a, nil
}

// Lag is a name server that has not what the newest zone has, at these names; none: it does not answer.
type Lag struct {
	Server string
	Names  []string
}

// Lags lists the servers of which it is not known that they have what was looked at, each once.
func (f *FirstHand) Lags() []Lag {
	var out []Lag
	put := func(server, name string) {
		i := slices.IndexFunc(out, func(l Lag) bool { return l.Server == server })
		if i < 0 {
			out = append(out, Lag{Server: server})
			i = len(out) - 1
		}
		if name != "" && !slices.Contains(out[i].Names, name) {
			out[i].Names = append(out[i].Names, name)
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for q, h := range f.asked {
		for _, v := range h.behind {
			put(name(v), q.Name)
		}
	}
	for _, h := range f.asked {
		for _, v := range h.silent {
			put(name(v), "")
		}
	}
	for _, server := range f.unheard {
		put(server, "")
	}
	for _, l := range out {
		slices.Sort(l.Names)
	}
	slices.SortFunc(out, func(a, b Lag) int { return cmp.Compare(a.Server, b.Server) })
	return out
}
