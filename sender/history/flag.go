package history

import (
	"context"
	"database/sql"
	"errors"
	"iter"
	"time"

	"todoku/codes"
)

const flagColumns = `address, valid, errors, code, changed, revalidated, note`

func scanFlag(row scanner) (Validity, error) {
	var v Validity
	var changed, revalidated int64
	err := row.Scan(&v.Address, &v.Valid, &v.Errors, &v.Code, &changed, &revalidated, &v.Note)
	v.Changed, v.Revalidated = fromMillis(changed), fromMillis(revalidated)
	return v, err
}

// flagOf reads the flag of an address; what nothing is known of is valid.
func flagOf(row scanner, addr string) (Validity, error) {
	v, err := scanFlag(row)
	if errors.Is(err, sql.ErrNoRows) {
		return Validity{Address: addr, Valid: true}, nil
	}
	return v, err
}

const selectFlag = `SELECT ` + flagColumns + ` FROM flags WHERE recipient_key = ?`

func setFlag(w *writer, v Validity) error {
	_, err := w.exec(`INSERT OR REPLACE INTO flags (recipient_key, `+flagColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		Key(v.Address), v.Address, v.Valid, v.Errors, v.Code, millis(v.Changed), millis(v.Revalidated), v.Note)
	return err
}

// applyToFlag lets a result act on the flag of its address.
func applyToFlag(w *writer, addr string, e effect, code string, at time.Time) error {
	if e == nothing {
		return nil
	}
	old, err := flagOf(w.row(selectFlag, Key(addr)), addr)
	if err != nil {
		return err
	}
	v := old.after(e, code, at)
	if v == old {
		return nil // most successes: nothing to reset
	}
	v.Address = addr
	return setFlag(w, v)
}

// uncount takes back that the error of a mail counted that is sent again. An
// address that is invalid stays so.
func uncount(w *writer, recipient string) error {
	v, err := scanFlag(w.row(selectFlag, recipient))
	if errors.Is(err, sql.ErrNoRows) || err == nil && !v.Valid {
		return nil
	}
	if err != nil {
		return err
	}
	if v.Errors, err = inRow(w, recipient, v.Revalidated); err != nil {
		return err
	}
	return setFlag(w, v)
}

// recount counts the row anew after a success of some time ago turned out to
// be an error: that success had ended a row which goes on now.
func recount(w *writer, addr string, at time.Time) error {
	v, err := flagOf(w.row(selectFlag, Key(addr)), addr)
	if err != nil {
		return err
	}
	n, err := inRow(w, Key(addr), v.Revalidated)
	if err != nil {
		return err
	}
	// At least this one counts, even where a later mail was accepted since.
	v.Address, v.Errors = addr, max(n, v.Errors+1)-1
	return setFlag(w, v.after(counts, codes.DeliveryBounced, at))
}

// inRow counts the errors since the last success of an address, and since a time;
// it looks at no more than make an address invalid.
func inRow(w *writer, recipient string, since time.Time) (int, error) {
	rows, err := w.conn.QueryContext(context.Background(), `SELECT result, code, own FROM sendings
  WHERE recipient_key = ? AND started > ? AND result <> 'preparing' ORDER BY started DESC, seq DESC`, recipient, millis(since))
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	n := 0
	for rows.Next() && n < errorsInRow {
		var r Result
		var code string
		var own bool
		if err := rows.Scan(&r, &code, &own); err != nil {
			return 0, err
		}
		e := effectOf(r, code, own)
		if e == resets {
			break
		}
		if e != nothing {
			n++
		}
	}
	return n, errors.Join(rows.Err(), rows.Close())
}

// Flag tells whether an address may be sent to.
func (s *SQLite) Flag(ctx context.Context, addr string) (Validity, error) {
	v, err := flagOf(s.read.QueryRowContext(ctx, selectFlag, Key(addr)), addr)
	return v, fault(s.path, err)
}

// Revalidate sets an address valid again and begins its row of errors anew.
func (s *SQLite) Revalidate(ctx context.Context, addr, note string) error {
	now := s.now()
	return s.tx(ctx, func(w *writer) error {
		v, err := flagOf(w.row(selectFlag, Key(addr)), addr)
		if err != nil {
			return err
		}
		if !v.Valid {
			v.Changed = now
		}
		v.Address, v.Valid, v.Errors, v.Revalidated, v.Note = addr, true, 0, now, note
		return setFlag(w, v)
	})
}

// Invalid streams the addresses not to be sent to, in the order of the alphabet.
func (s *SQLite) Invalid(ctx context.Context) iter.Seq2[Validity, error] {
	return stream(ctx, s, func(r *sql.Rows) (Validity, error) { return scanFlag(r) },
		`SELECT `+flagColumns+` FROM flags WHERE valid = 0 ORDER BY recipient_key`)
}
