package sources

import (
	"cmp"
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"todoku/codes"
	"todoku/diag/mx"
	"todoku/diag/provider"
	"todoku/diag/resolve"
	"todoku/diag/spf"
)

// World is what Judge may ask.
type World struct {
	DNS       resolve.Resolver // nil: nobody is asked
	Providers *provider.Catalogue
	Most      int // addresses that are asked about, those with the most mail; 0: DefaultMost
}

// DefaultMost is about how many addresses DNS is asked.
const DefaultMost = 5_000

// address is what is known of a source.
type address struct {
	ip      netip.Addr
	mails   int64
	records map[string]*authorised // by the name of the SPF record
	hosts   []string               // names that lead back to the address
	err     error                  // why the names are not known
	asked   bool
	sources []*source // the address as each domain has it
}

// authorised is whether an SPF record lets an address pass now.
type authorised struct {
	asked   bool
	result  spf.Result
	term    string
	include string // the domain of another that the record includes, which has the address; "" for terms of its own
	wide    bool   // the term lets nearly everybody pass: it says nothing
	problem spf.ProblemKind
	err     error
}

// errNoAnswer says that a record could not be evaluated.
var errNoAnswer = errors.New("DNS did not answer")

// notAsked is the error of a question that is not put any more.
func notAsked(name string, t resolve.Type) error {
	return &resolve.Error{Kind: "not_asked", Name: name, Type: t.String(), Message: "DNS was not asked any more",
		Says: codes.Text{EN: "DNS was not asked any more", JA: "以降の問い合わせを取りやめました"}}
}

// passes reports whether the record names the address itself.
func (a *authorised) passes() bool { return a.result == spf.Pass && !a.wide }

// ignorance is why nobody can say that the source of mails is not ours; "" where DNS told.
func (w *work) ignorance(m *mails) ReasonID {
	if !m.at.asked {
		return NotAsked
	}
	for _, name := range w.recordsOf(m) {
		if r := m.at.records[name]; r == nil || !r.asked {
			return NotAsked
		}
	}
	for _, name := range m.at.names {
		switch r := m.at.records[name]; {
		case r.err != nil:
			return DNSSilent
		case r.result == spf.PermError:
			return RecordBroken
		}
	}
	if m.at.err != nil || w.mxErr != nil { // the source may be a mail host
		return DNSSilent
	}
	return ""
}

// asker asks about addresses.
type asker struct {
	ctx       context.Context
	dns       resolve.Resolver
	providers *provider.Catalogue
	answered  atomic.Int64
	failed    atomic.Int64
	checks    atomic.Int64 // SPF records that were evaluated
}

// maxChecks bounds the SPF records that are evaluated in a run, each for an address.
const maxChecks = maxRecords * DefaultMost

// patience is how many questions in a row from the first may stay without an answer before nobody is asked any more.
const patience = 40

// silent reports whether DNS answers nothing at all.
func (k *asker) silent() bool { return k.answered.Load() == 0 && k.failed.Load() >= patience }

// ended reports whether nobody is asked any more.
func (k *asker) ended() bool { return k.ctx.Err() != nil || k.silent() }

// note counts what came of a question.
func (k *asker) note(err error) {
	if err == nil {
		k.answered.Add(1)
	} else {
		k.failed.Add(1)
	}
}

// atOnce is how many addresses are looked at side by side.
const atOnce = 64

// sideBySide calls do for 0 to n-1.
func sideBySide(n int, do func(int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(atOnce, n) {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				do(int(i))
			}
		})
	}
	wg.Wait()
}

// askAll asks about the addresses with the most mail. It gives how many are left.
func (k *asker) askAll(all map[netip.Addr]*address, most int) (asked, left int) {
	list := make([]*address, 0, len(all))
	for _, a := range all {
		if a.ip.IsValid() {
			list = append(list, a)
		}
	}
	slices.SortFunc(list, func(a, b *address) int { return cmp.Or(cmp.Compare(b.mails, a.mails), a.ip.Compare(b.ip)) })
	if len(list) > most {
		left, list = len(list)-most, list[:most]
	}
	var n atomic.Int64
	sideBySide(len(list), func(i int) {
		if k.ended() {
			return
		}
		k.ask(list[i])
		n.Add(1)
	})
	return int(n.Load()), left
}

