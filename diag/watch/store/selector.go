package store

import (
	"context"
	"database/sql"
	"time"
)

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
