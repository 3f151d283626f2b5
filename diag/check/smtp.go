package check

import (
	"context"
	"crypto/rand"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/mx"
	"todoku/diag/probe"
	"todoku/diag/resolve"
)

// SMTPOptions is what the SMTP check may be told.
type SMTPOptions struct {
	Rcpt bool // ask the servers about the recipient, too
}

// SMTP visits each address of each host that takes the domain's mail: greeting,
// EHLO, STARTTLS with its certificate, postmaster, and the recipient where that
// is asked for. What cannot be reached from here is no fault of theirs as long
// as nothing else can be reached either.
func SMTP(o SMTPOptions) *diag.Check {
	return &diag.Check{
		Name:  "smtp",
		Title: codes.Text{EN: "SMTP", JA: "SMTP"},
		Rules: []*diag.Rule{SMTPNone, SMTPRefused, SMTPCertificate, SMTPRcptRefused, SMTPAddressRefused, SMTPStartTLSRefused,
			SMTPStartTLSNone, SMTPTLSOld, SMTPGreeting, SMTPPostmaster, SMTPCatchAll, SMTPVantage, SMTPNoFamily},
		Run: func(ctx context.Context, p *diag.Pass) error { return runSMTP(ctx, p, o) },
	}
}

// maxSMTPVisits bounds the addresses that are visited.
const maxSMTPVisits = 20

// What keeps us from seeing a mail server, beside the kinds of DNS.
const (
	KindUnreachable resolve.Kind = "server_unreachable" // no connection
	KindSilent      resolve.Kind = "server_silent"      // no answer in time
	KindTurnedAway  resolve.Kind = "server_refuses_us"  // for what we are, or for now
	KindBrokenOff   resolve.Kind = "server_breaks_off"  // hung up without a word, or said what is no SMTP
	KindOffline     resolve.Kind = "offline"            // nothing is to touch the network
)

// kindSays is what keeps us from seeing a mail server, in words.
func kindSays(k resolve.Kind) codes.Text {
	switch k {
	case KindUnreachable:
		return codes.Text{
			EN: "the mail server cannot be reached",
			JA: "メールサーバーに接続できません"}
	case KindSilent:
		return codes.Text{
			EN: "the mail server does not answer in time",
			JA: "メールサーバーから時間内に応答がありません"}
	case KindTurnedAway:
		return codes.Text{
			EN: "the server refuses us, which says nothing about mail from others",
			JA: "サーバーが、検査を実行した環境を拒否しました(ほかの送信元からの受信可否は分かりません)"}
	case KindBrokenOff:
		return codes.Text{
			EN: "the mail server breaks off, or what it says is no answer to this; that may be about us",
			JA: "メールサーバーが切断したか、この場面では意味をなさない応答を返しました(検査を実行した環境が原因の可能性もあります)"}
	}
	return codes.Text{EN: "no server was asked: nothing touches the network with --offline", JA: "--offline のため、サーバーへの確認はしていません"}
}

// smtpRun is one run of the check.
type smtpRun struct {
	*diag.Pass
	o         SMTPOptions
	visits    []probe.Visit
	cut       int // addresses beyond the bound
	route     *mx.Route
	recipient string // to ask about, "" for nobody
	stray     string // a recipient that cannot exist
}

func runSMTP(ctx context.Context, p *diag.Pass, o SMTPOptions) error {
	facts := &SMTPFacts{Hosts: []SMTPHost{}}
	p.Facts(facts)
	if p.SMTP == nil {
		return &resolve.Error{Kind: KindOffline, Name: p.Domain(), Type: "SMTP", Says: kindSays(KindOffline)}
	}
	route, err := mx.Lookup(ctx, p.DNS, p.Domain(), true)
	if err == nil && route.Null && len(route.Hosts) == 0 {
		p.Report(SMTPNone, p.Domain(), codes.Str("domain", p.Domain())).Saw(route.Answer)
	}
	if err != nil || len(route.Hosts) == 0 {
		return err // what else is wrong with the route is the MX check's matter
	}
	c := &smtpRun{Pass: p, o: o, route: route}
	c.visit(ctx)
	facts.wanted = c.recipient != ""
	for i := range c.visits {
		facts.Hosts = append(facts.Hosts, c.fact(&c.visits[i]))
		facts.Asked = facts.Asked || slices.ContainsFunc(c.visits[i].Rcpts, func(a probe.Answer) bool { return a.To == c.recipient })
	}
	addresses := diag.Beyond(p.Domain(), "SMTP", codes.Text{EN: "addresses of mail servers", JA: "メールサーバーのアドレス"}, maxSMTPVisits, c.cut)
	hosts := diag.Beyond(p.Domain(), "SMTP", codes.Text{EN: "MX hosts", JA: "MXホスト"}, mx.MaxHosts, route.Cut)
	return errors.Join(route.Err(), addresses, hosts, c.judge(ctx, facts))
}

