package cmd

import (
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"

	"todoku/diag/resolve"
)

// outside is the internet as a sender meets it, or the lab in its place.
type outside struct {
	dns   resolve.Resolver
	dial  func(ctx context.Context, network, addr string) (net.Conn, error)
	roots *x509.CertPool // nil: the system's
	helo  string
	close func()
}

// outside opens the way to DNS and to mail servers that the global flags ask
// for.
func (a *app) outside(ctx context.Context) (*outside, error) {
	o := &outside{dial: new(net.Dialer).DialContext, helo: hostName()}
	inner := *a
	stop := func() {}
	switch {
	case a.global.offline:
		o.dial = func(_ context.Context, network, _ string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Net: network, Err: errOffline}
		}
	case a.global.lab:
		l, err := openLab(context.Background(), "")
		if err != nil {
			return nil, err
		}
		inner.global.lab, inner.global.resolvers = false, []string{l.DNSAddr()}
		o.dial, o.roots, o.helo, stop = l.Dial, l.Roots(), labHost, l.Close
	}
	env, done, err := inner.world(ctx, false)
	if err != nil {
		stop()
		return nil, err
	}
	o.dns = env.DNS
	o.close = func() { done(); stop() }
	return o, nil
}

// labHost is where the lab's domains send from.
const labHost = "out.lab.test"

var errOffline = fmt.Errorf("nothing touches the network with --offline (%w)", syscall.ENETUNREACH)

// hostName is the name that this host gives in EHLO: a full one, else an
// address literal takes its place (RFC 5321 §4.1.4).
func hostName() string {
	name, err := os.Hostname()
	if err != nil || !strings.Contains(strings.Trim(name, "."), ".") {
		return ""
	}
	ascii, err := parseDomain(name)
	if err != nil {
		return ""
	}
	return ascii
}
