package alert_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/resolve"
	"todoku/diag/watch"
	"todoku/diag/watch/alert"
	"todoku/diag/watch/store"
)

// names is a DNS of TXT records in memory.
type names struct {
	mu     sync.Mutex
	txt    map[string]string
	silent bool // the resolver gives no answer
}

func (n *names) change(do func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	do()
}

// Ask implements resolve.Resolver.
func (n *names) Ask(_ context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	a := resolve.Answer{Name: name, Type: t, Server: "192.0.2.53", Status: resolve.NoName}
	text, exists := n.txt[name]
	switch {
	case n.silent:
		return a, &resolve.Error{Kind: resolve.KindTimeout, Name: name, Type: t.String(), Server: "192.0.2.53"}
	case exists && t == resolve.TypeTXT && text != "":
		a.Status, a.Records = resolve.Found, []resolve.Record{{TTL: 300, Text: text}}
	case exists:
		a.Status = resolve.NoData
	}
	return a, nil
}

// fleet is a watched world: a store, an engine, and a chat that is told.
type fleet struct {
	t         *testing.T
	dns       *names
	store     *store.Store
	engine    *watch.Engine
	queue     *watch.Inline
	deliverer *alert.Deliverer
	chat      *endpoint
	down      *atomic.Bool
	channel   string
	read      int // notices that the test has read
}

