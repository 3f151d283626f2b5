package spf

import (
	"context"
	"net/netip"
	"slices"
	"strings"

	"todoku/diag/resolve"
)

// Check is check_host() (RFC 7208 §4) for the identity of the query. Questions
// go out one after the other, as far as they are needed.
func Check(ctx context.Context, r resolve.Resolver, q Query) Evaluation {
	c := checker{ctx: ctx, r: r, q: q, ip: q.IP.Unmap(), limit: MaxLookups, voidLimit: MaxVoidLookups}
	c.q.IP = c.ip
	return c.check()
}

func (c *checker) check() Evaluation {
	c.local, c.sender = c.q.Sender()
	if domain, err := resolve.ToASCII(c.sender); err == nil { // RFC 8616 §4
		c.sender = domain
	}
	if !checkable(c.sender) || !c.ip.IsValid() {
		return Evaluation{Result: None}
	}
	c.trail = c.room[:0]
	end := c.host(c.sender)
	e := Evaluation{Result: end.result, Domain: end.domain, Lookups: c.lookups, VoidLookups: c.voids, VoidAnswers: c.answers,
		VoidTerms: c.empty, Problem: c.problem, Err: c.err}
	if c.needs != "" && (end.result == depends || end.result != Pass && end.result != TempError) {
		e.Result, e.Domain, e.Problem, e.Needs = "", "", Problem{}, c.needs
		return e
	}
	if n := len(c.trail); n > 0 {
		slices.Reverse(c.trail)
		e.Trail = slices.Clone(c.trail)
		e.Mechanism = end.mechanism
	}
	if end.result == Fail && end.record != nil {
		e.Explanation = c.explain(end.record.Exp(), end.domain)
	}
	return e
}

// checker is one evaluation under way.
type checker struct {
	ctx           context.Context
	r             resolve.Resolver
	q             Query
	ip            netip.Addr
	local, sender string
	domain        string // <domain> of the record under evaluation
	limit         int    // of look-ups
	voidLimit     int
	lookups       int
	voids         int
	answers       int      // without records
	empty         []string // the terms that they were for
	counted       bool     // the term under evaluation was counted as void
	needs         string   // macro letters that the query leaves open
	problem       Problem
	err           error
	trail         []string // the deciding terms, innermost first
	room          [8]string
}

// depends ends an evaluation that depends on what the query leaves open.
const depends Result = "depends"

// verdict is how the evaluation of one record ended.
type verdict struct {
	result    Result
	mechanism string
	domain    string
	record    *Record
}

// host evaluates the record of a domain (RFC 7208 §4.3 to §4.7).
func (c *checker) host(domain string) verdict {
	end := verdict{domain: domain}
	if !checkable(domain) {
		end.result = None
		return end
	}
	ans, stop := c.ask(domain, resolve.TypeTXT, domain)
	if stop != "" {
		end.result = stop
		return end
	}
	if c.lookups > 0 && len(ans.Records) == 0 {
		c.voids++ // no limit needed: without a record the term is a permerror
	}
	text, n := pick(&ans)
	switch n {
	case 0:
		end.result = None
		return end
	case 1:
	default: // RFC 7208 §4.5
		end.result = c.broken(ProblemMultiple, domain, "")
		return end
	}
	record, faults := Parse(text)
	if len(faults) > 0 { // RFC 7208 §4.6: errors anywhere in the record count
		end.result = c.broken(ProblemSyntax, domain, faults[0].Text)
		return end
	}
	return c.terms(record, domain)
}

// terms goes through the mechanisms in order, then follows the redirect.
func (c *checker) terms(record *Record, domain string) verdict {
	var redirect *Term
	for i := range record.Terms {
		t := &record.Terms[i]
		if !t.IsMechanism() {
			if t.Kind == Redirect {
				redirect = t
			}
			continue
		}
		c.domain = domain // an include may have changed it
		matched, result := c.match(t)
		if result == "" {
			if !matched {
				continue
			}
			result = qualified(t.Qualifier)
		}
		c.trail = append(c.trail, t.Text)
		return verdict{result: result, mechanism: t.Text, domain: domain, record: record}
	}
	if redirect == nil { // RFC 7208 §4.7
		c.trail = append(c.trail, "default")
		return verdict{result: Neutral, mechanism: "default", domain: domain, record: record}
	}
	c.domain = domain
	end := c.redirect(redirect)
	c.trail = append(c.trail, redirect.Text)
	if end.mechanism == "" {
		end.mechanism, end.domain = redirect.Text, domain
	}
	return end
}

func qualified(q byte) Result {
	switch q {
	case '-':
		return Fail
	case '~':
		return SoftFail
	case '?':
		return Neutral
	}
	return Pass
}

