package store

import (
	"context"

	"todoku/diag/watch"
)

// All gives a job for each chunk, due or not, and says how many domains they have.
func (s *Store) All(ctx context.Context) (jobs []watch.Job, domains int, err error) {
	err = s.rows(ctx, s.read, func(scan func(...any) error) error {
		var j watch.Job
		var n int
		err := scan(&j.Chunk, &j.Round, &n)
		j.Round++
		jobs, domains = append(jobs, j), domains+n
		return err
	}, `SELECT id, round, domains FROM watch_chunk WHERE domains > 0 ORDER BY id`)
	return jobs, domains, s.fault(err)
}
