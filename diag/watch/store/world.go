package store

import "context"

// World says in which world the domains are looked at, and returns in which one they were looked at first: states of two
// worlds must not meet in one store.
func (s *Store) World(ctx context.Context, name string) (first string, err error) {
	if _, err := s.exec(ctx, s.write, `INSERT INTO watch_world (one, name) VALUES (1, ?) ON CONFLICT DO NOTHING`, clean(name)); err != nil {
		return "", s.fault(err)
	}
	err = s.row(ctx, s.read, `SELECT name FROM watch_world`).Scan(&first)
	return first, s.fault(err)
}
