package sender

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"todoku/codes"
	"todoku/sender/mail"
)

// Router tells which hosts take the mail of a domain. Its error is a
// *NoRouteError where it is known that there are none; any other error means
// that it could not be found out, and the question is worth repeating.
type Router interface {
	Route(ctx context.Context, domain string) (Route, error)
}

// Route is the list of hosts that take the mail of a domain (RFC 5321 §5.1).
type Route struct {
	Hosts    []Host // best first
	Null     bool   // a null MX: the domain takes no mail (RFC 7505)
	Implicit bool   // no MX: the domain itself is the host (RFC 5321 §5.1)
}

// Host is one server of a domain.
type Host struct {
	Name       string
	Preference int
	Addresses  []netip.Addr // in the order to try
}

// NoRoute is why a domain takes no mail.
type NoRoute string

// The reasons.
const (
	NoSuchDomain NoRoute = "no_such_domain"
	NoHosts      NoRoute = "no_hosts" // no MX and no address, or MX without any address
	NullMX       NoRoute = "null_mx"
)

// NoRouteError says that a domain takes no mail: known, not guessed.
type NoRouteError struct {
	Domain string
	Reason NoRoute
}

// Error is the reason in English, with the domain.
func (e *NoRouteError) Error() string {
	switch e.Reason {
	case NoSuchDomain:
		return e.Domain + " does not exist"
	case NullMX:
		return e.Domain + " takes no mail (null MX)"
	}
	return e.Domain + " has no server that takes mail: neither MX nor address"
}

// FindRoute finds the way to a recipient and goes nowhere; an address literal needs no question. Its error is as that
// of Router.
func FindRoute(ctx context.Context, r Router, to mail.Address) (Route, error) {
	domain := to.Domain()
	if ip, ok := to.Literal(); ok {
		return Route{Hosts: []Host{{Name: domain, Addresses: []netip.Addr{ip}}}}, nil
	}
	found, err := r.Route(ctx, domain)
	if err != nil {
		return found, err
	}
	if found.Null {
		return found, &NoRouteError{domain, NullMX}
	}
	for _, h := range found.Hosts {
		if len(h.Addresses) > 0 {
			return found, nil
		}
	}
	return found, &NoRouteError{domain, NoHosts}
}

// Relay is a server that takes mail for everybody, usually after AUTH.
type Relay struct {
	Host     string
	Port     int
	Implicit bool // TLS from the first byte (smtps)
	User     string
}

// ParseRelay reads smtp://host:port or smtps://host:port, with user@ before
// the host if need be. A password does not belong into an argument list and is
// refused. Ports: 587 and 465.
func ParseRelay(s string) (Relay, error) {
	const field = "relay"
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return Relay{}, codes.WrongAt(field, codes.Text{EN: "is not of the form smtp://host:port or smtps://host:port", JA: "smtp://ホスト:ポート または smtps://ホスト:ポート の形で指定してください"})
	}
	r := Relay{Host: u.Hostname(), Port: 587}
	switch u.Scheme {
	case "smtp", "submission":
	case "smtps", "submissions":
		r.Implicit, r.Port = true, 465
	default:
		return Relay{}, codes.WrongAt(field, codes.Text{EN: "knows smtp:// and smtps://, not {scheme}", JA: "smtp:// と smtps:// に対応しています(指定値: {scheme})"}, codes.QuotedStart("scheme", u.Scheme, 20))
	}
	if p := u.Port(); p != "" {
		if r.Port, err = strconv.Atoi(p); err != nil || r.Port < 1 || r.Port > 65535 {
			return Relay{}, codes.WrongAt(field, codes.Text{EN: "{value} is no port", JA: "{value} はポート番号ではありません"}, codes.QuotedStart("value", p, 20))
		}
	}
	if _, secret := u.User.Password(); secret {
		return Relay{}, codes.WrongAt(field, codes.Text{EN: "holds a password, which other users of this machine can see; use --password-file or the environment",
			JA: "パスワードが含まれています。他の利用者から見えるため、--password-file または環境変数で指定してください"})
	}
	if r.User = u.User.Username(); r.User != "" {
		if err := mail.CheckLine(field, r.User); err != nil {
			return Relay{}, err
		}
	}
	if err := mail.CheckLine(field, r.Host); err != nil {
		return Relay{}, err
	}
	return r, nil
}

// String is the relay as it is written.
func (r Relay) String() string {
	scheme := "smtp"
	if r.Implicit {
		scheme = "smtps"
	}
	return fmt.Sprintf("%s://%s", scheme, net.JoinHostPort(r.Host, strconv.Itoa(r.Port)))
}
