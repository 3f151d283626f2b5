package store

import "todoku/diag/watch"

// end ends what is over, and marks the changes that say so.
func (t *teller) end(page []untold) error {
	var domain, at, ids []int64
	var check, rule, subject []string
	for _, c := range page {
		ids = append(ids, c.ID)
		if c.Turn == watch.Changed {
			continue
		}
		domain, at = append(domain, c.domain), append(at, millis(c.At))
		check, rule, subject = append(check, c.Check), append(rule, c.Rule), append(subject, c.Subject)
	}
	incidents, err := t.endOf(domain, at, check, rule, subject)
	if err != nil {
		return err
	}
	for _, id := range incidents {
		if id > 0 {
			t.touched[id] = true
		}
	}
	return t.mark(ids, 0)
}

// endOf ends the findings and silences that are meant, and gives the incidents that they belong to.
func (t *teller) endOf(domain, at []int64, check, rule, subject []string) (incidents []int64, err error) {
	const those = ` AND turn IN ('new', 'unknown') AND ended = 0`
	if len(domain) == 0 {
		return nil, nil
	}
	if t.dialect == PostgreSQL {
		err = t.rows(t.ctx, t.tx, each(&incidents), `UPDATE watch_change h SET ended = v.at
  FROM unnest(?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::text[]) AS v(domain, at, checked, rule, subject)
  WHERE h.domain = v.domain AND h.at <= v.at AND h.checked = v.checked AND h.rule = v.rule AND h.subject = v.subject`+those+
			` RETURNING h.incident`, domain, at, check, rule, subject)
		return incidents, err
	}
	for i := range domain {
		err := t.rows(t.ctx, t.tx, each(&incidents), `UPDATE watch_change SET ended = ?1 WHERE domain = ?2 AND at <= ?1
  AND checked = ?3 AND rule = ?4 AND subject = ?5`+those+` RETURNING incident`, at[i], domain[i], check[i], rule[i], subject[i])
		if err != nil {
			return nil, err
		}
	}
	return incidents, nil
}
