package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"sync"
)

const columns = `id, kind, sender, name, recipient, cc, bcc, reply_to, errors_to, subject, message_id, envelope_id,
  phase, result, code, reason,
  reason_class, permanent, own, reply, mx, address, via, started, updated, finished, attempts, next_attempt, lease, owner,
  (SELECT l.id FROM members m JOIN lists l ON l.seq = m.list WHERE m.sending = sendings.seq)`

// lastMilli is the last moment of the year 9999.
const lastMilli = 253402300799999

var errTime = errors.New("a time that no calendar has")

type scanner interface{ Scan(dest ...any) error }

// scan reads a row of columns, and of transcript after them where there is one.
func scan(row scanner, o ownerStates, transcript bool) (Sending, error) {
	var (
		x                                       Sending
		cc, bcc, owner                          string
		raw                                     []byte
		list                                    sql.NullString
		started, updated, finished, next, lease int64
	)
	into := []any{&x.ID, &x.Kind, &x.Sender, &x.Name, &x.Recipient, &cc, &bcc, &x.ReplyTo, &x.ErrorsTo, &x.Subject,
		&x.MessageID, &x.EnvelopeID,
		&x.Phase, &x.Result, &x.Code, &x.Reason, &x.ReasonClass, &x.Permanent, &x.Own, &x.Reply, &x.MX, &x.Address, &x.Via,
		&started, &updated, &finished, &x.Attempts, &next, &lease, &owner, &list}
	if transcript {
		into = append(into, &raw)
	}
	if err := row.Scan(into...); errors.Is(err, sql.ErrNoRows) {
		return Sending{}, err
	} else if err != nil {
		return Sending{}, &RowError{x.ID, err}
	}
	for _, ms := range []int64{started, updated, finished, next} {
		if ms < 0 || ms > lastMilli { // RFC 3339 §1: years of four digits
			return Sending{}, &RowError{x.ID, errTime}
		}
	}
	x.List = list.String
	x.Started, x.Updated, x.Finished = fromMillis(started), fromMillis(updated), fromMillis(finished)
	x.NextAttempt = fromMillis(next)
	if x.Result != Preparing || o.state(owner) != stateEnded {
		x.Lease = fromMillis(lease)
	}
	if len(raw) > 0 {
		x.Transcript = raw
	}
	for _, list := range []struct {
		text string
		into *[]string
	}{{cc, &x.Cc}, {bcc, &x.Bcc}} {
		if list.text == "" {
			continue
		}
		if err := json.Unmarshal([]byte(list.text), list.into); err != nil {
			return Sending{}, &RowError{x.ID, err}
		}
	}
	return x, nil
}

// Get finds a sending by its id, or by a beginning that only it has; with its
// transcript.
func (s *SQLite) Get(ctx context.Context, id string) (Sending, error) {
	if id == "" {
		return Sending{}, ErrNotFound
	}
	var found []Sending
	for x, err := range s.query(ctx, true, ` WHERE id >= ? AND substr(id, 1, ?) = ? ORDER BY id LIMIT 2`, id, len([]rune(id)), id) {
		if err != nil {
			return Sending{}, err
		}
		if x.ID == id {
			return x, nil
		}
		found = append(found, x)
	}
	switch len(found) {
	case 0:
		return Sending{}, fmt.Errorf("%w: %s", ErrNotFound, id)
	case 1:
		return found[0], nil
	}
	return Sending{}, fmt.Errorf("%w: %s", ErrAmbiguous, id)
}

// Last is the newest sending, with its transcript.
func (s *SQLite) Last(ctx context.Context) (Sending, error) {
	for x, err := range s.List(ctx, Filter{Limit: 1, Transcripts: true}) {
		return x, err
	}
	return Sending{}, ErrNotFound
}

// Unfinished streams what has no result yet, oldest first.
func (s *SQLite) Unfinished(ctx context.Context) iter.Seq2[Sending, error] {
	return s.query(ctx, false, ` WHERE result = 'preparing' ORDER BY started, seq`)
}

