package check

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/resolve"
	"todoku/diag/spf"
)

// SPFOptions is what the SPF check may be told of the mail.
type SPFOptions struct {
	IPs             []netip.Addr   // addresses that send it
	Evaluate        bool           // evaluate the identity below, also without an address
	MailFrom        string         // user@domain, @domain, domain, or empty: then HELO is the identity
	HELO            string         // the name that the sending server gives
	RequireIncludes []string       // domains that SPF must include
	RequireIPs      []netip.Prefix // addresses that SPF must pass
	stranger        bool           // nobody says that IPs are the sender's: no record is offered that lets them send
}

// SPF looks at who may send mail for the domain (RFC 7208): at its record with
// all that it includes, and at the addresses and identities that it is told.
func SPF(o SPFOptions) *diag.Check {
	return &diag.Check{
		Name:  "spf",
		Title: codes.Text{EN: "SPF", JA: "SPF"},
		Rules: []*diag.Rule{SPFNone, SPFMultiple, SPFSyntax, SPFLookups, SPFVoidLookups, SPFAllPass, SPFLoop, SPFIncludeNone,
			SPFRedirectNone, SPFMXHosts,
			SPFMissingInclude, SPFMissingIP, SPFIPFail, SPFNoAll, SPFNeutralAll, SPFPTR, SPFAfterAll, SPFLong, SPFMacro, SPFIgnored,
			SPFSecondVersion, SPFGlued, SPFWide, SPFVoidStrict, SPFPrivate},
		Run: func(ctx context.Context, p *diag.Pass) error { return runSPF(ctx, p, o) },
	}
}

// spfRun is one run of the SPF check.
type spfRun struct {
	*diag.Pass
	o         SPFOptions
	ctx       context.Context
	dns       resolve.Resolver
	domain    string // whose record it is about
	query     spf.Query
	tree      *spf.Tree
	facts     *SPFFacts
	told      map[*spf.Source]bool // faulty records that were told already
	left      int                  // findings beyond maxSPFFindings
	evals     []spf.Evaluation     // of o.IPs
	ends      []required           // of o.RequireIPs
	proposals []proposal           // records that mend what was found
	passing   *spf.Reach           // see reach
	had       map[*spf.Source]bool // whose owner listed senders: see propose
	read      map[*spf.Source][]string
}

// required is how the first and the last address of a required block fare.
type required struct{ first, last spf.Evaluation }

func runSPF(ctx context.Context, p *diag.Pass, o SPFOptions) error {
	c := newSPFRun(ctx, p, o, &memory{Resolver: p.DNS, known: map[asked]answered{}})
	c.judge()
	c.offer()
	return c.err()
}

// newSPFRun looks at everything and sets the facts.
func newSPFRun(ctx context.Context, p *diag.Pass, o SPFOptions, dns resolve.Resolver) *spfRun {
	c := &spfRun{Pass: p, o: o, ctx: ctx, dns: dns, told: map[*spf.Source]bool{}, had: map[*spf.Source]bool{},
		read:  map[*spf.Source][]string{},
		facts: newSPFFacts()}
	c.identify()
	c.facts.Domain = c.domain
	p.Facts(c.facts)
	c.look()
	c.fill()
	return c
}

// identify finds the domain whose policy counts, and what is known of the
// message. RFC 7208 §2.4: without MAIL FROM it is the HELO identity.
func (c *spfRun) identify() {
	c.domain = c.Domain()
	o := c.o
	c.query.HELO = o.HELO
	if o.Evaluate && (o.MailFrom != "" || o.HELO != "") {
		c.query = spf.Query{MailFrom: o.MailFrom, HELO: o.HELO}
		if _, c.domain = c.query.Sender(); c.domain == "" { // "user@" names nobody
			c.domain, c.query = c.Domain(), spf.Query{HELO: o.HELO}
		}
		if ascii, err := resolve.ToASCII(c.domain); err == nil {
			c.domain = ascii
		}
	}
	if len(o.IPs) == 1 {
		c.query.IP = o.IPs[0]
	}
	if len(o.IPs) > 0 || o.Evaluate {
		c.query.Now = c.Now()
	}
	if c.query.MailFrom == "" && (c.query.HELO == "" || !o.Evaluate) {
		c.query.MailFrom = c.domain // whose local part nobody told us
	}
}