// watched runs a test of a fleet of domains whose SPF includes one provider, half of which are looked at each hour, half each
// two hours. Its time is that of a bubble; the chat is a web server on loopback.
func watched(t *testing.T, domains int, test func(*fleet)) {
	t.Helper()
	down := &atomic.Bool{}
	chat := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if down.Load() {
			w.WriteHeader(http.StatusBadGateway)
		}
	})
	path := filepath.Join(t.TempDir(), "watch.db")
	synctest.Test(t, func(t *testing.T) {
		f := &fleet{t: t, chat: chat, down: down, dns: &names{txt: map[string]string{}}}
		f.dns.txt["_spf.provider.example"] = "v=spf1 ip4:192.0.2.1 -all"
		var err error
		if f.store, err = store.Open(t.Context(), path, store.Options{}); err != nil {
			t.Fatal(err)
		}
		defer f.store.Close()
		for half := range 2 {
			var some []string
			for i := range domains / 2 {
				name := fmt.Sprintf("d%d.test", half*domains/2+i)
				some = append(some, name)
				f.dns.txt[name] = "v=spf1 include:_spf.provider.example -all"
			}
			if _, err := f.store.Add(t.Context(), slices.Values(some), time.Duration(half+1)*time.Hour); err != nil {
				t.Fatal(err)
			}
		}
		f.queue = watch.NewInline(f.store.DB())
		f.engine = &watch.Engine{Store: f.store, Queue: f.queue, Now: time.Now, Looker: &watch.Looker{
			Env:    func() diag.Env { return diag.Env{DNS: f.dns, Now: time.Now} },
			Checks: func(watch.Kept) []*diag.Check { return []*diag.Check{check.SPF(check.SPFOptions{})} },
			Words:  func(err error) codes.Text { return codes.Same(err.Error()) }, Places: make(chan struct{}, 64)}}
		c := channel(t, "json", chat.URL+"/hook")
		f.channel = c.Name()
		w, err := c.Webhook(alert.Client{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		f.deliverer = &alert.Deliverer{Outbox: f.store, Channels: map[string]alert.Teller{f.channel: w},
			Words: words(codes.English), Now: time.Now}
		test(f)
	})
}

// hour lets an hour pass: every five minutes what is due is looked at, and what is ready is told.
func (f *fleet) hour() {
	f.t.Helper()
	for range 12 {
		if _, err := f.engine.Schedule(f.t.Context()); err != nil {
			f.t.Fatal(err)
		}
		if err := f.queue.Drain(f.t.Context(), 2, f.engine.Do); err != nil {
			f.t.Fatal(err)
		}
		if _, err := f.store.Tell(f.t.Context(), time.Minute, "warn", []string{f.channel}); err != nil {
			f.t.Fatal(err)
		}
		if err := f.deliverer.Once(f.t.Context()); err != nil {
			f.t.Fatal(err)
		}
		time.Sleep(5 * time.Minute)
	}
}

// told are the titles of the notices since the last call.
func (f *fleet) told() (titles []string) {
	f.t.Helper()
	if f.down.Load() {
		f.read = len(f.chat.posts())
		return nil
	}
	for _, p := range f.chat.posts()[f.read:] {
		f.read++
		var n alert.Notice
		if err := json.Unmarshal([]byte(p.body), &n); err != nil {
			f.t.Fatal(err)
		}
		for _, i := range append(n.Opened, n.Over...) {
			titles = append(titles, i.Title)
		}
	}
	return titles
}

func (f *fleet) expect(when string, want ...string) {
	f.t.Helper()
	if got := f.told(); !slices.Equal(got, want) {
		f.t.Errorf("%s: told %q, want %q", when, got, want)
	}
}

// TestAChangeIsToldWithinOneRoundAndOnce, and so is that it is over; nothing is told of what is well.
func TestAChangeIsToldWithinOneRoundAndOnce(t *testing.T) {
	t.Parallel()
	watched(t, 40, func(f *fleet) {
		f.hour()
		f.hour()
		f.expect("all is well")
		f.dns.change(func() { f.dns.txt["d3.test"] = "" })
		f.hour()
		f.hour()
		f.expect("within a round", "spf-none: new problem in d3.test")
		f.hour()
		f.hour()
		f.hour()
		f.expect("it goes on")
		f.dns.change(func() { f.dns.txt["d3.test"] = "v=spf1 include:_spf.provider.example -all" })
		f.hour()
		f.hour()
		f.expect("it is over", "spf-none: over in d3.test")
		f.hour()
		f.expect("all is well again")
	})
}

// TestASilentResolverIsOneAlert: an hour without an answer says nothing of any domain, neither that something is missing nor that
// it was mended.
func TestASilentResolverIsOneAlert(t *testing.T) {
	t.Parallel()
	watched(t, 40, func(f *fleet) {
		f.dns.change(func() { f.dns.txt["d7.test"] = "v=spf1 +all" })
		f.hour()
		f.hour()
		f.told() // of the first look
		f.dns.change(func() { f.dns.silent = true })
		f.hour()
		f.hour()
		got := f.told()
		if len(got) != 1 || !strings.HasPrefix(got[0], "192.0.2.53: ") || !strings.HasSuffix(got[0], " could not be checked") {
			t.Errorf("told %q", got)
		}
		f.dns.change(func() { f.dns.silent = false })
		f.hour()
		f.hour()
		f.hour()
		f.expect("it answers again", "192.0.2.53: 40 domains can be checked again")
		row, err := f.store.Show(f.t.Context(), "d7.test", time.Time{}, 100)
		if err != nil || len(row.State.Findings) == 0 {
			t.Errorf("%v: what stood before stands no more: %+v", err, row.State)
		}
	})
}

// TestABrokenProviderIsOneAlert, also where its customers are looked at one after the other.
func TestABrokenProviderIsOneAlert(t *testing.T) {
	t.Parallel()
	n := 40
	if os.Getenv("TODOKU_FULL") != "" {
		n = 5000
	}
	watched(t, n, func(f *fleet) {
		f.hour()
		f.hour()
		f.dns.change(func() { delete(f.dns.txt, "_spf.provider.example") })
		for range 4 {
			f.hour()
		}
		got := f.told()
		if len(got) != 1 || !strings.HasPrefix(got[0], "provider.example: new problem in ") {
			t.Errorf("told %q", got)
		}
		f.dns.change(func() { f.dns.txt["_spf.provider.example"] = "v=spf1 ip4:192.0.2.1 -all" })
		for range 3 {
			f.hour()
		}
		f.expect("it is over", fmt.Sprintf("provider.example: over in %d domains", n))
	})
}

// TestAChatThatIsDownForHoursIsToldAllOnce when it is back.
func TestAChatThatIsDownForHoursIsToldAllOnce(t *testing.T) {
	t.Parallel()
	watched(t, 40, func(f *fleet) {
		f.hour()
		f.hour()
		f.told()
		f.down.Store(true)
		f.dns.change(func() { f.dns.txt["d3.test"] = "" })
		f.hour()
		f.hour()
		f.dns.change(func() {
			f.dns.txt["d3.test"], f.dns.txt["d5.test"] = "v=spf1 include:_spf.provider.example -all", "v=spf1 +all"
		})
		for range 4 {
			f.hour()
		}
		f.told()
		f.down.Store(false)
		f.hour()
		f.hour()
		f.expect("it is back", "spf-all-pass: new problem in d5.test", "spf-none: over in d3.test")
		f.hour()
		f.expect("nothing more")
	})
}
