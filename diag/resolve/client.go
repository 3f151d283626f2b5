package resolve

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"time"
)

// Dialer opens a connection; net.Dialer's DialContext is one.
type Dialer func(ctx context.Context, network, address string) (net.Conn, error)

// Options says whom to ask and how. The zero value asks nobody: give Servers,
// or Zones with Offline.
type Options struct {
	Servers  []string       // "192.0.2.53", "[::1]:5300", "tcp://…", "tls://…", "https://…"; asked in this order
	Timeout  time.Duration  // for one question with all its repeats; 0 means 5 s
	Zones    []*Zone        // answer before any server; the first that knows the name wins
	Offline  bool           // the zones are all there is
	TrustAD  bool           // believe the AD bit of any server, not only of loopback, DoT and DoH
	InFlight int            // questions under way at once; 0 means 1024
	Memory   int            // bytes the answers of the run may take; 0 means 8 MiB
	Dial     Dialer         // nil means the system's
	Roots    *x509.CertPool // for DoT and DoH; nil means the system's
}

// Client asks servers and zone files. It is safe for concurrent use; Close
// frees its sockets.
type Client struct {
	zones   []*Zone
	offline bool
	servers []*server
	timeout time.Duration
	slots   chan struct{}
	cache   *cache
}

// ErrNoServer means that there is nobody to ask.
var ErrNoServer = errors.New("no DNS server to ask: give --resolver ADDR, or --zone FILE with --offline")

// New makes a client. The error names the server that cannot be meant.
func New(o Options) (*Client, error) {
	if len(o.Servers) == 0 && !o.Offline {
		return nil, ErrNoServer
	}
	c := &Client{zones: o.Zones, offline: o.Offline, timeout: orDefault(o.Timeout, 5*time.Second),
		slots: make(chan struct{}, orDefault(o.InFlight, 1024)), cache: newCache(orDefault(o.Memory, 8<<20))}
	if o.Dial == nil {
		o.Dial = new(net.Dialer).DialContext
	}
	if o.Offline {
		return c, nil
	}
	for _, spec := range o.Servers {
		s, err := newServer(spec, o)
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

// Close frees the sockets. Questions under way fail.
func (c *Client) Close() {
	for _, s := range c.servers {
		s.transport.close()
	}
}

// Ask implements Resolver.
func (c *Client) Ask(ctx context.Context, name string, t Type) (Answer, error) {
	name, err := canonical(name)
	if err != nil {
		return Answer{}, key{name, t}.fail(KindName, "", err.Error())
	}
	return c.cache.ask(ctx, key{name, t}, c.find)
}

// find answers from the zones, else from the servers, and follows aliases that
// lead out of what the first source knows.
func (c *Client) find(ctx context.Context, k key) (Answer, error) {
	a, more, err := c.source(ctx, k)
	if err != nil || more == "" {
		return a, err
	}
	next, nextErr := c.follow(ctx, k, more, a.Chain)
	if nextErr != nil {
		return Answer{}, nextErr
	}
	next.Name, next.Chain, next.Sent = k.name, append(a.Chain, next.Chain...), next.Sent+a.Sent
	return next, nil
}

func (c *Client) follow(ctx context.Context, k key, target string, chain []string) (Answer, error) {
	if len(chain) >= maxChain || target == k.name {
		return Answer{}, k.fail(KindLoop, "", "CNAME records lead in a circle or too far")
	}
	name, err := canonical(target)
	if err != nil {
		return Answer{}, k.fail(KindMangled, "", "alias to no possible name: "+err.Error())
	}
	hop := key{name, k.t}
	a, more, askErr := c.source(ctx, hop)
	if askErr != nil || more == "" {
		return a, askErr
	}
	if contains(chain, more) {
		return Answer{}, k.fail(KindLoop, "", "CNAME records lead in a circle at "+name)
	}
	next, askErr := c.follow(ctx, k, more, append(chain, a.Chain...))
	if askErr == nil {
		next.Chain = append(a.Chain, next.Chain...)
		next.Sent += a.Sent
	}
	return next, askErr
}

func (c *Client) source(ctx context.Context, k key) (Answer, string, error) {
	for _, z := range c.zones {
		if a, more, ok := z.lookup(k); ok {
			return a, more, nil
		}
	}
	if c.offline {
		return c.closedWorld(k), "", nil
	}
	return c.exchange(ctx, k)
}

// closedWorld answers where the zones are all there is: a name in none of them
// does not exist.
func (c *Client) closedWorld(k key) Answer {
	a := Answer{Name: k.name, Type: k.t, Status: NoName, Server: "offline"}
	for _, z := range c.zones {
		if _, exists, _ := z.find(k.name); exists {
			a.Status, a.Server = NoData, z.file
		}
	}
	return a
}

// attempts are the shares of the time limit that each try gets: a lost packet
// is repeated early, a slow server gets the longest share at last.
var attempts = [...]float64{0.2, 0.3, 0.5}

// exchange asks server after server until one knows. Silence is tried again;
// what a server said is not asked of it twice.
func (c *Client) exchange(ctx context.Context, k key) (Answer, string, error) {
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return Answer{}, "", ctx.Err()
	}
	var worst *Error
	sent, deaf := 0, 0 // deaf: servers that spoke, but without an answer
	for i := range max(len(attempts), len(c.servers)) {
		s := c.servers[i%len(c.servers)]
		if i >= len(c.servers) && deaf == len(c.servers) {
			break
		}
		share := attempts[min(i, len(attempts)-1)]
		a, more, n, err := s.ask(ctx, k, time.Duration(share*float64(c.timeout)))
		sent += n
		if err == nil {
			a.Sent = sent
			return a, more, nil
		}
		if ctx.Err() != nil {
			return Answer{}, "", ctx.Err()
		}
		if err.Kind != KindTimeout {
			deaf++
		}
		if worst == nil || worst.Kind == KindTimeout {
			worst = err
		}
	}
	worst.Sent = sent
	return Answer{}, "", worst
}
