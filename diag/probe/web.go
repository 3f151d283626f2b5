package probe

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"time"

	"todoku/diag/resolve"
	"todoku/sender/smtp"
)

// PortHTTPS is where web servers are asked.
const PortHTTPS = 443

// Fetcher is the way to web servers, for any number of runs. The zero value of a field is the usual; without Dial it goes
// out to the world.
type Fetcher struct {
	Dial    func(ctx context.Context, network, addr string) (net.Conn, error)
	Now     func() time.Time
	Roots   *x509.CertPool
	Timeout time.Duration // of one page, from the first connection to the last octet; 0: 10 s
	Record  func(WebQuestion, Page)
	Replay  func(WebQuestion) (Page, error) // takes the place of all servers: a page that was kept
}

// Web is one piece of work that fetches pages over HTTPS. It fetches each address once, whoever asks.
type Web struct {
	fetcher *Fetcher
	dns     resolve.Resolver
	pages   *once[pageKey, Page]
	may     func(netip.Addr) bool // be asked; nil: all
}

type pageKey struct {
	url  string
	most int
}

// Page is what a web server gave.
type Page struct {
	URL      string
	Address  netip.AddrPort // of the server that answered, or of the last one that was tried
	Missing  bool           // DNS knows no address of the host: that is knowledge, and Err is nil
	TLS      *smtp.TLSState // nil where no server was reached
	Status   int            // of HTTP; 0 without an answer
	Type     string         // Content-Type, as it came
	Location string         // of a redirect, which is not followed
	Body     []byte         // of any status; nil where the certificate does not verify
	Cut      bool           // the page is longer than what was read
	Err      error          // why there is no answer: an *resolve.Error, or that of the network
}

// NewRun begins a run that asks r for the addresses of hosts.
func (f *Fetcher) NewRun(r resolve.Resolver) *Web {
	return &Web{f, r, newOnce[pageKey, Page](), nil}
}

// Asking is the same run with another resolver for what is fetched from now on.
func (w *Web) Asking(r resolve.Resolver) *Web { return &Web{w.fetcher, r, w.pages, w.may} }

// Only is the same run, in which no other address is asked from now on than those that may be.
func (w *Web) Only(may func(netip.Addr) bool) *Web { return &Web{w.fetcher, w.dns, w.pages, may} }

// ErrPassedOver means that a host has no address that may be asked.
var ErrPassedOver = errors.New("no address of the internet")

// Get fetches a page over HTTPS, and of it at most that many octets. It follows no redirect, knows no cookie and no proxy,
// and sends nothing where the server's certificate does not verify: TLS tells the problem then, and Status is 0. A server
// that says no to TLS itself is told in the same way.
func (w *Web) Get(ctx context.Context, address string, most int) Page {
	p, ok := w.pages.get(ctx, pageKey{address, most}, func(ctx context.Context) Page { return w.fetch(ctx, address, most) })
	if !ok {
		return Page{URL: address, Err: context.Cause(ctx)}
	}
	return p
}

var errNoHTTPS = errors.New("not an https address")

func (w *Web) fetch(ctx context.Context, address string, most int) Page {
	p := Page{URL: address}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		p.Err = errNoHTTPS
		return p
	}
	patience := w.fetcher.Timeout
	if patience == 0 {
		patience = 10 * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	addrs, err := w.addresses(ctx, u.Hostname())
	if len(addrs) == 0 {
		p.Missing, p.Err = err == nil, err
		return p
	}
	if w.may != nil {
		addrs = slices.DeleteFunc(addrs, func(ip netip.Addr) bool { return !w.may(ip) })
	}
	if len(addrs) == 0 {
		p.Err = ErrPassedOver
		return p
	}
	q := WebQuestion{address, most}
	if w.fetcher.Replay != nil {
		if p, err = w.fetcher.Replay(q); err != nil {
			p.Err = err
		}
		p.URL = address
		return p
	}
	w.visit(ctx, u, addrs, most, &p)
	if w.fetcher.Record != nil {
		w.fetcher.Record(q, p)
	}
	return p
}