// visit goes to all addresses, host by host side by side, and to those of one
// host one after the other. Each is asked about the recipient; the first that
// talks to us also about postmaster and the stray.
func (c *smtpRun) visit(ctx context.Context) {
	to, all := []string{}, []string{"postmaster@" + c.Domain()}
	if local := c.Target.Local(); c.o.Rcpt && wellFormed(local, c.Domain()) != malformed {
		c.recipient = local + "@" + c.Domain() // a name of DNS: few servers know SMTPUTF8
		c.stray = "todoku-" + strings.ToLower(rand.Text()[:12]) + "@" + c.Domain()
		to, all = []string{c.recipient}, append(all, c.recipient, c.stray)
	}
	var wg sync.WaitGroup
	for _, visits := range c.plan() {
		wg.Go(func() {
			for i := range visits {
				v := &visits[i]
				if v == &c.visits[0] {
					*v = c.SMTP.Visit(ctx, v.Host, v.Address, probe.Depth{}, all...)
				} else {
					*v = c.SMTP.Visit(ctx, v.Host, v.Address, probe.Depth{}, to...)
				}
			}
		})
	}
	wg.Wait()
	talks := func(v probe.Visit) bool { return v.Err == nil && v.EHLO != nil && !v.NoTLS() }
	if i := slices.IndexFunc(c.visits, talks); i > 0 {
		v := &c.visits[i]
		*v = c.SMTP.Visit(ctx, v.Host, v.Address, probe.Depth{}, all...)
	}
}

// plan lists the addresses to visit, those of each host together.
func (c *smtpRun) plan() [][]probe.Visit {
	var ends []int
	for _, h := range c.route.Hosts {
		for _, ip := range h.Addresses.Addrs() {
			switch {
			case !mx.Reachable(ip): // the MX check tells it
			case len(c.visits) == maxSMTPVisits:
				c.cut++
			default:
				c.visits = append(c.visits, probe.Visit{Host: h.Name, Address: netip.AddrPortFrom(ip, probe.Port)})
			}
		}
		ends = append(ends, len(c.visits))
	}
	hosts, from := make([][]probe.Visit, len(ends)), 0
	for i, end := range ends {
		hosts[i], from = c.visits[from:end], end
	}
	return hosts
}

// fact is a visit as reports have it.
func (c *smtpRun) fact(v *probe.Visit) SMTPHost {
	h := SMTPHost{Host: v.Host, Address: v.Address.Addr().String(), Banner: v.Banner, EHLO: append([]string{}, v.EHLO...),
		STARTTLS: v.STARTTLS, Stage: string(v.Stage), Reply: v.Reply.String(), Error: bareError(v.Err),
		Verified: v.TLS != nil && v.TLS.Verified, ElapsedMS: v.Took.Milliseconds(), Rcpt: []SMTPRcpt{}}
	if v.TLS != nil {
		h.TLS = &SMTPTLS{Version: v.TLS.Version, Cipher: v.TLS.Cipher, Names: append([]string{}, v.TLS.Names...),
			Expires: v.TLS.Expires.UTC().Format(time.RFC3339), Verified: v.TLS.Verified, Problem: v.TLS.Problem}
	}
	for _, a := range v.Rcpts {
		h.Rcpt = append(h.Rcpt, SMTPRcpt{To: a.To, Reply: a.Reply.String(), Reason: a.Verdict.Reason.ID})
	}
	return h
}
