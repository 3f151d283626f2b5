package lab

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// Web is the script of a web server that speaks HTTPS on port 443. Several may share an address: the name that the client
// asks for in TLS (SNI) says which one answers, and the first one takes whoever names none of them.
type Web struct {
	Host        string // its name, which its certificate holds: "mta-sts.healthy.test"
	Certificate Certificate
	Reach       Reach             // what connecting meets; that of the first server counts for the address
	Pages       map[string]Answer // by path: "/.well-known/mta-sts.txt"; any other path is a 404
}

// Answer is what a web server says to a request for a page.
type Answer struct {
	Status   int           // 0: 200
	Type     string        // of the content; "": text/plain, "-": the server does not say
	Location string        // of a redirect
	Body     string        //
	Repeat   int           // how often Body is sent; 0: once
	Wait     time.Duration // before it is said
	Then     Then          // Drop and Stall: after the header, in place of the body
	made     func() string // makes Body when it is asked for
}

// PutWeb places a web server at addresses of the world, before it starts.
func (w *World) PutWeb(s Web, at ...netip.Addr) {
	w.web = append(w.web, webSite{s, at})
}

// webSite is where a web server is to be found.
type webSite struct {
	Web
	at []netip.Addr
}

// webPort is where web servers listen.
const webPort = 443

// webHost is the web servers at one address of the world, when they run.
type webHost struct {
	servers *mailServers
	webs    []*runningWeb

	mu sync.Mutex
	ln net.Listener // nil before the first client
}

// runningWeb is a web server with its certificate.
type runningWeb struct {
	Web
	certificate func() (*tls.Certificate, error)
}

// newWebHosts makes the web servers of a world, by address.
func newWebHosts(p *mailServers, sites []webSite) map[netip.Addr]*webHost {
	hosts := map[netip.Addr]*webHost{}
	for _, s := range sites {
		running := &runningWeb{Web: s.Web}
		running.certificate = sync.OnceValues(func() (*tls.Certificate, error) {
			a, err := p.issuer()
			if err != nil {
				return nil, err
			}
			c, err := a.certificate(s.Certificate, s.Host)
			return &c, err
		})
		for _, addr := range s.at {
			if hosts[addr] == nil {
				hosts[addr] = &webHost{servers: p}
			}
			hosts[addr].webs = append(hosts[addr].webs, running)
		}
	}
	return hosts
}

// named is the server with a name, else the first.
func (h *webHost) named(name string) *runningWeb {
	for _, w := range h.webs {
		if strings.EqualFold(w.Host, strings.TrimSuffix(name, ".")) {
			return w
		}
	}
	return h.webs[0]
}

// listen gives where the host is to be found on loopback, and opens it.
func (h *webHost) listen() (string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ln != nil {
		return h.ln.Addr().String(), nil
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	if !h.servers.lab.serve(ln, h.serve) {
		return "", net.ErrClosed
	}
	h.ln = ln
	return ln.Addr().String(), nil
}

// Bounds of one request.
const (
	maxRequest  = 64 << 10
	webPatience = 10 * time.Second
)

// serve answers one request of one client.
func (h *webHost) serve(c net.Conn) {
	defer h.servers.sessions.Add(-1)
	if h.servers.sessions.Add(1) > maxOpen {
		return
	}
	_ = c.SetDeadline(time.Now().Add(webPatience))
	web := h.webs[0]
	pick := func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		web = h.named(hello.ServerName)
		return web.certificate()
	}
	conn := tls.Server(c, &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: pick})
	if conn.Handshake() != nil {
		return
	}
	req, err := http.ReadRequest(bufio.NewReader(io.LimitReader(conn, maxRequest)))
	if err != nil {
		return
	}
	web.answer(conn, req, h.servers.sleep)
	_ = conn.Close()
}

// answer says what the script has for a request.
func (w *runningWeb) answer(c net.Conn, req *http.Request, sleep func(time.Duration)) {
	a, ok := w.Pages[req.URL.Path]
	if !ok {
		a = Answer{Status: http.StatusNotFound, Body: "not found\n"}
	}
	sleep(a.Wait)
	_ = c.SetDeadline(time.Now().Add(webPatience))
	if a.Status == 0 {
		a.Status = http.StatusOK
	}
	if a.made != nil {
		a.Body = a.made()
	}
	out := bufio.NewWriter(c)
	fmt.Fprintf(out, "HTTP/1.1 %d %s\r\nConnection: close\r\n", a.Status, http.StatusText(a.Status))
	switch a.Type {
	case "":
		fmt.Fprint(out, "Content-Type: text/plain\r\n")
	case "-":
	default:
		fmt.Fprintf(out, "Content-Type: %s\r\n", a.Type)
	}
	if a.Location != "" {
		fmt.Fprintf(out, "Location: %s\r\n", a.Location)
	}
	n := max(a.Repeat, 1)
	fmt.Fprintf(out, "Content-Length: %d\r\n\r\n", n*len(a.Body))
	switch {
	case a.Then == Stall:
		_ = out.Flush()
		sleep(synTimeout)
		return
	case a.Then == Drop || req.Method == http.MethodHead:
		n = 0
	}
	for range n {
		if _, err := out.WriteString(a.Body); err != nil {
			return
		}
	}
	_ = out.Flush()
}
