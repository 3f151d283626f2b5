package guide

import (
	"cmp"
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/dmarc"
	"todoku/diag/mx"
	"todoku/diag/probe"
	"todoku/diag/resolve"
	"todoku/diag/watch/past"
	"todoku/sender/mail"
)

// Env is the world that a diagnosis may look at.
type Env struct {
	diag.Env
	Codes   *codes.Catalogue
	Public  bool     // ask the public lists where the reply names none
	Asked   []string // zones of lists that are asked in any case
	Traffic func(ctx context.Context, domain string, end time.Time) (Traffic, error)
	Past    Past           // nil: nothing is known of earlier
	Zone    *time.Location // of clocks that name none, and of times in words; nil: that of Now
}

// Traffic is how much we sent to a domain on the day before a time.
type Traffic struct {
	Hour, Day int // sendings of the busiest hour, of the whole day
	PutOff    int // of the day, refused for now
}

// evidence is everything that was seen. Each part is written by one goroutine
// before the judges read it.
type evidence struct {
	*Case
	env     Env
	reasons []string
	silent  bool

	sender    *diag.Report // of the From domain; nil without one
	senders   []senderName // the domains of the sender
	below     resolve.Answer
	belowErr  error
	route     *mx.Route // to the recipient; nil without one
	routeErr  error
	servers   nameServers   // of the name servers of the recipient's domain, where the resolver cannot tell the route
	visits    []Visit       // at the recipient's servers
	unseen    *diag.Bounded // more of these servers than are visited, else nil
	plain     []Visit       // the same without TLS
	transport transport     // what the recipient's domain demands of TLS, where the error is about that
	control   []Visit       // at the sender's own servers: whether SMTP gets out at all
	lists     []seenList
	mail      seenMail // where there is a mail
	traffic   *Traffic
	noCount   error
	past      []past.Change // at the sender's domains, before the mail was refused
	noPast    error
}

// fromDomain is the domain of the From header, as DNS knows it; "" without.
func (c *Case) fromDomain() string { return domainOf(c.From) }

// Sender is the sender's domain as DNS knows it, "" where it is not known.
func (c *Case) Sender() string { return cmp.Or(c.fromDomain(), c.envelopeDomain()) }

// envelopeDomain is the domain whose SPF counts.
func (c *Case) envelopeDomain() string {
	if c.MailFrom != "" {
		return domainOf(c.MailFrom)
	}
	return c.fromDomain()
}

func (c *Case) toDomain() string { return domainOf(c.To) }

// domainOf is the domain of an address, or a domain itself, as DNS knows it; ""
// for what is neither, such as a name with a blank or a shell's marks in it.
func domainOf(s string) string {
	s = mail.FirstAddress(s)
	if i := strings.LastIndexByte(s, '@'); i >= 0 {
		s = s[i+1:]
	}
	ascii, err := resolve.ToASCII(strings.Trim(s, "<> "))
	if err != nil || !codes.PlaceDomain.Takes(ascii) {
		return ""
	}
	return ascii
}

// aboutSender reports whether the error complains of anything that the sender's
// own DNS shows.
func (e *evidence) aboutSender() bool {
	return e.envelopeDomain() != "" && e.wants(lookSender)
}

// gather asks everything that any suspected cause needs, all at once.
func (e *evidence) gather(ctx context.Context, sender bool) {
	var wg sync.WaitGroup
	if sender {
		wg.Go(func() { e.lookAtSender(ctx, e.Case) })
	}
	if e.toDomain() != "" {
		wg.Go(func() { e.lookAtRecipient(ctx) })
	}
	if e.wants(lookControl) && e.env.SMTP != nil && e.fromDomain() != "" && e.fromDomain() != e.toDomain() {
		wg.Go(func() {
			if route, err := mx.Lookup(ctx, e.env.DNS, e.fromDomain(), true); err == nil {
				e.control = e.env.visit(ctx, route, probe.Depth{Greeting: true})
			}
		})
	}
	if e.wants(lookLists) {
		wg.Go(func() { e.lists = e.askLists(ctx) })
	}
	if e.Message != nil {
		wg.Go(func() { e.lookAtMail(ctx) })
	}
	wg.Go(func() { pastView{e}.look(ctx) })
	if e.wants(lookTraffic) && e.env.Traffic != nil && e.toDomain() != "" {
		wg.Go(func() {
			end := e.env.Now()
			if !e.Time.IsZero() { // the mail may be the first of many
				end = e.Time.Add(time.Hour)
			}
			t, err := e.env.Traffic(ctx, e.toDomain(), end)
			e.traffic, e.noCount = &t, err
		})
	}
	wg.Wait()
}