// look asks everything at once: the tree, and an evaluation for each address.
// They share their questions, so the evaluations find them answered.
func (c *spfRun) look() {
	o := c.o
	c.evals, c.ends = make([]spf.Evaluation, len(o.IPs)), make([]required, len(o.RequireIPs))
	var wg sync.WaitGroup
	check := func(into *spf.Evaluation, ip netip.Addr) {
		q := c.query
		q.IP = ip
		wg.Go(func() { *into = spf.Check(c.ctx, c.dns, q) })
	}
	for i, ip := range o.IPs {
		check(&c.evals[i], ip)
	}
	for i, p := range o.RequireIPs {
		check(&c.ends[i].first, p.Masked().Addr())
		check(&c.ends[i].last, spf.LastAddr(p))
	}
	c.tree = spf.Walk(c.ctx, c.dns, c.domain, &c.query)
	wg.Wait()
}

func (c *spfRun) fill() {
	f, t := c.facts, c.tree
	f.Services = c.services()
	f.Tree, f.Lookups, f.VoidLookups, f.Includes = t.Nodes, t.Lookups, t.VoidLookups, t.Includes
	f.Cut = t.Cut
	if len(t.Root.Texts) > 0 {
		f.Record, f.Records = t.Root.Texts[0], t.Root.Texts
	}
	for _, r := range t.Root.Answer.Records {
		if spf.IsSPF(r.Text) {
			f.TTL = r.TTL
			break
		}
	}
	for _, s := range t.Cheaper() {
		f.Cheaper = append(f.Cheaper, SPFStep{Action: s.Action, Term: s.Term, Saves: s.Saves, Record: s.Record})
	}
	for i, e := range c.evals {
		f.Evaluations = append(f.Evaluations, SPFEvaluation{IP: c.o.IPs[i].String(), MailFrom: c.query.MailFrom,
			HELO: c.query.HELO, Result: e.Result, Needs: e.Needs,
			Mechanism: e.Mechanism, Domain: e.Domain, Trail: append([]string{}, e.Trail...), Explanation: e.Explanation,
			Lookups: e.Lookups, VoidLookups: e.VoidLookups, Problem: e.Problem.String()})
	}
	if len(c.evals) > 0 {
		f.Result, f.Mechanism, f.Explanation = c.evals[0].Result, c.evals[0].Mechanism, c.evals[0].Explanation
		return
	}
	f.Result = t.Result()
}

// services names those whose records the tree includes, in its order.
func (c *spfRun) services() []string {
	out := []string{}
	c.tree.Each(func(n *spf.Node) {
		if n.Kind != spf.Include && n.Kind != spf.Redirect {
			return
		}
		if by, ok := c.Providers.ByInclude(n.Domain); ok && !slices.Contains(out, by.Name.EN) {
			out = append(out, by.Name.EN)
		}
	})
	return out
}

// err is what stayed unknown: each question once.
func (c *spfRun) err() error {
	errs := []error{c.tree.Err}
	if c.tree.Cut && len(c.o.RequireIncludes) > 0 {
		records := codes.Text{EN: "records of the SPF tree", JA: "SPFの参照先のレコード"}
		errs = append(errs, &diag.Bounded{Domain: c.domain, Type: "SPF", What: records, Limit: spf.MaxRecords})
	}
	faults := codes.Text{EN: "faults of the SPF tree", JA: "SPFの参照先を含む誤り"}
	errs = append(errs, diag.Beyond(c.domain, "SPF", faults, maxSPFFindings, c.left))
	needs := ""
	add := func(e *spf.Evaluation) {
		for _, letter := range e.Needs {
			if !strings.ContainsRune(needs, letter) {
				needs += string(letter)
				errs = append(errs, untold(c.domain, letter))
			}
		}
		for _, known := range errs {
			if e.Err == nil || errors.Is(known, e.Err) {
				return
			}
		}
		errs = append(errs, e.Err)
	}
	for i := range c.evals {
		add(&c.evals[i])
	}
	for i := range c.ends {
		add(&c.ends[i].first)
		add(&c.ends[i].last)
	}
	return errors.Join(errs...)
}

