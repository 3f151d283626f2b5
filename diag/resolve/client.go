package resolve

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/netip"
	"time"
)

// Dialer opens a connection; net.Dialer's DialContext is one.
type Dialer func(ctx context.Context, network, address string) (net.Conn, error)

// Options says whom to ask and how. The zero value asks nobody: give Servers,
// or Zones with Offline.
type Options struct {
	Servers  []string         // "192.0.2.53", "[::1]:5300", "tcp://…", "tls://…", "https://…"; asked in this order
	Timeout  time.Duration    // for one question with all its repeats; 0 means 5 s
	Zones    []*Zone          // answer before any server; the first that knows the name wins
	Offline  bool             // the zones are all there is
	TrustAD  bool             // believe the AD bit of any server, not only of loopback, DoT and DoH
	InFlight int              // questions under way at once; 0 means 1024
	Pace     int              // questions a second to each server; 0 means no bound
	Memory   int              // bytes the answers of the run may take; 0 means 8 MiB
	Dial     Dialer           // nil means the system's
	Now      func() time.Time // by which answers grow old; nil means time.Now
	Roots    *x509.CertPool   // for DoT and DoH; nil means the system's
	Record   func(Exchange)   // gets every exchange with a server; nil: nobody wants them
	Replay   Replayed         // takes the place of all servers; nothing is sent
}

// Client asks servers and zone files. It is safe for concurrent use; Close
// frees its sockets.
//
// By itself a client is one run: it asks no question twice, however old the
// answer. A program that goes on for longer asks through Run.
type Client struct {
	zones   []*Zone
	offline bool
	servers []*server
	record  func(Exchange)
	known   Replayed // nil: the servers are asked
	timeout time.Duration
	slots   chan struct{}
	cache   *cache
	started time.Time
}

// Run is one piece of work that asks through a client: a report, a look at a
// domain that is watched. Within a run each question has one answer. One from
// before the run counts while its TTL lasts (RFC 1035 §3.2.1), one that says
// that there is nothing as long as its SOA record says (RFC 2308 §5), a failure
// for some seconds.
type Run struct {
	client  *Client
	started time.Time
}

// Run begins a run.
func (c *Client) Run() *Run { return &Run{c, c.cache.now()} }

// Ask implements Resolver.
func (r *Run) Ask(ctx context.Context, name string, t Type) (a Answer, err error) {
	k, err := key{name, t, recursive}.canonical()
	if err == nil {
		err = r.ask(ctx, k, &a)
	}
	return a, err
}

// AskUnchecked implements Unchecked.
func (r *Run) AskUnchecked(ctx context.Context, name string, t Type) (a Answer, err error) {
	k, err := key{name, t, unchecked}.canonical()
	if err == nil {
		err = r.ask(ctx, k, &a)
	}
	return a, err
}

// ask asks for what a canonical name has.
func (r *Run) ask(ctx context.Context, k key, into *Answer) error {
	return r.client.cache.ask(ctx, r.started, k, r.client.find, into)
}

// ErrNoServer means that there is nobody to ask.
var ErrNoServer = errors.New("no DNS server to ask: give --resolver ADDR, or --zone FILE with --offline")

// New makes a client and opens no connection yet. The error is ErrNoServer, or a *codes.UserError that names the server
// which is written wrongly.
func New(o Options) (*Client, error) {
	if len(o.Servers) == 0 && !o.Offline && o.Replay == nil {
		return nil, ErrNoServer
	}
	now := o.Now
	if now == nil {
		now = time.Now
	}
	c := &Client{zones: o.Zones, offline: o.Offline, record: o.Record, known: o.Replay,
		timeout: orDefault(o.Timeout, 5*time.Second), started: now(),
		slots: make(chan struct{}, orDefault(o.InFlight, 1024)), cache: newCache(orDefault(o.Memory, 8<<20), now)}
	if o.Dial == nil {
		o.Dial = new(net.Dialer).DialContext
	}
	if o.Offline || o.Replay != nil {
		return c, nil
	}
	o.Timeout = c.timeout
	sockets := max(descriptors()/2/len(o.Servers), 2) // the rest is for files and mail servers
	for _, spec := range o.Servers {
		s, err := newServer(spec, o, sockets)
		if err != nil {
			c.Close()
			return nil, err
		}
		c.servers = append(c.servers, s)
	}
	return c, nil
}

func orDefault[T int | time.Duration](v, d T) T {
	if v > 0 {
		return v
	}
	return d
}

// Close frees the sockets. Questions under way over TCP or TLS fail.
func (c *Client) Close() {
	for _, s := range c.servers {
		s.close()
	}
}

// Ask implements Resolver.
func (c *Client) Ask(ctx context.Context, name string, t Type) (Answer, error) {
	return (&Run{c, c.started}).Ask(ctx, name, t)
}

