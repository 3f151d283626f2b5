package store

import (
	"context"
	"database/sql"
	"time"

	"todoku/diag/watch"
)

const incidentColumns = `i.id, i.turn, i.culprit, i.rule, i.kind, i.severity, i.opened, i.joined, i.domains, i.standing,
  i.examples, i.message_en, i.message_ja, i.told, i.recovered`

// scanIncident reads the columns of incidentColumns; more are before them.
func scanIncident(scan func(...any) error, more ...any) (n watch.Incident, err error) {
	var opened, joined, told, recovered int64
	var examples string
	if err := scan(append(more, &n.ID, &n.Key.Turn, &n.Key.Culprit, &n.Key.Rule, &n.Key.Kind, &n.Severity, &opened, &joined,
		&n.Count, &n.Standing, &examples, &n.Message.EN, &n.Message.JA, &told, &recovered)...); err != nil {
		return n, err
	}
	n.Opened, n.Joined = fromMillis(opened), fromMillis(joined)
	n.Told, n.Recovered = fromMillis(told), fromMillis(recovered)
	err = decode("the examples of an incident", examples, &n.Examples)
	return n, err
}

// mostIncidents bounds Incidents.
const mostIncidents = 10_000

// Incidents are those that are not over, and those that began since a time or ended since; the newest first.
func (s *Store) Incidents(ctx context.Context, since time.Time) (out []watch.Incident, err error) {
	err = s.rows(ctx, s.read, func(scan func(...any) error) error {
		n, err := scanIncident(scan)
		out = append(out, n)
		return err
	}, `SELECT `+incidentColumns+` FROM watch_incident i WHERE i.recovered = 0 OR i.opened >= ? OR i.recovered >= ?
  ORDER BY i.opened DESC, i.id DESC LIMIT ?`, millis(since), millis(since), mostIncidents)
	return out, s.fault(err)
}

// incidents reads incidents by their ids.
func (s *Store) incidents(ctx context.Context, on asker, ids []int64) (out []watch.Incident, err error) {
	among, arg, err := s.among(numbers("i.id", ids))
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	err = s.rows(ctx, on, func(scan func(...any) error) error {
		n, err := scanIncident(scan)
		out = append(out, n)
		return err
	}, `SELECT `+incidentColumns+` FROM watch_incident i WHERE `+among+` ORDER BY i.id`, arg)
	return out, err
}

// incidentsOf are the incidents that some domains belong to.
func (s *Store) incidentsOf(ctx context.Context, tx *sql.Tx, domains []int64) (ids []int64, err error) {
	among, arg, err := s.among(numbers("domain", domains))
	if err != nil {
		return nil, err
	}
	err = s.rows(ctx, tx, each(&ids), `SELECT DISTINCT incident FROM watch_change WHERE incident > 0 AND `+among, arg)
	return ids, err
}

// countStanding counts the domains of incidents, and of how many of them it is not over. What was counted and forgotten since
// stays counted.
func (s *Store) countStanding(ctx context.Context, tx *sql.Tx, incidents []int64) error {
	for _, id := range incidents {
		if _, err := s.exec(ctx, tx, `UPDATE watch_incident SET standing = v.standing,
  joined = CASE WHEN v.joined > watch_incident.joined THEN v.joined ELSE watch_incident.joined END,
  domains = CASE WHEN v.domains > watch_incident.domains THEN v.domains ELSE watch_incident.domains END
  FROM (SELECT count(DISTINCT domain) AS domains, count(DISTINCT CASE WHEN ended = 0 THEN domain END) AS standing,
    coalesce(max(at), 0) AS joined FROM watch_change WHERE incident > 0 AND incident = ?) v WHERE id = ?`, id, id); err != nil {
			return err
		}
	}
	return nil
}