// sawTexts hangs some records of a TXT answer on a finding.
func sawTexts(f *diag.Finding, a resolve.Answer, texts []string) *diag.Finding {
	a.Records = slices.DeleteFunc(slices.Clone(a.Records), func(r resolve.Record) bool { return !slices.Contains(texts, r.Text) })
	return f.Saw(a)
}

// untold says what of the mail a macro letter asks for.
func untold(domain string, letter rune) error {
	u := &diag.Untold{Domain: domain, Type: "SPF", What: codes.Text{EN: "the sender address of the mail (%{" + string(letter) + "}): check spf with --mail-from", JA: "メールの送信者アドレス(%{" + string(letter) + "})です。check spf の --mail-from で指定してください"}}
	if letter == 'h' {
		u.What = codes.Text{EN: "the HELO name of the sending server (%{h}): give --helo", JA: "送信サーバーがHELOで名乗る名前(%{h})です。--helo で指定してください"}
	}
	return u
}

// saw hangs the SPF records of a TXT answer on a finding, not the rest of it.
func saw(f *diag.Finding, a resolve.Answer) *diag.Finding {
	only := a
	only.Records = nil
	for _, r := range a.Records {
		if spf.IsSPF(r.Text) {
			only.Records = append(only.Records, r)
		}
	}
	if len(only.Records) == 0 {
		only = a
	}
	return f.Saw(only)
}

func (c *spfRun) judge() {
	root := c.tree.Root
	switch {
	case root.Err != nil:
		return
	case len(root.Texts) == 0:
		c.none()
	case len(root.Texts) > 1:
		c.multiple(root)
	default:
		c.syntax(root)
		c.limits()
		c.tree.Each(c.node)
		c.lints()
		c.wide()
	}
	c.requiredIncludes()
	c.requiredIPs()
	c.addresses()
}

// none suggests a record: the one that is probably meant by a text that is none or stands elsewhere, or one of what is known:
// the sending addresses and the MX.
func (c *spfRun) none() {
	root := c.tree.Root
	there := absentSPF(root.Answer)
	if len(there.texts) == 0 && len(root.Answer.Chain) == 0 {
		c.misplaced(&there)
	}
	f := c.Report(SPFNone, c.domain, append([]codes.Datum{codes.Str("domain", c.domain)}, there.data()...)...)
	there.saw(f)
	switch {
	case len(there.texts) > 0:
		c.propose(root, readingsOf(there.texts)...)
	case root.Answer.Status != resolve.NoName:
		c.fromScratch()
	}
}

// fromScratch proposes a record of what is known: the sending addresses and the MX.
func (c *spfRun) fromScratch() {
	if c.o.stranger {
		return
	}
	terms := networks(c.o.IPs)
	mx, err := c.dns.Ask(c.ctx, c.domain, resolve.TypeMX)
	switch {
	case err == nil && len(mx.Records) == 1 && mx.Records[0].Host == "." && len(terms) == 0:
		c.propose(c.tree.Root, "v=spf1 -all") // RFC 7505: no mail at all
		return
	case err == nil && len(mx.Records) > 0 && len(mx.Records) <= spf.MaxNames && mx.Records[0].Host != ".":
		terms = append(terms, "mx")
	}
	if len(terms) > 0 {
		c.propose(c.tree.Root, "v=spf1 "+strings.Join(terms, " ")+" ~all")
	}
}

