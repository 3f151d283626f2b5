package world_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag/bundle"
	"todoku/diag/probe"
	"todoku/diag/resolve"
	"todoku/diag/world"
)

func open(t *testing.T, o world.Options) *world.World {
	t.Helper()
	w, err := world.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w
}

func catalogue(t *testing.T) *codes.Catalogue {
	t.Helper()
	c, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestLab: DNS, mail servers, roots and our name are the lab's.
func TestLab(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	w := open(t, world.Options{Lab: true, Replies: c})
	env := w.Run()
	a, err := env.DNS.Ask(t.Context(), "takes.test", resolve.TypeMX)
	if err != nil || a.Status != resolve.Found || a.Sent != 1 {
		t.Fatalf("%+v %v", a, err)
	}
	if again, err := w.Run().DNS.Ask(t.Context(), "takes.test", resolve.TypeMX); err != nil || again.Sent != 0 {
		t.Errorf("the next run asks again within the TTL: %+v %v", again, err)
	}
	v := env.SMTP.Visit(t.Context(), a.Records[0].Host, netip.MustParseAddrPort("192.0.2.100:25"), probe.Depth{}, "user@takes.test")
	if v.Err != nil || v.TLS == nil || !v.TLS.Verified || v.Reply.Code != 250 {
		t.Errorf("%+v", v)
	}
	if w.Helo == "" || env.Now == nil || env.Providers == nil {
		t.Errorf("%+v", w)
	}
	if len(env.Lists) == 0 || slices.ContainsFunc(env.Lists, func(zone string) bool { return !strings.HasSuffix(zone, ".test") }) {
		t.Errorf("blocklists %v", env.Lists)
	}
	if named := open(t, world.Options{Lab: true, Helo: "me.test"}); named.Helo != "me.test" || named.Run().SMTP != nil {
		t.Errorf("name %q, mail servers are asked although nobody tells what they mean", named.Helo)
	}
}

// TestLabOutlivesItsContext: what is under way when a run is cut off may end.
func TestLabOutlivesItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	w, err := world.Open(ctx, world.Options{Lab: true})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	cancel()
	if _, err := w.DNS.Ask(t.Context(), "takes.test", resolve.TypeMX); err != nil {
		t.Error(err)
	}
}

// TestOffline: the zones are all there is, and nothing touches the network.
func TestOffline(t *testing.T) {
	t.Parallel()
	z, err := resolve.ParseZone(strings.NewReader("a.test. 60 IN TXT \"x\"\n"), "test.zone")
	if err != nil {
		t.Fatal(err)
	}
	w := open(t, world.Options{Offline: true, Zones: []*resolve.Zone{z}, Replies: catalogue(t)})
	env := w.Run()
	if a, err := env.DNS.Ask(t.Context(), "a.test", resolve.TypeTXT); err != nil || a.Status != resolve.Found {
		t.Errorf("%+v %v", a, err)
	}
	if a, err := env.DNS.Ask(t.Context(), "b.test", resolve.TypeTXT); err != nil || a.Status != resolve.NoName {
		t.Errorf("%+v %v", a, err)
	}
	if env.SMTP != nil {
		t.Error("mail servers can be asked")
	}
	if _, err := w.Dial(t.Context(), "tcp", "192.0.2.1:25"); !errors.Is(err, syscall.ENETUNREACH) {
		t.Errorf("dialled: %v", err)
	}
	if _, err := w.HTTPS().Get("https://a.test/"); !errors.Is(err, syscall.ENETUNREACH) {
		t.Errorf("fetched: %v", err)
	}
	if w.OwnServers() || env.Direct != nil {
		t.Error("others than the zones are asked")
	}
}

