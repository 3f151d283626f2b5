// Package world opens what a run may ask: DNS, mail servers, web servers and the clock. They are those of the internet, of
// zone files or of the lab. A command opens one World and closes it at its end; all its checks use it.
package world

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/bundle"
	"todoku/diag/lab"
	"todoku/diag/probe"
	"todoku/diag/provider"
	"todoku/diag/resolve"
)

// Options say which world it is. The zero value is the internet, as the system's
// resolvers know it.
type Options struct {
	Servers []string         // DNS servers to ask, as resolve.Options has them; none: the system's
	Zones   []*resolve.Zone  // answer before any server
	Apart   bool             // the zones are only meant: nobody is asked through them
	Offline bool             // the zones are all there is; nothing touches the network
	LabKept string           // directory in which the lab keeps what came back; "" keeps nothing
	Lab     bool             // the lab takes the place of the internet
	TrustAD bool             // believe the AD bit of any server
	Pace    int              // questions of DNS a second to each server; 0: no bound
	Timeout time.Duration    // of one question and of one SMTP step; 0: that of diag/resolve, and smtpPatience
	Helo    string           // our name in EHLO; "": the host's
	Now     func() time.Time // nil: time.Now
	Public  bool             // connect to public addresses only; the servers of DNS that are asked are excepted
	Replies probe.Classifier // tells what mail servers mean; nil: no mail server is asked
	Record  *bundle.Recorder // gets what is asked and what was answered; nil: nobody wants it
	Replay  *bundle.Bundle   // takes the place of the internet, of the lab and of all servers: nothing touches the network
}

// World is what may be asked, open until Close.
type World struct {
	DNS       *resolve.Client
	Dial      func(ctx context.Context, network, address string) (net.Conn, error)
	Roots     *x509.CertPool // that TLS is verified with; nil: the system's
	Helo      string         // our name in EHLO; "": an address literal takes its place
	Providers *provider.Catalogue

	options Options
	lab     *lab.Lab        // nil outside of the lab
	mail    *probe.Prober   // nil: no mail server is asked
	direct  *resolve.Direct // nil: no name server is asked itself
	web     *probe.Fetcher
	shared  bool // Close closes nothing
}

// smtpPatience is how long one SMTP step may take: somebody waits for the answer.
const smtpPatience = 10 * time.Second

// labHost is where the lab's domains send from.
const labHost = "out.lab.test"

// ErrNobody says that there is nobody to ask: no resolver of the system, no lab.
var ErrNobody = errors.New("there is nobody to ask")

// Open opens a world. The error is a *codes.UserError: ErrNobody, or a server that cannot be meant. The lab lives until
// Close, also when ctx has ended: what is under way may come to its end.
func Open(ctx context.Context, o Options) (w *World, err error) {
	w = &World{Dial: dialer(o.Public), Helo: o.Helo, options: o}
	defer func() {
		if err != nil {
			w.Close()
			w = nil
		}
	}()
	if w.options.Now == nil {
		w.options.Now = time.Now
	}
	servers := o.Servers
	switch {
	case o.Replay != nil:
		w.Dial = unreachable
	case o.Lab:
		if w.lab, err = lab.Open(context.WithoutCancel(ctx), lab.Options{Kept: o.LabKept}); err != nil {
			return w, nobodyToAsk(err)
		}
		servers, w.Dial, w.Roots = []string{w.lab.DNSAddr()}, w.lab.Dial, w.lab.Roots()
		if o.Public {
			w.Dial = publicOnly(w.lab.Dial)
		}
	case o.Offline:
		w.Dial = unreachable
	case len(servers) == 0:
		if servers, err = resolve.SystemServers("/etc/resolv.conf"); err != nil {
			return w, nobodyToAsk(err)
		}
	}
	zones := o.Zones
	if o.Apart {
		zones = nil
	}
	dns := resolve.Options{Servers: servers, Zones: zones, Offline: o.Offline, TrustAD: o.TrustAD, Timeout: o.Timeout, Pace: o.Pace}
	o.attach(&dns)
	if w.DNS, err = resolve.New(dns); err != nil {
		return w, err
	}
	if !o.Offline && len(zones) == 0 { // what zone files say takes the place of the servers
		w.direct = resolve.NewDirect(resolve.Options{Timeout: o.Timeout, Dial: w.Dial, Record: dns.Record, Replay: dns.Replay})
	}
	if w.Providers, err = provider.Load(); err != nil {
		return w, err
	}
	w.setHelo()
	w.web = &probe.Fetcher{Dial: w.Dial, Now: w.options.Now, Roots: w.Roots, Timeout: o.Timeout}
	if o.Replies != nil && !o.Offline {
		w.mail = &probe.Prober{Dial: w.Dial, Now: w.options.Now, Roots: w.Roots, Helo: w.Helo, Timeout: o.Timeout, Codes: o.Replies}
		if o.Timeout == 0 {
			w.mail.Timeout = smtpPatience
		}
	}
	w.attach()
	return w, nil
}

// setHelo finds our name in EHLO where none is given.
func (w *World) setHelo() {
	switch {
	case w.Helo != "":
	case w.options.Replay != nil:
		w.Helo = w.options.Replay.Head.Helo
	case w.options.Lab:
		w.Helo = labHost
	default:
		w.Helo = hostName()
	}
}

func nobodyToAsk(err error) error {
	return &codes.UserError{Kind: ErrNobody, Cause: err, Says: codes.Say(codes.Text{EN: "there is nobody to ask", JA: "問い合わせ先がありません"})}
}

// Zones are the zone files of the options.
func (w *World) Zones() []*resolve.Zone { return w.options.Zones }

// Close frees the world. What still asks gets an error.
func (w *World) Close() {
	if w.shared {
		return
	}
	if w.DNS != nil {
		w.DNS.Close()
	}
	if w.lab != nil {
		w.lab.Close()
	}
}

// Run is what the checks of one run may ask. Runs share what DNS answered while
// its TTL lasts, and the bounds of connections to mail servers; within a run each
// question goes out once.
func (w *World) Run() diag.Env {
	env := diag.Env{DNS: w.DNS.Run(), Now: w.options.Now, Providers: w.Providers}
	if !w.options.Offline {
		env.Web = w.web.NewRun(env.DNS)
	}
	env.Direct = w.direct
	if w.mail != nil {
		env.SMTP = w.mail.NewRun()
	}
	if w.options.Lab {
		env.Lists, env.MarkRoots = lab.Lists(), pool(w.markRoots())
	}
	return env
}