// AskUnchecked implements Unchecked.
func (c *Client) AskUnchecked(ctx context.Context, name string, t Type) (Answer, error) {
	return (&Run{c, c.started}).AskUnchecked(ctx, name, t)
}

// find answers from the zones, else from the servers, and follows aliases that
// lead out of what the first source knows. Answers are written down where they
// stay: a question under way costs little stack.
func (c *Client) find(ctx context.Context, k key, a *Answer) error {
	more, err := c.source(ctx, k, a)
	if err == nil && more != "" {
		err = follow(ctx, k, more, a, c.source)
	}
	if err != nil {
		*a = Answer{}
	}
	return err
}

// follow goes on from the end of the chain that a holds, with what a source knows of its last name.
func follow(ctx context.Context, k key, target string, a *Answer,
	source func(ctx context.Context, k key, a *Answer) (more string, err error)) error {
	for target != "" {
		if len(a.Chain) > maxChain {
			return k.fail(KindLoop, "", "CNAME records lead too far")
		}
		name, err := canonical(target)
		if err != nil {
			return k.fail(KindMangled, "", "alias to no possible name: "+err.Error())
		}
		hop := Answer{}
		more, err := source(ctx, key{name, k.t, k.how}, &hop)
		if err != nil {
			return err
		}
		links := hop.Chain
		hop.Name, hop.Chain, hop.Sent, hop.life = k.name, a.Chain, a.Sent+hop.Sent, min(a.life, hop.life)
		hop.Authentic = hop.Authentic && a.Authentic // no safer than its weakest link
		*a, target = hop, more
		for _, name := range links {
			if a.closes(name) && a.Sent > 0 {
				return k.fail(KindLoop, "", "CNAME records lead in a circle at "+name)
			}
			if a.circle {
				a.Status, a.Records = NoData, nil
				return nil
			}
			a.Chain = append(a.Chain, name)
		}
	}
	return nil
}

// source asks the first zone that knows the name, else the servers. more is an
// alias whose own records the source left out.
func (c *Client) source(ctx context.Context, k key, a *Answer) (more string, err error) {
	for _, z := range c.zones {
		if more, ok := z.lookup(k, a); ok {
			return more, nil
		}
	}
	if c.offline {
		c.answerOffline(k, a)
		return "", nil
	}
	if c.known != nil {
		return k.replay(c.known, a)
	}
	r := k.recorder(c.record, netip.AddrPort{})
	more, sent, err := c.exchange(ctx, k, a, r)
	r.end(sent, err)
	return more, err
}

// answerOffline answers where the zones are all there is: a name in none of them
// does not exist.
func (c *Client) answerOffline(k key, a *Answer) {
	*a = Answer{Name: k.name, Type: k.t, Status: NoName, Server: "offline", FromFile: true, life: maxLife}
	for _, z := range c.zones {
		if _, exists, _ := z.find(k.name); exists {
			a.Status, a.Server = NoData, z.file
		}
	}
}

// attempts are the shares of the time limit that each try gets: a lost packet
// is repeated early, a slow server gets the longest share at last. A stream
// loses nothing by itself (reliable).
var (
	attempts = [...]float64{0.2, 0.3, 0.5}
	reliable = [...]float64{0.4, 0.6}
)

// exchange asks server after server until one knows. Silence and a connection
// that ended are tried again; what a server said is not asked of it twice.
func (c *Client) exchange(ctx context.Context, k key, a *Answer, r *recorder) (more string, sent int, err error) {
	if err := c.slot(ctx); err != nil {
		return "", 0, err
	}
	defer func() { <-c.slots }()
	var worst *Error
	deaf := 0 // deaf: servers that spoke, but without an answer
	shares := attempts[:]
	if len(c.servers) == 1 && c.servers[0].reliable {
		shares = reliable[:]
	}
	for i := range max(len(shares), len(c.servers)) {
		s := c.servers[i%len(c.servers)]
		if i >= len(c.servers) && deaf == len(c.servers) {
			break
		}
		share := shares[min(i, len(shares)-1)]
		if err := s.rate.wait(ctx); err != nil {
			return "", sent, err
		}
		more, n, fail := s.ask(ctx, k, time.Duration(share*float64(c.timeout)), a, r)
		s.rate.answered(fail != nil && fail.Kind == KindTimeout)
		sent += n
		if fail == nil {
			a.Sent = sent
			return more, sent, nil
		}
		if ctx.Err() != nil {
			return "", sent, ctx.Err()
		}
		if fail.Kind != KindTimeout && !fail.again {
			deaf++
		}
		if worst == nil || worst.Kind == KindTimeout {
			worst = fail
		}
	}
	worst.Sent = sent
	return "", sent, worst
}

// slot waits until a question may go out.
func (c *Client) slot(ctx context.Context) error {
	select {
	case c.slots <- struct{}{}:
		return nil
	default:
	}
	select {
	case c.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