// visit asks the first of some addresses that can be reached.
func (w *Web) visit(ctx context.Context, u *url.URL, addrs []netip.Addr, most int, p *Page) {
	port := u.Port()
	if port == "" {
		port = "443"
	}
	conn := w.connect(ctx, addrs, port, p)
	if conn == nil {
		return
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if c := w.encrypt(ctx, conn, u.Hostname(), p); c != nil {
		p.read(ctx, c, u, most)
	}
}

// connect tries addresses, one after the other. nil: p says why.
func (w *Web) connect(ctx context.Context, addrs []netip.Addr, port string, p *Page) net.Conn {
	dial := w.fetcher.Dial
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	for i, ip := range addrs {
		at := net.JoinHostPort(ip.String(), port)
		p.Address, _ = netip.ParseAddrPort(at)
		conn, err := dialSoon(ctx, dial, at, len(addrs)-i)
		if err == nil {
			p.Err = nil
			return conn
		}
		p.Err = err
	}
	return nil
}

// dialSoon connects within a fair share of the time that is left for so many addresses.
func dialSoon(ctx context.Context, dial func(context.Context, string, string) (net.Conn, error), at string, left int) (net.Conn, error) {
	if end, ok := ctx.Deadline(); ok && left > 1 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Until(end)/time.Duration(left))
		defer cancel()
	}
	return dial(ctx, "tcp", at)
}

// addresses are those of a host; none and no error: DNS knows none.
func (w *Web) addresses(ctx context.Context, host string) ([]netip.Addr, error) {
	if ip, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{ip}, nil
	}
	name, err := resolve.ToASCII(host)
	if err != nil {
		return nil, err
	}
	h := resolve.AskHost(ctx, w.dns, name)
	return h.Addrs(), h.Err()
}

// encrypt turns to TLS. nil: p says why, in TLS where the server said it or its certificate does not verify.
func (w *Web) encrypt(ctx context.Context, conn net.Conn, host string, p *Page) net.Conn {
	now := w.fetcher.Now
	if now == nil {
		now = time.Now
	}
	config, problem := smtp.ClientTLS(host, w.fetcher.Roots, now)
	config.NextProtos = []string{"http/1.1"}
	c := tls.Client(conn, config)
	switch err := c.HandshakeContext(ctx); {
	case refusesTLS(err):
		p.TLS = &smtp.TLSState{Names: []string{}, Problem: err.Error()}
		return nil
	case err != nil:
		p.Err = err
		return nil
	}
	p.TLS = smtp.StateOf(c.ConnectionState(), *problem)
	if !p.TLS.Verified {
		return nil
	}
	return c
}

// refusesTLS reports whether it is the server that says no: by an alert, or by speaking without TLS.
func refusesTLS(err error) bool {
	var said *net.OpError
	var plain tls.RecordHeaderError
	return errors.As(err, &said) && said.Op == "remote error" || errors.As(err, &plain) // so crypto/tls calls an alert that came in
}

// read asks for the page on a connection, and reads it.
func (p *Page) read(ctx context.Context, c net.Conn, u *url.URL, most int) {
	transport := &http.Transport{
		DialTLSContext:         func(context.Context, string, string) (net.Conn, error) { return c, nil },
		DisableKeepAlives:      true,
		MaxResponseHeaderBytes: 64 << 10,
	}
	defer transport.CloseIdleConnections()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		p.Err = err
		return
	}
	r.Header.Set("User-Agent", "todoku")
	answer, err := transport.RoundTrip(r)
	if err != nil {
		p.Err = err
		return
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, int64(most)+1))
	if err != nil {
		p.Err = err
		return
	}
	p.Status, p.Type, p.Location = answer.StatusCode, answer.Header.Get("Content-Type"), answer.Header.Get("Location")
	p.Cut = len(body) > most
	p.Body = body[:min(len(body), most)]
}