// ask looks at one address: the records of each domain first; its names only where they do not tell a domain whose it is.
func (k *asker) ask(a *address) {
	a.asked = true
	named := true
	for _, s := range a.sources {
		passes := false
		for _, name := range s.names {
			r := s.records[name]
			if !r.asked && !k.ended() && k.checks.Add(1) <= maxChecks {
				*r = k.record(a.ip, name)
				r.asked = true
			}
			passes = passes || r.passes()
		}
		named = named && passes
	}
	if !named {
		a.hosts, a.err = k.names(a.ip)
	}
}

// record evaluates an SPF record for an address.
func (k *asker) record(ip netip.Addr, name string) authorised {
	e := spf.Check(k.ctx, k.dns, spf.Query{IP: ip, MailFrom: name})
	if e.Result == spf.TempError {
		if e.Err == nil {
			e.Err = errNoAnswer
		}
		k.note(e.Err)
		return authorised{result: e.Result, err: e.Err}
	}
	k.note(nil)
	r := authorised{result: e.Result, problem: e.Problem.Kind}
	if e.Result != spf.Pass {
		return r
	}
	r.term = strings.Join(e.Trail, " → ")
	r.wide = len(e.Trail) > 0 && isWide(e.Trail[len(e.Trail)-1]) // of the record that is included last
	for _, t := range e.Trail {
		domain := included(t)
		if domain == "" || resolve.Within(domain, name) || resolve.Within(name, domain) {
			continue
		}
		if _, known := byName(k.providers, domain); r.include == "" || known {
			r.include = domain
		}
	}
	return r
}

// included is the domain of an include or a redirect; "" for other terms.
func included(term string) string {
	term = strings.TrimPrefix(strings.ToLower(term), "+")
	for _, head := range []string{"include:", "redirect="} {
		if domain, ok := strings.CutPrefix(term, head); ok {
			return strings.TrimSuffix(domain, ".")
		}
	}
	return ""
}

// isWide reports whether a mechanism lets nearly everybody pass.
func isWide(mechanism string) bool {
	m := strings.TrimPrefix(strings.ToLower(mechanism), "+")
	if m == "all" || m == "default" {
		return true
	}
	for _, head := range []string{"ip4:", "ip6:"} {
		text, ok := strings.CutPrefix(m, head)
		if !ok {
			continue
		}
		p, err := netip.ParsePrefix(text)
		return err == nil && (p.Addr().Is4() && p.Bits() < 12 || p.Addr().Is6() && p.Bits() < 24)
	}
	return false
}

// maxNames is how many names of an address are looked at.
const maxNames = 3

// names are the names of an address that lead back to it (RFC 8601 §2.7.3).
func (k *asker) names(ip netip.Addr) ([]string, error) {
	answer, err := k.dns.Ask(k.ctx, resolve.Reverse(ip), resolve.TypePTR)
	k.note(err)
	if err != nil {
		return nil, err
	}
	var out []string
	var failed error
	kind := resolve.TypeA
	if ip.Is6() {
		kind = resolve.TypeAAAA
	}
	for _, r := range answer.Records[:min(len(answer.Records), maxNames)] {
		back, err := k.dns.Ask(k.ctx, r.Host, kind)
		if err != nil {
			failed = err
			continue
		}
		if slices.ContainsFunc(back.Records, func(r resolve.Record) bool { return r.Addr.Unmap() == ip }) {
			out = append(out, strings.ToLower(r.Host))
		}
	}
	if len(out) > 0 {
		failed = nil
	}
	return out, failed
}

// mailHosts are the addresses of the hosts that take the mail of a domain. The error tells that there may be more.
func (k *asker) mailHosts(domain string) (map[netip.Addr]bool, error) {
	route, err := mx.Lookup(k.ctx, k.dns, domain, false)
	k.note(err)
	if err != nil {
		return nil, err
	}
	out := map[netip.Addr]bool{}
	var failed []error
	for _, h := range route.Hosts {
		if !resolve.Within(h.Name, domain) { // those of a provider take mail for many
			continue
		}
		for _, ip := range h.Addresses.Addrs() {
			out[ip.Unmap()] = true
		}
		failed = append(failed, h.Addresses.Err())
	}
	return out, errors.Join(failed...)
}
