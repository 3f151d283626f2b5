package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestSelectorsAreLearned(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		c := newClock()
		s := open(t, where, c)
		watchAll(t, s, day, "a.example", "b.example")
		none := []string{"", "a b", "a..b", ".a", "a.", "*", "日", strings.Repeat("x", 64)}
		must(t, s.Learn(t.Context(), "a.example", append(none, "s1", "k2._x"), start))
		must(t, s.Learn(t.Context(), "a.example", []string{"s1"}, start.Add(day)))
		w, err := s.Load(t.Context(), due(t, s, c.now())[0])
		must(t, err)
		slices.Sort(w.Domains[0].Selectors)
		if !slices.Equal(w.Domains[0].Selectors, []string{"k2._x", "s1"}) || w.Domains[1].Selectors != nil {
			t.Errorf("selectors: %q, %q", w.Domains[0].Selectors, w.Domains[1].Selectors)
		}
		var many []string
		for i := range 60 {
			many = append(many, fmt.Sprintf("m%d", i))
		}
		must(t, s.Learn(t.Context(), "b.example", many, start))
		j, err := s.Job(t.Context(), "b.example")
		must(t, err)
		if w, err = s.Load(t.Context(), j); err != nil || len(w.Domains[0].Selectors) != 50 {
			t.Errorf("of 60 selectors: %d, %v", len(w.Domains[0].Selectors), err)
		}
	})
}
