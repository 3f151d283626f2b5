package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Happening is what happened to mails of a domain within an hour, for one reason.
type Happening struct {
	Hour     time.Time // its start
	Domain   string    // of the sender, in ASCII
	Reason   string    // as of codes.Verdict
	Class    string    // "policy_block"
	Provider string    // of the receivers; "" is unknown
	Code     string    // the delivery code
	Count    int64     // mails
	First    time.Time // the first of them
	Last     time.Time
	Example  string // what a server said
	Source   string // where it was read: "postfix", "reports"
}

// Mark is how far something was read. What is counted up to a mark is counted once, however often it is read again.
type Mark struct {
	Source string // as in Happening
	Item   string // a file, a mailbox, a report
	Offset int64  // up to here; it grows
}

const happeningColumns = `hour, domain, reason, class, provider, code, count, first_seen, last_seen, example, source FROM watch_event`

func scanHappening(scan func(...any) error) (h Happening, err error) {
	var hour, first, last int64
	err = scan(&hour, &h.Domain, &h.Reason, &h.Class, &h.Provider, &h.Code, &h.Count, &first, &last, &h.Example, &h.Source)
	h.Hour, h.First, h.Last = fromMillis(hour), fromMillis(first), fromMillis(last)
	return h, err
}

// Happened adds up what happened. With a mark nothing is written where that much was read before; it says whether it was
// written. The zero mark is no mark.
func (s *Store) Happened(ctx context.Context, m Mark, list []Happening) (written bool, err error) {
	err = s.tx(ctx, func(tx *sql.Tx) error {
		written = false
		if m != (Mark{}) {
			n, err := s.exec(ctx, tx, `INSERT INTO watch_read (source, item, upto, at) VALUES (?, ?, ?, ?)
  ON CONFLICT (source, item) DO UPDATE SET upto = excluded.upto, at = excluded.at WHERE watch_read.upto < excluded.upto`,
				clean(m.Source), clean(m.Item), m.Offset, millis(s.now()))
			if err != nil || n == 0 {
				return err
			}
		}
		written = true
		for _, h := range list {
			if err := s.addUp(ctx, tx, h); err != nil {
				return err
			}
		}
		return nil
	})
	return written, err
}

// addUp adds what happened to what is known of the same hour.
func (s *Store) addUp(ctx context.Context, tx *sql.Tx, h Happening) error {
	hour := h.Hour
	if hour.IsZero() {
		hour = h.First
	}
	_, err := s.exec(ctx, tx, `INSERT INTO watch_event
  (domain, hour, reason, class, provider, code, source, count, first_seen, last_seen, example)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (domain, hour, reason, class, provider, code, source) DO UPDATE SET count = watch_event.count + excluded.count,
    first_seen = CASE WHEN excluded.first_seen < watch_event.first_seen THEN excluded.first_seen ELSE watch_event.first_seen END,
    last_seen = CASE WHEN excluded.last_seen > watch_event.last_seen THEN excluded.last_seen ELSE watch_event.last_seen END`,
		clean(h.Domain), millis(hour.Truncate(time.Hour)), clean(h.Reason), clean(h.Class), clean(h.Provider), clean(h.Code),
		clean(h.Source), h.Count, millis(h.First), millis(h.Last), clean(h.Example))
	return err
}

// ReadUpTo is how far something was read; 0 where it was not.
func (s *Store) ReadUpTo(ctx context.Context, source, item string) (offset int64, err error) {
	err = s.row(ctx, s.read, `SELECT upto FROM watch_read WHERE source = ? AND item = ?`, clean(source), clean(item)).Scan(&offset)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return offset, s.fault(err)
}

// mostSelectors bounds the selectors that are remembered of a domain: reports come from anybody.
const mostSelectors = 50

// Learn remembers selectors of DKIM that mails or reports of a domain have shown: from now on its looks ask for them. Of a
// domain the first 50 are remembered, and those that are no selectors are left out (RFC 6376 §3.1).
func (s *Store) Learn(ctx context.Context, domain string, selectors []string, at time.Time) error {
	return s.tx(ctx, func(tx *sql.Tx) error {
		for _, selector := range selectors {
			if !isSelector(selector) {
				continue
			}
			if _, err := s.exec(ctx, tx, `INSERT INTO watch_selector (domain, selector, first_seen, last_seen) SELECT v.d, v.s, v.a, v.a
  FROM (SELECT CAST(? AS TEXT) AS d, CAST(? AS TEXT) AS s, CAST(? AS BIGINT) AS a) v
  WHERE (SELECT count(*) FROM watch_selector k WHERE k.domain = v.d AND k.selector <> v.s) < ?
  ON CONFLICT (domain, selector) DO UPDATE SET last_seen = CASE WHEN excluded.last_seen > watch_selector.last_seen
    THEN excluded.last_seen ELSE watch_selector.last_seen END`, clean(domain), selector, millis(at), mostSelectors); err != nil {
				return err
			}
		}
		return nil
	})
}

// isSelector reports whether a text is one: labels of letters, digits, hyphens and underscores.
func isSelector(s string) bool {
	label := 0
	for _, c := range []byte(s) {
		switch {
		case c == '.' && label > 0:
			label = 0
			continue
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_':
			label++
		default:
			return false
		}
		if label > 63 {
			return false
		}
	}
	return label > 0 && len(s) <= 200
}
