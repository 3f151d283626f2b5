package store_test

import "testing"

// TestAllChunksHaveAJob: due or not, each chunk has one, and together they have all domains.
func TestAllChunksHaveAJob(t *testing.T) {
	both(t, func(t *testing.T, where string) {
		c := newClock()
		s := open(t, where, c)
		watchAll(t, s, day, names(501)...)
		look(t, s, c.now(), nil)
		jobs, all, err := s.All(t.Context())
		must(t, err)
		if all != 501 || len(jobs) != 2 || jobs[0].Round != 2 || jobs[1].Round != 2 {
			t.Fatalf("%d domains, jobs %+v", all, jobs)
		}
	})
}
