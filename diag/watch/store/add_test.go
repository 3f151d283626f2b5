package store_test

import (
	"slices"
	"testing"
	"time"

	"todoku/diag/watch"
	"todoku/diag/watch/store"
)

func TestChunksAreFilled(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		c := newClock()
		s := open(t, where, c)
		if a := watchAll(t, s, day, names(1200)...); a != (store.Added{New: 1200}) {
			t.Errorf("added: %+v", a)
		}
		sizes := map[int]int{}
		var all []string
		for _, j := range due(t, s, c.now()) {
			w, err := s.Load(t.Context(), j)
			must(t, err)
			sizes[len(w.Domains)]++
			for _, k := range w.Domains {
				all = append(all, k.Name)
			}
		}
		slices.Sort(all)
		if sizes[watch.ChunkSize] != 2 || sizes[200] != 1 || !slices.Equal(all, names(1200)) {
			t.Errorf("chunks by their size: %v, %d domains", sizes, len(all))
		}
		if a := watchAll(t, s, day, append(names(1201), "d00001.example")...); a != (store.Added{New: 1, Known: 1201}) {
			t.Errorf("added again: %+v", a)
		}
	})
}

func TestAMovedDomainKeepsWhatIsKnown(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		c := newClock()
		s := open(t, where, c)
		watchAll(t, s, day, "a.example", "b.example")
		look(t, s, c.now(), func(w watch.Work, d *watch.Done) { breaks(w, d, "spf-none", "") })
		c.add(2 * day)
		look(t, s, c.now(), nil)
		looked := c.now()
		c.add(time.Hour)
		if a := watchAll(t, s, time.Hour, "a.example", "c.example"); a != (store.Added{New: 1, Moved: 1}) {
			t.Errorf("added: %+v", a)
		}
		now := c.add(time.Minute)
		if n := look(t, s, now, func(w watch.Work, d *watch.Done) {
			if k := w.Domains[0]; k.Name != "a.example" || !k.Looked.Equal(looked) || len(k.State.Findings) != 1 {
				t.Errorf("moved: %+v", k)
			}
			if k := w.Domains[1]; !k.Looked.IsZero() {
				t.Errorf("new in the same chunk: %+v", k)
			}
			mends(w, d, "spf-none", "a.example")
		}); n != 2 {
			t.Errorf("%d domains were looked at in the new chunk", n)
		}
		for _, j := range due(t, s, now.Add(day)) {
			w, err := s.Load(t.Context(), j)
			must(t, err)
			for _, k := range w.Domains {
				if want := map[string]time.Time{"a.example": now, "b.example": looked, "c.example": now}[k.Name]; !k.Looked.Equal(want) {
					t.Errorf("%s was looked at at %s, not %s", k.Name, want, k.Looked)
				}
				if n := len(k.State.Findings); k.Name == "a.example" && n != 0 {
					t.Errorf("%d findings after they were mended", n)
				}
			}
		}
	})
}
