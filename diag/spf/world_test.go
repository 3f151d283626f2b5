package spf

import (
	"context"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"todoku/diag/resolve"
)

type question struct {
	name string
	typ  resolve.Type
}

// world is a small DNS in memory. Names in it exist; the others do not.
type world struct {
	names   map[string]bool
	answers map[question][]resolve.Record
	alias   map[string]string
	fails   map[question]resolve.Kind
	asked   atomic.Int64
}

func newWorld() *world {
	return &world{names: map[string]bool{}, answers: map[question][]resolve.Record{}, alias: map[string]string{},
		fails: map[question]resolve.Kind{}}
}

func (w *world) add(name string, t resolve.Type, r resolve.Record) {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	w.names[name] = true
	if r.TTL == 0 {
		r.TTL = 300
	}
	w.answers[question{name, t}] = append(w.answers[question{name, t}], r)
}

func (w *world) txt(name string, texts ...string) *world {
	for _, t := range texts {
		w.add(name, resolve.TypeTXT, resolve.Record{Text: t})
	}
	return w
}

func (w *world) addr(name string, ips ...string) *world {
	for _, s := range ips {
		ip := netip.MustParseAddr(s)
		t := resolve.TypeAAAA
		if ip.Is4() {
			t = resolve.TypeA
		}
		w.add(name, t, resolve.Record{Addr: ip})
	}
	return w
}

func (w *world) mx(name string, hosts ...string) *world {
	for i, h := range hosts {
		w.add(name, resolve.TypeMX, resolve.Record{Host: h, Pref: uint16(i)})
	}
	return w
}

func (w *world) ptr(ip string, hosts ...string) *world {
	for _, h := range hosts {
		w.add(resolve.Reverse(netip.MustParseAddr(ip)), resolve.TypePTR, resolve.Record{Host: h})
	}
	return w
}

func (w *world) fail(name string, t resolve.Type, k resolve.Kind) *world {
	w.names[name] = true
	w.fails[question{name, t}] = k
	return w
}

func (w *world) Ask(ctx context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	w.asked.Add(1)
	if err := ctx.Err(); err != nil {
		return resolve.Answer{}, err
	}
	name = strings.TrimSuffix(strings.ToLower(name), ".")
	a := resolve.Answer{Name: name, Type: t}
	for hops := 0; w.alias[name] != ""; hops++ {
		if name = w.alias[name]; hops > 8 {
			return a, &resolve.Error{Kind: resolve.KindLoop, Name: a.Name, Type: t.String()}
		}
		a.Chain = append(a.Chain, name)
	}
	if k := w.fails[question{name, t}]; k != "" {
		return a, &resolve.Error{Kind: k, Name: a.Name, Type: t.String()}
	}
	a.Records = w.answers[question{name, t}]
	if len(a.Records) == 0 {
		a.Status = resolve.NoData
		if !w.names[name] {
			a.Status = resolve.NoName
		}
	}
	return a, nil
}

func addr(t testing.TB, s string) netip.Addr {
	t.Helper()
	ip, err := netip.ParseAddr(s)
	if err != nil {
		t.Fatal(err)
	}
	return ip
}
