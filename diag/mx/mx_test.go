package mx_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"todoku/diag/mx"
	"todoku/diag/resolve"
	"todoku/sender"
	"todoku/sender/mail"
)

const zone = `$TTL 300
two.test. MX 20 b.two.test.
two.test. MX 10 a.two.test.
a.two.test. A 192.0.2.1
a.two.test. AAAA 2001:db8::1
twice.test. MX 10 a.two.test.
twice.test. MX 20 a.two.test.
null.test. MX 0 .
both.test. MX 0 .
both.test. MX 10 a.two.test.
bare.test. A 192.0.2.3
hollow.test. MX 10 none.hollow.test.
literal.test. MX 10 192.0.2.9.
txt.test. TXT "x"
same.test. MX 10 a.two.test.
same.test. MX 10 bare.test.
same.test. MX 20 b.two.test.
`

// world answers from the zone. A name that has "lame" in it gets no answer.
type world struct{ *resolve.Client }

func (w world) Ask(ctx context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	if strings.Contains(name, "lame") {
		return resolve.Answer{}, errLame
	}
	return w.Client.Ask(ctx, name, t)
}

var errLame = errors.New("lame")

func open(t *testing.T, more string) world {
	t.Helper()
	z, err := resolve.ParseZone(strings.NewReader(zone+more), "zone")
	if err != nil {
		t.Fatal(err)
	}
	c, err := resolve.New(resolve.Options{Zones: []*resolve.Zone{z}, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return world{c}
}

// shown is a route on one line: its hosts with their preference and the number of their addresses, and what is special.
func shown(r *mx.Route) string {
	var out []string
	for _, h := range r.Hosts {
		out = append(out, fmt.Sprintf("%d %s %d", h.Pref, h.Name, len(h.Addresses.Addrs())))
		if h.Takes() != (len(h.Addresses.Addrs()) > 0) || h.Literal.IsValid() {
			out = append(out, "literal "+h.Literal.String())
		}
	}
	for what, is := range map[string]bool{"null": r.Null, "implicit": r.Implicit, "lame": r.Err() != nil} {
		if is {
			out = append(out, what)
		}
	}
	for _, h := range r.Repeated {
		out = append(out, "repeated "+h)
	}
	if r.Cut > 0 {
		out = append(out, fmt.Sprintf("cut %d", r.Cut))
	}
	return strings.Join(out, ", ")
}

func TestLookup(t *testing.T) {
	t.Parallel()
	many := strings.Builder{}
	for i := range mx.MaxHosts + 5 {
		fmt.Fprintf(&many, "many.test. MX %d mx%02d.many.test.\n", i, i)
	}
	w := open(t, many.String()+"half.test. MX 10 a.two.test.\nhalf.test. MX 20 mx.lame.test.\nquiet.test. MX 10 mx.lame.test.\n")
	for domain, want := range map[string]string{
		"two.test": "10 a.two.test 2, 20 b.two.test 0", "twice.test": "10 a.two.test 2, repeated a.two.test", "null.test": "null",
		"both.test": "10 a.two.test 2, null", "bare.test": "0 bare.test 1, implicit", "hollow.test": "10 none.hollow.test 0",
		"literal.test": "10 192.0.2.9 0, literal 192.0.2.9", "txt.test": "", "absent.test": "",
		"half.test":  "10 a.two.test 2, 20 mx.lame.test 0, lame",
		"quiet.test": "10 mx.lame.test 0, lame",
	} {
		for _, eager := range []bool{false, true} {
			r, err := mx.Lookup(t.Context(), w, domain, eager)
			if err != nil || shown(r) != want {
				t.Errorf("%s, eager %t: %q, %v; want %q", domain, eager, shown(r), err, want)
			}
		}
	}
	r, err := mx.Lookup(t.Context(), w, "many.test", false)
	if err != nil || len(r.Hosts) != mx.MaxHosts || r.Cut != 5 || r.Hosts[0].Name != "mx00.many.test" {
		t.Errorf("%d hosts, cut %d, %v", len(r.Hosts), r.Cut, err)
	}
	if _, err := mx.Lookup(t.Context(), w, "lame.test", true); !errors.Is(err, errLame) {
		t.Errorf("%v", err)
	}
}

// TestImplicitUnknown: a domain without MX whose own addresses nobody told may yet take mail.
func TestImplicitUnknown(t *testing.T) {
	t.Parallel()
	r, err := mx.Lookup(t.Context(), quietAddresses{open(t, "")}, "txt.test", false)
	if err != nil || r.Implicit || len(r.Hosts) != 1 || !errors.Is(r.Err(), errLame) {
		t.Errorf("%q, %v", shown(r), err)
	}
}

// quietAddresses gives no answer to any question but that for MX.
type quietAddresses struct{ world }

func (q quietAddresses) Ask(ctx context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	if t != resolve.TypeMX {
		return resolve.Answer{}, errLame
	}
	return q.world.Ask(ctx, name, t)
}

func TestRouter(t *testing.T) {
	t.Parallel()
	w := open(t, "half.test. MX 10 a.two.test.\nhalf.test. MX 20 mx.lame.test.\nquiet.test. MX 10 mx.lame.test.\n")
	for domain, want := range map[string]string{ // hosts with the number of their addresses, or why there are none
		"two.test": "a.two.test 2, b.two.test 0", "null.test": string(sender.NullMX), "both.test": "a.two.test 2", "bare.test": "bare.test 1",
		"hollow.test": string(sender.NoHosts), "txt.test": string(sender.NoHosts), "absent.test": string(sender.NoSuchDomain),
		"half.test": "a.two.test 2, mx.lame.test 0", "quiet.test": "lame", "lame.test": "lame",
	} {
		to, err := mail.ParseAddress("to", "x@"+domain)
		if err != nil {
			t.Fatal(err)
		}
		route, err := sender.FindRoute(t.Context(), mx.Router{DNS: w}, to)
		var none *sender.NoRouteError
		var got []string
		switch {
		case errors.As(err, &none):
			got = append(got, string(none.Reason))
		case errors.Is(err, errLame):
			got = append(got, "lame")
		default:
			for _, h := range route.Hosts {
				got = append(got, fmt.Sprintf("%s %d", h.Name, len(h.Addresses)))
			}
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s: %q, %v; want %q", domain, got, err, want)
		}
	}
}

// TestRouterSharesTheLoad: hosts of one preference come in any order, and never before a better one (RFC 5321 §5.1).
func TestRouterSharesTheLoad(t *testing.T) {
	t.Parallel()
	r := mx.Router{DNS: open(t, "")}
	seen := map[string]bool{}
	for range 200 {
		route, err := r.Route(t.Context(), "same.test")
		if err != nil || len(route.Hosts) != 3 {
			t.Fatalf("%+v, %v", route, err)
		}
		seen[route.Hosts[0].Name+" "+route.Hosts[1].Name+" "+route.Hosts[2].Name] = true
	}
	if len(seen) != 2 || !seen["a.two.test bare.test b.two.test"] || !seen["bare.test a.two.test b.two.test"] {
		t.Errorf("orders: %v", seen)
	}
}

func TestReachable(t *testing.T) {
	t.Parallel()
	for ip, want := range map[string]bool{
		"8.8.8.8": true, "2001:4860::1": true, "192.0.2.1": true, "10.1.2.3": false, "127.0.0.1": false, "169.254.1.1": false, "224.0.0.1": false,
		"0.0.0.0": false, "100.64.0.1": false, "240.0.0.1": false, "fe80::1": false, "fd00::1": false, "::1": false,
		"::ffff:10.0.0.1": false, "100::1": false,
		"::ffff:192.0.2.25": false, "fec0::25": false, "::192.0.2.25": false, "2002:c000:219::1": false, "2001:0:1::1": false,
		"64:ff9b:1::1": false, "64:ff9b::c000:219": true, "2001:db8::25": true, "2400::25": true, "192.88.99.1": false, "198.18.0.1": true,
	} {
		if got := mx.Reachable(netip.MustParseAddr(ip)); got != want {
			t.Errorf("%s: %t", ip, got)
		}
	}
}