// wants reports whether the error complains of a cause that has to have something looked at.
func (e *evidence) wants(l Look) bool {
	return slices.ContainsFunc(Causes(), func(c *Cause) bool { return c.Looks&l != 0 && e.complains(c) })
}

// signer is the domain whose DKIM keys count.
func (c *Case) signer() string {
	if len(c.Signers) > 0 {
		return domainOf(c.Signers[0])
	}
	return c.Sender()
}

// lookAtSender runs the checks of the sending side. What SPF says is about the
// envelope, DMARC about From; for alignment only the names count, so that it
// need not wait for their results.
func (e *evidence) lookAtSender(ctx context.Context, c *Case) {
	from := c.Sender()
	spf := check.SPFOptions{HELO: c.HELO}
	ptr := check.PTROptions{SendingOnly: true}
	if c.IP.IsValid() {
		spf.IPs, ptr.IPs = []netip.Addr{c.IP}, []netip.Addr{c.IP}
	}
	if c.envelopeDomain() != from || strings.Contains(c.MailFrom, "@") {
		spf.Evaluate, spf.MailFrom = true, cmp.Or(c.MailFrom, from)
	}
	auth := &dmarc.Input{From: "x@" + from, SPF: []dmarc.AuthResult{{Result: "pass", Domain: c.envelopeDomain()}}}
	for _, d := range c.Signers {
		auth.DKIM = append(auth.DKIM, dmarc.AuthResult{Result: "pass", Domain: d})
	}
	checks := []*diag.Check{check.SPF(spf), check.DMARC(check.DMARCOptions{Auth: auth, SendingOnly: true}), check.PTR(ptr)}
	env := e.env.Env
	env.Eager = true
	target, err := diag.DomainTarget(from)
	keys, bad := diag.DomainTarget(c.signer())
	if err != nil || bad != nil {
		return
	}
	var report, signing *diag.Report
	var wg sync.WaitGroup
	senders := c.senderNames()
	for i := range senders {
		wg.Go(func() { senders[i].lookUp(ctx, e.env.DNS) })
	}
	wg.Go(func() { report = diag.Run(ctx, env, target, checks) })
	wg.Go(func() {
		signing = diag.Run(ctx, env, keys, []*diag.Check{check.DKIM(check.DKIMOptions{Selectors: c.Selectors})})
	})
	wg.Go(func() { e.below, e.belowErr = e.env.DNS.Ask(ctx, "_domainkey."+keys.ASCII, resolve.TypeTXT) })
	wg.Wait()
	report.Results = append(report.Results, signing.Results...)
	e.sender, e.senders = report, senders
}

// seenBy finds what the check of the sending side with such facts found; nil where it did not run.
func seenBy[F diag.Facts](e *evidence) (*diag.Result, F) {
	if e.sender == nil {
		var none F
		return nil, none
	}
	return diag.FactsOf[F](e.sender)
}

func (e *evidence) lookAtRecipient(ctx context.Context) {
	e.route, e.routeErr = mx.Lookup(ctx, e.env.DNS, e.toDomain(), true)
	if e.routeErr != nil && e.env.Direct != nil && e.complains(dnsTrouble) {
		e.servers = lookAtNameServers(ctx, e)
	}
	if e.routeErr != nil || e.env.SMTP == nil || !slices.ContainsFunc(Causes(), func(c *Cause) bool { return c.Session && e.complains(c) }) {
		return
	}
	var to []string
	if strings.Contains(e.To, "@") {
		to = append(to, e.To)
	}
	var wg sync.WaitGroup
	if slices.Contains(e.reasons, "tls_required") {
		wg.Go(func() { e.plain = e.env.visit(ctx, e.route, probe.Depth{Plain: true}, to...) })
	}
	e.unseen = unvisited(e.route, e.toDomain())
	e.visits = e.env.visit(ctx, e.route, probe.Depth{}, to...)
	if slices.Contains(e.reasons, "tls_failed") {
		wg.Go(func() { lookAtTransport(ctx, e) })
	}
	wg.Wait()
}

// someUnseen reports whether servers of the recipient were not visited, or not to
// the end: one of them may work.
func (e *evidence) someUnseen() bool {
	return e.route != nil && len(e.visits) < len(visitable(e.route))
}

// elsewhere is why a cause that the error does not complain of is excluded.
func (e *evidence) elsewhere() codes.Text {
	title := e.Verdict.Reason.Title
	return codes.Text{EN: "the error is about something else: " + title.EN, JA: "エラーの内容は別の事柄です(" + title.JA + ")"}
}

// failure digs the DNS error out, to tell silence from an answer.
func failure(err error) *resolve.Error {
	var f *resolve.Error
	if errors.As(err, &f) {
		return f
	}
	return nil
}
