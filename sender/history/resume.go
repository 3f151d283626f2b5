package history

import (
	"context"
	"time"
)

// Standing counts how the mails of a list stand.
type Standing struct {
	Delivered int // the server took them
	Perhaps   int // 40001: nobody knows
	Refused   int
	Temporary int  // refused for now, or never got to a server
	Busy      int  // another process works on them
	Queued    int  // nothing has been delivered, and this store works on them
	Restarted bool // this machine, since somebody worked on the list, or another one did
}

// Resume takes what a list has left: queued mails that nobody works on, and
// those with temporary errors, which are counted as Temporary and are queued
// again. It settles what a process that is gone left under way, and never takes
// from one that lives, whatever the clock says.
func (s *SQLite) Resume(ctx context.Context, list string) (Standing, error) {
	var standing Standing
	err := s.tx(ctx, func(w *writer) error {
		standing = Standing{}
		now := s.now()
		if err := s.settleAs(w, now); err != nil {
			return err
		}
		take, err := s.look(w, list, now, &standing)
		if err != nil {
			return err
		}
		for _, seq := range take {
			if _, err := w.exec(`UPDATE sendings SET owner = ?1, lease = ?2, updated = ?3, phase = 'queued', result = 'preparing', code = '', reason = '', reason_class = '',
  permanent = 0, own = 0, finished = 0, next_attempt = 0 WHERE seq = ?4`, s.owner, millis(now.Add(s.lease)), millis(now), seq); err != nil {
				return err
			}
		}
		return nil
	})
	s.commits.lock.Lock()
	s.commits.company = standing.Queued+standing.Temporary > 1
	s.commits.lock.Unlock()
	return standing, err
}

// Stands counts how the mails of a list stand, and changes nothing.
func (s *SQLite) Stands(ctx context.Context, list string) (Standing, error) {
	var standing Standing
	err := s.tx(ctx, func(w *writer) error {
		standing = Standing{}
		_, err := s.look(w, list, s.now(), &standing)
		return err
	})
	return standing, err
}

// look counts the mails of a list and lists those to take.
func (s *SQLite) look(w *writer, list string, now time.Time, standing *Standing) (take []int64, err error) {
	rows, err := w.conn.QueryContext(context.Background(), `SELECT s.seq, s.phase, s.result, s.code, s.own, substr(s.reply, 1, 1), s.owner, s.lease FROM members m
  JOIN sendings s ON s.seq = m.sending WHERE m.list = (SELECT seq FROM lists WHERE id = ?)`, list)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	owners := owners{}
	for rows.Next() {
		var x Sending
		var seq, lease int64
		var owner string
		if err := rows.Scan(&seq, &x.Phase, &x.Result, &x.Code, &x.Own, &x.Reply, &owner, &lease); err != nil {
			return nil, err
		}
		standing.Restarted = standing.Restarted || owners.fate(owner) == otherBoot
		switch {
		case x.Result == OK && x.Code == untold:
			standing.Perhaps++
		case x.Result == OK:
			standing.Delivered++
		case x.Temporary():
			standing.Temporary++
			take = append(take, seq)
		case x.Result == Failed:
			standing.Refused++
		case owner == s.owner:
			standing.Queued++
		case x.Phase == Queued && owners.free(owner, lease, now):
			standing.Queued++
			take = append(take, seq)
		default:
			standing.Busy++
		}
	}
	return take, rows.Err()
}

// Temporary reports whether a sending ended in an error and may yet come right:
// a server refused it for now, or none was reached.
func (s Sending) Temporary() bool {
	switch {
	case s.Result != Failed || s.Code == bounced:
		return false
	case s.Own:
		return true
	case s.Reply != "" && s.Reply[0] >= '2' && s.Reply[0] <= '5':
		return s.Reply[0] == '4'
	}
	return s.Code != noRoute
}

// settle gives what processes that are gone left under way its result: the mail
// went out to its end, and nobody knows how that ended (40001).
func (s *SQLite) settle(ctx context.Context) error {
	var any bool
	err := s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM sendings WHERE result = 'preparing' AND phase IN ('sending', 'content-sent'))`).Scan(&any)
	if err != nil || !any {
		return err
	}
	return s.tx(ctx, func(w *writer) error { return s.settleAs(w, s.now()) })
}

func (s *SQLite) settleAs(w *writer, now time.Time) error {
	rows, err := w.conn.QueryContext(context.Background(), `SELECT seq, owner, lease FROM sendings WHERE result = 'preparing' AND phase IN ('sending', 'content-sent')`)
	if err != nil {
		return err
	}
	defer rows.Close()
	owners := owners{}
	var dead []int64
	for rows.Next() {
		var seq, lease int64
		var owner string
		if err := rows.Scan(&seq, &owner, &lease); err != nil {
			return err
		}
		if owner != s.owner && owners.free(owner, lease, now) {
			dead = append(dead, seq)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, seq := range dead {
		if _, err := w.exec(`UPDATE sendings SET result = 'ok', code = '40001', finished = updated, lease = 0, next_attempt = 0 WHERE seq = ?`, seq); err != nil {
			return err
		}
	}
	return nil
}
