package dmarc

import (
	"context"
	"strings"
	"sync"
	"testing"

	"todoku/diag/resolve"
)

// world is a closed DNS world in which some questions fail. It remembers what
// was asked.
type world struct {
	resolve.Resolver
	fail map[string]resolve.Kind // "_dmarc.example.test TXT"
	mu   sync.Mutex
	log  []string
}

func newWorld(t testing.TB, zone string) *world {
	t.Helper()
	z, err := resolve.ParseZone(strings.NewReader("$ORIGIN .\n$TTL 300\n"+zone+"\n. NS ns.invalid.\n"), "test.zone")
	if err != nil {
		t.Fatal(err)
	}
	c, err := resolve.New(resolve.Options{Zones: []*resolve.Zone{z}, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	return &world{Resolver: c, fail: map[string]resolve.Kind{}}
}

func (w *world) Ask(ctx context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	q := name + " " + t.String()
	w.mu.Lock()
	w.log = append(w.log, q)
	w.mu.Unlock()
	if k := w.fail[q]; k != "" {
		return resolve.Answer{}, &resolve.Error{Kind: k, Name: name, Type: t.String()}
	}
	return w.Resolver.Ask(ctx, name, t)
}

func txt(name, value string) string { return name + `. TXT "` + value + "\"\n" }