// redirect goes on with another domain's record (RFC 7208 §6.1).
func (c *checker) redirect(t *Term) verdict {
	if stop := c.count(t); stop != "" {
		return verdict{result: stop}
	}
	at := c.domain
	name, ok := t.Domain.target(at, c)
	if !ok {
		return verdict{result: depends}
	}
	end := c.host(name)
	if end.result == None {
		return verdict{result: c.broken(ProblemRedirect, at, t.Text)}
	}
	return end
}

// match reports whether a mechanism matches; a result ends the evaluation.
func (c *checker) match(t *Term) (matched bool, stop Result) {
	switch t.Kind {
	case All:
		return true, ""
	case IP4, IP6: // RFC 7208 §5: IPv4-mapped addresses are IPv4
		return t.Prefix.Contains(c.ip), ""
	}
	if stop := c.count(t); stop != "" {
		return false, stop
	}
	c.counted = false
	name, ok := t.Domain.target(c.domain, c)
	if !ok {
		// Whether it matches is open. That does not matter where others pass too.
		if t.Kind == Include || t.Qualifier != '+' {
			return false, depends
		}
		return false, ""
	}
	switch t.Kind {
	case PTR:
		return c.ptr(t, name)
	case Include:
		return c.include(t, name)
	case A:
		return c.addresses(t, name)
	case MX:
		return c.mx(t, name)
	}
	// RFC 7208 §5.7: exists asks for A, also when the client speaks IPv6.
	ans, stop := c.asked(t, name, resolve.TypeA)
	return len(ans.Records) > 0, stop
}

// include matches on pass only (RFC 7208 §5.2).
func (c *checker) include(t *Term, name string) (matched bool, stop Result) {
	at, mark, open := c.domain, len(c.trail), c.needs
	end := c.host(name)
	if c.needs != open && t.Qualifier != '+' {
		return false, depends
	}
	switch end.result {
	case Pass:
		return true, ""
	case TempError, PermError, depends:
		return false, end.result
	case None:
		return false, c.broken(ProblemIncludeNone, at, t.Text)
	}
	c.trail = c.trail[:mark]
	return false, ""
}

// family is the type of address that the client has.
func (c *checker) family() resolve.Type {
	if c.ip.Is4() {
		return resolve.TypeA
	}
	return resolve.TypeAAAA
}

func (c *checker) addresses(t *Term, name string) (matched bool, stop Result) {
	ans, stop := c.asked(t, name, c.family())
	if stop != "" {
		return false, stop
	}
	bits := int(t.Bits6)
	if c.ip.Is4() {
		bits = int(t.Bits4)
	}
	for i := range ans.Records {
		if netip.PrefixFrom(ans.Records[i].Addr, bits).Contains(c.ip) {
			return true, ""
		}
	}
	return false, ""
}

// mx looks at the addresses of the mail hosts (RFC 7208 §5.4). There is no
// implicit MX here.
func (c *checker) mx(t *Term, name string) (matched bool, stop Result) {
	ans, stop := c.asked(t, name, resolve.TypeMX)
	if stop != "" {
		return false, stop
	}
	if len(ans.Records) > MaxNames { // RFC 7208 §4.6.4
		return false, c.broken(ProblemNames, c.domain, t.Text)
	}
	for i := range ans.Records {
		if host := ans.Records[i].Host; host != "." {
			if matched, stop = c.addresses(t, host); matched || stop != "" {
				return matched, stop
			}
		}
	}
	return false, ""
}

// ptr looks for a name of the client at or below the target (RFC 7208 §5.5).
// A DNS error means no match here.
func (c *checker) ptr(t *Term, target string) (matched bool, stop Result) {
	ans, err := c.r.Ask(c.ctx, resolve.Reverse(c.ip), resolve.TypePTR)
	if err != nil {
		c.err = err
		return false, ""
	}
	if stop := c.void(&ans, t); stop != "" {
		return false, stop
	}
	for i := range ans.Records[:min(len(ans.Records), MaxNames)] {
		host := ans.Records[i].Host
		if !askable(host) {
			continue
		}
		addrs, err := c.r.Ask(c.ctx, host, c.family())
		if !resolve.Within(host, target) { // it cannot match, but strict receivers ask for it and count
			if err == nil {
				c.empties(&addrs, t)
			}
			continue
		}
		if err != nil {
			c.err = err
			continue
		}
		if holds(&addrs, c.ip) {
			return true, ""
		}
		if stop := c.void(&addrs, t); stop != "" {
			return false, stop
		}
	}
	return false, ""
}

func holds(a *resolve.Answer, ip netip.Addr) bool {
	for i := range a.Records {
		if a.Records[i].Addr == ip {
			return true
		}
	}
	return false
}

