package check

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"sync"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/dkim"
	"todoku/diag/dmarc"
	"todoku/diag/provider"
	"todoku/diag/resolve"
	"todoku/diag/spf"
	"todoku/diag/traffic"
)

// TrafficOptions are what the check of sent mails is told.
type TrafficOptions struct {
	Log       *traffic.Log
	IPs       []netip.Addr     // from which mails were sent where the log does not tell
	HELO      string           // the name that the sending server gives
	Selectors []string         // with which the mails are signed; none: whether they are signed is not known
	Before    resolve.Resolver // the world without a change that is only meant; nil: no change is meant
}

// The bounds of the check.
const (
	maxSenders     = 200 // pairs of a domain and an address
	maxTrafficTold = 50
)

// Traffic judges mails that were sent by the records of the domain: those that SPF does not cover, and where a change is
// meant, how many mails it would cost.
func Traffic(o TrafficOptions) *diag.Check {
	return &diag.Check{Name: "traffic", Title: codes.Text{EN: "Traffic", JA: "送信実績"},
		Rules: []*diag.Rule{TrafficRefused, TrafficSPFLost, TrafficWeaker, TrafficSPFFails, TrafficMended},
		Run:   func(ctx context.Context, p *diag.Pass) error { return newTrafficRun(p, o).run(ctx) }}
}

// sentFrom is what a domain sent from an address.
type sentFrom struct {
	traffic.Stream // of all providers together
	shares         []traffic.Stream
	atMost         bool // the log does not tell which of several addresses it was
	before, now    standing
}

// standing is how mails fare with receivers.
type standing struct {
	spf   spf.Evaluation
	dmarc dmarc.Evaluation
	signs codes.Tri // a key stands at a selector that signs
	err   error
}

// known reports whether SPF has a result.
func (s standing) known() bool { return s.spf.Result != spf.TempError && s.spf.Result != "" }

type trafficRun struct {
	*diag.Pass
	o      TrafficOptions
	facts  *TrafficFacts
	from   []*sentFrom
	pages  map[string]provider.Page
	told   int
	untold int // findings beyond the bound
	err    error
}

func newTrafficRun(p *diag.Pass, o TrafficOptions) *trafficRun {
	t := &trafficRun{Pass: p, o: o, facts: &TrafficFacts{Senders: []TrafficSender{}}, pages: map[string]provider.Page{}}
	p.Facts(t.facts)
	return t
}

func (t *trafficRun) run(ctx context.Context) error {
	left := t.gather()
	var wg sync.WaitGroup
	for _, f := range t.from {
		wg.Go(func() { f.now = t.look(ctx, t.DNS, f) })
		if t.o.Before != nil {
			wg.Go(func() { f.before = t.look(ctx, t.o.Before, f) })
		}
	}
	wg.Wait()
	for _, f := range t.from {
		slices.SortStableFunc(f.shares, func(a, b traffic.Stream) int { return b.Accepted - a.Accepted })
		t.judge(f)
	}
	return alsoErr(t.err, t.unclear(),
		diag.Beyond(t.Domain(), "SPF", codes.Text{EN: "sending addresses of a log", JA: "ログの送信元IPアドレス"}, maxSenders, left),
		diag.Beyond(t.Domain(), "SPF", codes.Text{EN: "findings about sent mails", JA: "送信実績の指摘"}, maxTrafficTold, t.untold))
}

// unclear is the error where the log counts no mail of the domain, and has records that tell too little to be counted: they may
// be of its mails.
func (t *trafficRun) unclear() error {
	if t.facts.Mails > 0 || t.o.Log.Unclear == 0 {
		return nil
	}
	n := t.o.Log.Unclear
	return &diag.Untold{Domain: t.Domain(), Type: "SPF", What: codes.Text{
		EN: fmt.Sprintf("mails that servers took or refused: %d records of the log do not tell, others of this domain are missing", n),
		JA: fmt.Sprintf("サーバーが受け取ったか、拒否したかの記録です(ログの%d件からは分からず、ほかにこのドメインの記録はありません)", n)}}
}

// gather joins the streams of the domain by envelope domain and address. left is how many are beyond the bound.
func (t *trafficRun) gather() (left int) {
	type sender struct {
		domain string
		ip     netip.Addr
	}
	index := map[sender]*sentFrom{}
	for _, s := range t.o.Log.Of(t.Domain()) {
		t.facts.add(s)
		ips := []netip.Addr{s.IP}
		if !s.IP.IsValid() {
			ips = t.o.IPs
		}
		if len(ips) == 0 {
			t.facts.WithoutAddress += s.Accepted + s.Refused
		}
		for _, ip := range ips {
			k := sender{s.Domain, ip.Unmap()}
			f := index[k]
			if f == nil && len(index) >= maxSenders {
				left++
				continue
			}
			if f == nil {
				f = &sentFrom{Stream: traffic.Stream{Domain: s.Domain, IP: k.ip}}
				index[k] = f
				t.from = append(t.from, f)
			}
			f.atMost = f.atMost || len(ips) > 1
			f.Merge(s)
			f.addShare(s)
		}
	}
	return left
}

// addShare adds the mails to a provider.
func (f *sentFrom) addShare(s traffic.Stream) {
	i := slices.IndexFunc(f.shares, func(o traffic.Stream) bool { return o.Provider == s.Provider })
	if i < 0 {
		f.shares = append(f.shares, s)
		return
	}
	f.shares[i].Merge(s)
}

// look finds out how the mails fare in a world. From is taken to be of the envelope's domain: logs do not tell it.
func (t *trafficRun) look(ctx context.Context, r resolve.Resolver, f *sentFrom) standing {
	s := standing{spf: spf.Check(ctx, r, spf.Query{IP: f.IP, MailFrom: "postmaster@" + f.Domain, HELO: t.o.HELO, Now: t.Now()})}
	in := dmarc.Input{From: "postmaster@" + f.Domain, SPF: []dmarc.AuthResult{{Result: string(s.spf.Result), Domain: f.Domain}}}
	var err error
	if s.signs, err = t.signs(ctx, r); s.signs == codes.Yes {
		in.DKIM = []dmarc.AuthResult{{Result: "pass", Domain: t.Domain()}}
	}
	s.dmarc = dmarc.Evaluate(ctx, r, in)
	s.err = alsoErr(s.spf.Err, err, s.dmarc.Err)
	return s
}

// signs tells whether a key stands at one of the selectors with which the mails are signed.
func (t *trafficRun) signs(ctx context.Context, r resolve.Resolver) (codes.Tri, error) {
	answer, errs := codes.Unknown, []error{}
	for _, typed := range t.o.Selectors {
		name, err := SelectorOf(typed, t.Domain())
		if err != nil {
			errs = append(errs, err)
			continue
		}
		key := dkim.FetchKey(ctx, r, name, t.Domain())
		switch {
		case slices.ContainsFunc(key.Keys, usableKey):
			return codes.Yes, nil
		case key.Reason == dkim.DNSTemporary:
			errs = append(errs, key.Err)
		}
		answer = codes.No
	}
	if len(errs) > 0 {
		answer = codes.Unknown
	}
	return answer, errors.Join(errs...)
}

// usableKey reports whether a key can verify signatures of a mail.
func usableKey(k *dkim.Key) bool {
	return k.Unfit(dkim.RSASHA256) == "" || k.Unfit(dkim.Ed25519SHA256) == ""
}