// TestServers: those that are given are asked; one that cannot be meant is told.
func TestServers(t *testing.T) {
	t.Parallel()
	l := open(t, world.Options{Lab: true})
	server, err := l.DNS.Ask(t.Context(), "takes.test", resolve.TypeMX)
	if err != nil {
		t.Fatal(err)
	}
	w := open(t, world.Options{Servers: []string{server.Server}})
	if a, err := w.Run().DNS.Ask(t.Context(), "takes.test", resolve.TypeMX); err != nil || a.Server != server.Server {
		t.Errorf("%+v %v", a, err)
	}
	var wrong *codes.UserError
	if _, err := world.Open(t.Context(), world.Options{Servers: []string{"ftp://192.0.2.1"}}); !errors.As(err, &wrong) ||
		errors.Is(err, world.ErrNobody) {
		t.Errorf("%v", err)
	}
}

// TestRedirectsComeAsTheyAre: the client leaves them to who asks.
func TestRedirectsComeAsTheyAre(t *testing.T) {
	t.Parallel()
	s := httptest.NewTLSServer(http.RedirectHandler("https://elsewhere.test/", http.StatusFound))
	defer s.Close()
	w := open(t, world.Options{Lab: true})
	w.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, s.Listener.Addr().String())
	}
	w.Roots = s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	r, err := w.HTTPS().Get("https://example.com/")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusFound {
		t.Errorf("status %d", r.StatusCode)
	}
}

// TestReplayAsksNobody: in the world of a bundle nothing is dialled, whatever the other options say, and what it does not have is
// told as that.
func TestReplayAsksNobody(t *testing.T) {
	t.Parallel()
	r := bundle.NewRecorder()
	recorded := open(t, world.Options{Lab: true, Replies: catalogue(t), Record: r})
	env := recorded.Run()
	a, err := env.DNS.Ask(t.Context(), "takes.test", resolve.TypeMX)
	if err != nil {
		t.Fatal(err)
	}
	at := netip.MustParseAddrPort("192.0.2.100:25")
	seen := env.SMTP.Visit(t.Context(), "mx.takes.test", at, probe.Depth{}, "user@takes.test")
	recorded.Close()
	var out bytes.Buffer
	if _, err := r.Write(&out, bundle.Head{Started: time.Now()}, nil); err != nil {
		t.Fatal(err)
	}
	b, err := bundle.Read(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	w := open(t, world.Options{Lab: true, Servers: []string{"192.0.2.53"}, Replies: catalogue(t), Replay: b})
	env = w.Run()
	if again, err := env.DNS.Ask(t.Context(), "takes.test", resolve.TypeMX); err != nil ||
		again.Records[0] != a.Records[0] || again.Sent != 1 {
		t.Errorf("%+v %v", again, err)
	}
	if _, err := env.DNS.Ask(t.Context(), "other.test", resolve.TypeMX); !resolve.Unrecorded(err) {
		t.Errorf("%v", err)
	}
	server := netip.MustParseAddrPort("192.0.2.53:53")
	if _, err := env.Direct.Ask(t.Context(), server, "takes.test", resolve.TypeMX); !resolve.Unrecorded(err) {
		t.Errorf("%v", err)
	}
	if v := env.SMTP.Visit(t.Context(), "mx.takes.test", at, probe.Depth{}, "user@takes.test"); v.Err != nil ||
		!reflect.DeepEqual(v.Reply, seen.Reply) || !reflect.DeepEqual(v.Rcpts, seen.Rcpts) || !reflect.DeepEqual(v.Verdict, seen.Verdict) {
		t.Errorf("%+v", v)
	}
	if v := env.SMTP.Visit(t.Context(), "mx.takes.test", at, probe.Depth{Plain: true}); !v.Unrecorded() || v.Connected() {
		t.Errorf("%+v", v)
	}
	for _, network := range []string{"tcp", "udp"} {
		if _, err := w.Dial(t.Context(), network, "127.0.0.1:25"); !errors.Is(err, syscall.ENETUNREACH) {
			t.Errorf("dialled: %v", err)
		}
	}
	if _, err := w.HTTPS().Get("https://a.test/"); !errors.Is(err, syscall.ENETUNREACH) {
		t.Errorf("fetched: %v", err)
	}
}