func networks(ips []netip.Addr) []string {
	var out []string
	for _, ip := range ips {
		ip = ip.Unmap()
		out = append(out, spf.NetworkTerm(netip.PrefixFrom(ip, ip.BitLen())))
	}
	return out
}

// A record that breaks in more places than this was not written by mistake.
const maxSPFFindings = 50

// room reports whether there is room for one finding more; where there is none,
// it is counted.
func (c *spfRun) room() bool {
	if c.Reported() < maxSPFFindings {
		return true
	}
	c.left++
	return false
}

// again reports whether a faulty record was told already.
func (c *spfRun) again(s *spf.Source) bool {
	before := c.told[s]
	c.told[s] = true
	return before
}

func (c *spfRun) multiple(s *spf.Source) {
	if c.again(s) || !c.room() {
		return
	}
	saw(c.Report(SPFMultiple, s.Domain, codes.Str("domain", s.Domain), codes.Num("count", len(s.Texts)),
		codes.List("all", s.Texts)), s.Answer)
	c.propose(s, readingsOf(s.Texts)...)
}

func (c *spfRun) syntax(s *spf.Source) {
	if c.again(s) {
		return
	}
	for _, fault := range s.Faults {
		if !c.room() {
			continue
		}
		saw(c.Report(SPFSyntax, s.Domain, codes.Str("domain", s.Domain), codes.Str("text", fault.Text),
			codes.Num("offset", fault.Offset), codes.Str("problem", string(fault.Kind)), codes.Str("record", s.Record.Text)), s.Answer)
		c.propose(s, c.readings(s)...)
	}
}

// node judges one term of the tree.
func (c *spfRun) node(n *spf.Node) {
	at := c.tree.Source(n.At)
	data := []codes.Datum{codes.Str("term", n.Term), codes.Str("domain", n.At), codes.Str("target", n.Domain)}
	var rule *diag.Rule
	switch {
	case n.Result == spf.NodeLoop:
		rule = SPFLoop
	case n.Result == spf.NodeNone:
		c.nothing(n, at, data)
		return
	case n.Result == spf.NodePermError && n.Kind == spf.MX:
		rule, data = SPFMXHosts, append(data, codes.Num("limit", spf.MaxNames))
	case n.Result == spf.NodePermError && len(n.Source.Texts) > 1:
		c.multiple(n.Source)
		return
	case n.Result == spf.NodePermError:
		c.syntax(n.Source)
		return
	default:
		return
	}
	if !c.room() {
		return
	}
	saw(c.Report(rule, n.At, data...), at.Answer)
	if n.Kind == spf.Include {
		c.dead(at, n.Term)
	}
}

// nothing judges an include or a redirect that leads to no SPF record.
func (c *spfRun) nothing(n *spf.Node, at *spf.Source, data []codes.Datum) {
	if !c.room() {
		return
	}
	rule := SPFIncludeNone
	if n.Kind == spf.Redirect {
		rule = SPFRedirectNone
	}
	there := absentSPF(resolve.Answer{Status: resolve.NoName}) // no such name can be
	if n.Source != nil {
		there = absentSPF(n.Source.Answer)
	}
	f := saw(c.Report(rule, n.At, append(data, there.data()...)...), at.Answer)
	if n.Source != nil {
		there.saw(f)
	}
	switch {
	case len(there.texts) > 0: // its senders are meant
		c.propose(n.Source, readingsOf(there.texts)...)
	case n.Kind == spf.Include:
		c.dead(at, n.Term)
	}
}

// dead proposes what to do about an include that leads nowhere: part what was glued, else leave it out.
func (c *spfRun) dead(at *spf.Source, include string) {
	if at.Record == nil || len(at.Faults) > 0 {
		return
	}
	readings := c.readings(at)
	if len(readings) != 1 || readings[0] != at.Record.Text {
		c.propose(at, readings...)
		return
	}
	rest := at.Record.Without(func(t *spf.Term) bool { return t.Text == include && !t.Domain.HasMacro() })
	c.propose(at, append(at.Record.Unglued(include), rest)...)
}
