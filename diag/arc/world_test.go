package arc_test

import (
	"context"
	"strings"
	"sync/atomic"

	"todoku/diag/resolve"
)

// world is a small DNS in memory: TXT records by name, and names that stay without an answer.
type world struct {
	txt   map[string][]string
	fails map[string]resolve.Kind
	asked atomic.Int64
}

func newWorld() *world { return &world{txt: map[string][]string{}, fails: map[string]resolve.Kind{}} }

func (w *world) Ask(ctx context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	w.asked.Add(1)
	name = strings.TrimSuffix(strings.ToLower(name), ".")
	a := resolve.Answer{Name: name, Type: t}
	if k := w.fails[name]; k != "" {
		return a, &resolve.Error{Kind: k, Name: name, Type: t.String()}
	}
	if err := ctx.Err(); err != nil {
		return a, err
	}
	for _, text := range w.txt[name] {
		a.Records = append(a.Records, resolve.Record{Text: text, TTL: 300})
	}
	if t != resolve.TypeTXT || len(a.Records) == 0 {
		a.Records, a.Status = nil, resolve.NoName
	}
	return a, nil
}