// clientName is %{p}: a confirmed name of the client, best the domain itself,
// then one below it, then any, else "unknown" (RFC 7208 §7.3).
func (c *checker) clientName() string {
	best, rank := "unknown", 0
	ans, err := c.r.Ask(c.ctx, resolve.Reverse(c.ip), resolve.TypePTR)
	if err != nil {
		c.err = err
		return best
	}
	for i := range ans.Records[:min(len(ans.Records), MaxNames)] {
		host, r := ans.Records[i].Host, 1
		if strings.EqualFold(host, c.domain) {
			r = 3
		} else if resolve.Within(host, c.domain) {
			r = 2
		}
		if r <= rank || !askable(host) {
			continue
		}
		addrs, err := c.r.Ask(c.ctx, host, c.family())
		if err != nil {
			c.err = err
		} else if holds(&addrs, c.ip) {
			best, rank = host, r
		}
	}
	return best
}

// value implements values.
func (c *checker) value(letter byte) (string, bool) {
	if letter == 'p' {
		return c.clientName(), true
	}
	if !c.q.knows(letter) {
		if strings.IndexByte(c.needs, letter) < 0 {
			c.needs += string(letter)
		}
		return "", false
	}
	return c.q.plain(letter, c.local, c.sender, c.domain)
}

// count counts a term that asks DNS (RFC 7208 §4.6.4).
func (c *checker) count(t *Term) (stop Result) {
	if c.lookups++; c.lookups > c.limit {
		return c.broken(ProblemLookups, c.domain, t.Text)
	}
	return ""
}

// void counts an answer without records. RFC 7208 §4.6.4 limits the terms for which there are such answers. Receivers
// agree on names that do not exist, which count each, and not on hosts that lack the client's family of addresses, nor on
// ptr.
func (c *checker) void(a *resolve.Answer, t *Term) (stop Result) {
	if !c.empties(a, t) {
		return ""
	}
	if c.counted && (t.Kind == PTR || a.Status != resolve.NoName) {
		return ""
	}
	c.counted = true
	if c.voids++; c.voids > c.voidLimit {
		return c.broken(ProblemVoid, c.domain, t.Text)
	}
	return ""
}

// empties counts an answer without records as the strictest receivers do.
func (c *checker) empties(a *resolve.Answer, t *Term) bool {
	if len(a.Records) > 0 {
		return false
	}
	c.answers++
	if len(c.empty) == 0 || c.empty[len(c.empty)-1] != t.Text {
		c.empty = append(c.empty, t.Text)
	}
	return true
}

// asked asks on behalf of a mechanism: an empty answer is a void look-up.
func (c *checker) asked(t *Term, name string, typ resolve.Type) (ans resolve.Answer, stop Result) {
	if !askable(name) { // RFC 7208 §4.8: it does not match
		return ans, ""
	}
	ans, stop = c.ask(name, typ, t.Text)
	if stop == "" {
		stop = c.void(&ans, t)
	}
	return ans, stop
}

// ask asks; what stays without an answer is a temperror (RFC 7208 §2.6.6).
func (c *checker) ask(name string, typ resolve.Type, term string) (ans resolve.Answer, stop Result) {
	ans, err := c.r.Ask(c.ctx, name, typ)
	if err == nil {
		return ans, ""
	}
	if e, ok := err.(*resolve.Error); ok && e.Kind == resolve.KindName { // as good as no such name
		return resolve.Answer{Status: resolve.NoName}, ""
	}
	c.err = err
	c.problem = Problem{Kind: ProblemDNS, Domain: name, Term: term}
	return ans, TempError
}

func (c *checker) broken(k ProblemKind, domain, term string) Result {
	c.problem = Problem{Kind: k, Domain: domain, Term: term}
	return PermError
}

// explain gets the explanation of the domain's owner (RFC 7208 §6.2). Anything
// wrong with it means that there is none; its questions count towards no limit.
func (c *checker) explain(t *Term, domain string) string {
	if t == nil {
		return ""
	}
	c.domain = domain
	name, ok := t.Domain.target(domain, c)
	if !ok || !askable(name) {
		return ""
	}
	ans, err := c.r.Ask(c.ctx, name, resolve.TypeTXT)
	if err != nil || len(ans.Records) != 1 {
		return ""
	}
	return c.explanation(ans.Records[0].Text)
}

// An explanation is for one SMTP reply; more than this is abuse.
const maxExplanation = 4096

func (c *checker) explanation(text string) string {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return ""
		}
	}
	if _, _, faults := Spec(text).faults(0, true, nil); len(faults) > 0 || len(text) > maxExplanation {
		return ""
	}
	b, ok := Spec(text).expand(nil, c)
	if !ok || len(b) > maxExplanation {
		return ""
	}
	return string(b)
}
