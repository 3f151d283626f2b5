package history

import (
	"context"
	"database/sql"
	"time"

	"todoku/codes"
)

// Standing counts how the mails of a list stand.
type Standing struct {
	Delivered int // the server took them
	Perhaps   int // 40001: nobody knows
	Refused   int
	Temporary int  // refused for now, or never got to a server
	Busy      int  // another process works on them, or they are on their way
	Queued    int  // nothing has been delivered, and this store works on them
	Left      int  // of Temporary and Queued: this store works on them, or Resume takes them
	Again     int  // of Left: they had temporary errors
	Restarted bool // this machine, since somebody worked on the list, or another one did

	Invalid []string // addresses of Temporary and Queued that are marked invalid: not taken
}

// Resume takes what a list has left: queued mails that nobody works on, and
// those with temporary errors, which are counted as Temporary and are queued
// again; of invalid addresses only with force. An error that is tried again no
// longer counts for the flag of its address; the result of the new try counts. It
// settles what a process that is gone left under way, and never takes from one
// that lives, whatever the clock says.
func (s *SQLite) Resume(ctx context.Context, list string, force bool) (Standing, error) {
	var standing Standing
	err := s.tx(ctx, func(w *writer) error {
		standing = Standing{}
		now := s.now()
		if err := s.finishAbandonedNow(w, now); err != nil {
			return err
		}
		take, err := s.readList(context.WithoutCancel(ctx), w.conn, list, now, force, &standing)
		if err != nil {
			return err
		}
		for _, x := range take {
			if err := s.requeue(w, x, now); err != nil {
				return err
			}
		}
		return nil
	})
	s.commits.listLock.Lock()
	s.commits.severalMails = standing.Left > 1
	s.commits.listLock.Unlock()
	return standing, err
}

// openSending is a sending of a list that Resume may take.
type openSending struct {
	seq       int64
	recipient string // key of the address
	failed    bool   // it had a temporary error
}

// requeue queues a sending for this store.
func (s *SQLite) requeue(w *writer, x openSending, now time.Time) error {
	_, err := w.exec(`UPDATE sendings SET owner = ?1, lease = ?2, updated = ?3, phase = 'queued', result = 'preparing',
  code = '', reason = '', reason_class = '',
  permanent = 0, own = 0, finished = 0, next_attempt = 0 WHERE seq = ?4`, s.owner, millis(now.Add(s.lease)), millis(now), x.seq)
	if err != nil || !x.failed {
		return err
	}
	return uncount(w, x.recipient)
}

// Stands counts how the mails of a list stand, and changes nothing.
func (s *SQLite) Stands(ctx context.Context, list string) (Standing, error) {
	var standing Standing
	_, err := s.readList(ctx, s.read, list, s.now(), true, &standing)
	return standing, fault(s.path, err)
}

// querier is a connection, or several of them.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// readList counts the mails of a list and lists those to take, of invalid addresses
// only with force.
func (s *SQLite) readList(ctx context.Context, db querier, list string, now time.Time, force bool,
	standing *Standing) (take []openSending, err error) {
	rows, err := db.QueryContext(ctx, `SELECT s.seq, s.phase, s.result, s.code, s.own, substr(s.reply, 1, 1), s.owner,
  s.lease, s.recipient, s.recipient_key,
  EXISTS (SELECT 1 FROM flags f WHERE f.recipient_key = s.recipient_key AND f.valid = 0)
  FROM members m JOIN sendings s ON s.seq = m.sending WHERE m.list = (SELECT seq FROM lists WHERE id = ?)`, list)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	owners := ownerStates{}
	for rows.Next() {
		var x Sending
		var o openSending
		var lease int64
		var owner string
		var invalid bool
		if err := rows.Scan(&o.seq, &x.Phase, &x.Result, &x.Code, &x.Own, &x.Reply, &owner, &lease, &x.Recipient,
			&o.recipient, &invalid); err != nil {
			return nil, err
		}
		standing.Restarted = standing.Restarted || owners.state(owner) == stateOtherBoot
		o.failed = x.Temporary()
		left := x.Left() && (o.failed || owner == s.owner || owners.free(owner, lease, now))
		standing.count(x, left)
		switch {
		case !left:
		case invalid && !force:
			standing.Invalid = append(standing.Invalid, x.Recipient)
		default:
			standing.left(o.failed)
			if o.failed || owner != s.owner {
				take = append(take, o)
			}
		}
	}
	return take, rows.Err()
}

// count counts a mail; left says that it is yet to be sent, and that this store
// works on it or may take it.
func (s *Standing) count(x Sending, left bool) {
	switch {
	case x.Result == OK && x.Code == codes.DeliveryNoReply:
		s.Perhaps++
	case x.Result == OK:
		s.Delivered++
	case x.Temporary():
		s.Temporary++
	case x.Result == Failed:
		s.Refused++
	case left:
		s.Queued++
	default:
		s.Busy++
	}
}

// left counts a mail that is to be sent.
func (s *Standing) left(again bool) {
	s.Left++
	if again {
		s.Again++
	}
}

// Left reports whether a mail of a list is yet to be sent: nothing of it has been
// delivered, and it was not refused for good.
func (s Sending) Left() bool {
	return s.Result == Preparing && s.Phase == Queued || s.Temporary()
}

// Temporary reports whether a sending ended in an error and may yet come right:
// a server refused it for now, or none was reached.
func (s Sending) Temporary() bool {
	switch {
	case s.Result != Failed || s.Code == codes.DeliveryBounced:
		return false
	case s.Own:
		return true
	case s.Reply != "" && (s.Reply[0] == '4' || s.Reply[0] == '5'): // any other reply made no sense, and refuses nothing
		return s.Reply[0] == '4'
	}
	return s.Code != codes.DeliveryNoRoute
}

// finishAbandoned gives what processes that are gone left under way its result: the mail
// went out to its end, and nobody knows how that ended (40001).
func (s *SQLite) finishAbandoned(ctx context.Context) error {
	var any bool
	err := s.read.QueryRowContext(ctx,
		`SELECT EXISTS (SELECT 1 FROM sendings WHERE result = 'preparing' AND phase IN ('sending', 'content-sent'))`).Scan(&any)
	if err != nil || !any {
		return err
	}
	return s.tx(ctx, func(w *writer) error { return s.finishAbandonedNow(w, s.now()) })
}

func (s *SQLite) finishAbandonedNow(w *writer, now time.Time) error {
	rows, err := w.conn.QueryContext(context.Background(),
		`SELECT seq, owner, lease FROM sendings WHERE result = 'preparing' AND phase IN ('sending', 'content-sent')`)
	if err != nil {
		return err
	}
	defer rows.Close()
	owners := ownerStates{}
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
		if _, err := w.exec(`UPDATE sendings SET result = 'ok', code = '40001', finished = updated, lease = 0, next_attempt = 0 WHERE seq = ?`,
			seq); err != nil {
			return err
		}
	}
	return nil
}