// List streams the sendings, newest first.
func (s *SQLite) List(ctx context.Context, f Filter) iter.Seq2[Sending, error] {
	var where []string
	var args []any
	add := func(is bool, term string, arg ...any) {
		if is {
			where, args = append(where, term), append(args, arg...)
		}
	}
	add(f.Recipient != "", "recipient_key = ?", Key(f.Recipient))
	add(f.Domain != "", "domain = ?", domainOf(f.Domain))
	add(f.Code != "", "code = ?", f.Code)
	add(f.Result != "", "result = ?", f.Result)
	// The partial indexes need to see that these are not empty.
	add(f.List != "", "seq IN (SELECT sending FROM members WHERE list = (SELECT seq FROM lists WHERE id = ?))", f.List)
	add(f.MessageID != "", "message_id <> '' AND message_id = ?", f.MessageID)
	add(f.EnvelopeID != "", "envelope_id <> '' AND envelope_id = ?", f.EnvelopeID)
	add(!f.Since.IsZero(), "started >= ?", millis(f.Since))
	add(!f.Until.IsZero(), "started < ?", millis(f.Until))
	rest := ""
	if len(where) > 0 {
		rest = " WHERE " + strings.Join(where, " AND ")
	}
	rest += " ORDER BY started DESC, seq DESC"
	if f.Limit > 0 {
		rest += " LIMIT " + strconv.Itoa(f.Limit) // SQLite parses a statement anew for each value of a variable here
	}
	return s.query(ctx, f.Transcripts, rest, args...)
}

// query streams the sendings that the rest of a SELECT chooses.
func (s *SQLite) query(ctx context.Context, transcript bool, rest string, args ...any) iter.Seq2[Sending, error] {
	what := columns
	if transcript {
		what += ", transcript"
	}
	o := ownerStates{}
	return stream(ctx, s, func(r *sql.Rows) (Sending, error) { return scan(r, o, transcript) }, "SELECT "+what+" FROM sendings"+rest, args...)
}

// RowError is a row that cannot be read. Whoever goes on with the stream gets the
// next one.
type RowError struct {
	ID  string // of the sending, "" where that cannot be read either
	Err error
}

// Error names the sending and the cause, in English.
func (e *RowError) Error() string { return "history: the row " + e.ID + ": " + e.Err.Error() }

// Unwrap gives the cause.
func (e *RowError) Unwrap() error { return e.Err }

// maxPrepared bounds the statements that are kept: there are few of them, but whoever asks may set other limits.
const maxPrepared = 50

// statements are prepared once: to parse one takes longer than most answers. They are closed with their database.
type statements struct {
	mu   sync.Mutex
	kept map[string]*sql.Stmt
}

// rows asks a database for rows.
func (x *statements) rows(ctx context.Context, db *sql.DB, query string, args ...any) (*sql.Rows, error) {
	p, err := x.prepare(ctx, db, query)
	if err != nil {
		return nil, err
	}
	if p == nil {
		return db.QueryContext(ctx, query, args...)
	}
	return p.QueryContext(ctx, args...)
}

// prepare gives a statement, nil where too many are kept.
func (x *statements) prepare(ctx context.Context, db *sql.DB, query string) (*sql.Stmt, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	p := x.kept[query]
	if p != nil || len(x.kept) >= maxPrepared {
		return p, nil
	}
	p, err := db.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	if x.kept == nil {
		x.kept = map[string]*sql.Stmt{}
	}
	x.kept[query] = p
	return p, nil
}

// stream reads rows as they are asked for; others can write meanwhile. A row that
// cannot be read is an error of its own.
func stream[T any](ctx context.Context, s *SQLite, scan func(*sql.Rows) (T, error), query string, args ...any) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		rows, err := s.statements.rows(ctx, s.read, query, args...)
		if err != nil {
			yield(zero, fault(s.path, err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			x, err := scan(rows)
			if !yield(x, fault(s.path, err)) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(zero, fault(s.path, err))
		}
	}
}
