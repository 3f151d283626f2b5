package store

import (
	"context"
	"time"

	"todoku/diag/watch"
)

// Overview is the fleet as a whole.
type Overview struct {
	Domains    int
	Chunks     int
	Never      int           // domains that were not looked at yet
	Overdue    int           // domains whose look is late: it was due long ago, and is not done
	Lag        time.Duration // since when the look is due that is most overdue
	Rate       float64       // domains looked at a second, in the last 15 minutes
	Took       time.Duration // how long a look at a chunk takes, on average of those
	OldestLook time.Time     // zero where nothing was looked at
	NewestLook time.Time
	Summary    watch.Summary // what stands, as of the last look at each chunk
	Incidents  int           // that are not over
	Deliveries Deliveries
}

// Deliveries counts what is to be told.
type Deliveries struct {
	Waiting int
	Failed  int // given up
}

// rateSpan is the time over which the rate is told.
const rateSpan = 15 * time.Minute

// chunk is a chunk as the overview sees it.
type chunk struct {
	every, took time.Duration
	due, looked time.Time // due: of the look that waits, where one does, else of the next one
	domains     int
	summary     watch.Summary
}

// Overview counts the fleet. It reads one row a chunk. One that was looked at since it was due, by somebody who does not ask for what
// is due, is due again when every has passed.
func (s *Store) Overview(ctx context.Context) (Overview, error) {
	o := Overview{Summary: watch.NewSummary()}
	now := s.now()
	var took time.Duration
	var recent, looked int
	begun := now
	err := s.rows(ctx, s.read, func(scan func(...any) error) error {
		c, err := scanChunk(scan)
		if err != nil {
			return err
		}
		o.add(c, now)
		if end := c.looked.Add(c.took); !c.looked.IsZero() && now.Sub(end) < rateSpan {
			recent, looked, took = recent+1, looked+c.domains, took+c.took
			if c.looked.Before(begun) {
				begun = c.looked
			}
		}
		return nil
	}, `SELECT every, CASE WHEN waits > 0 THEN waits WHEN looked >= due THEN looked + every ELSE due END, looked, took, domains, summary
  FROM watch_chunk`)
	if err != nil {
		return Overview{}, s.fault(err)
	}
	if span := min(now.Sub(begun), rateSpan); recent > 0 && span > 0 {
		o.Rate, o.Took = float64(looked)/span.Seconds(), took/time.Duration(recent)
	}
	err = s.row(ctx, s.read, `SELECT (SELECT count(*) FROM watch_domain WHERE first_look = 0),
  (SELECT count(*) FROM watch_incident WHERE recovered = 0),
  (SELECT count(*) FROM watch_delivery WHERE delivered = 0 AND dead = 0),
  (SELECT count(*) FROM watch_delivery WHERE dead > 0)`).Scan(&o.Never, &o.Incidents, &o.Deliveries.Waiting, &o.Deliveries.Failed)
	return o, s.fault(err)
}

func scanChunk(scan func(...any) error) (c chunk, err error) {
	var every, due, looked, took int64
	var summary string
	if err := scan(&every, &due, &looked, &took, &c.domains, &summary); err != nil {
		return c, err
	}
	c.every, c.took = time.Duration(every)*time.Millisecond, time.Duration(took)*time.Millisecond
	c.due, c.looked = fromMillis(due), fromMillis(looked)
	err = decode("the summary of a chunk", summary, &c.summary)
	return c, err
}

// add adds a chunk. It is overdue when it is due, queued or not, for longer than a tenth of the time between looks.
func (o *Overview) add(c chunk, now time.Time) {
	o.Domains, o.Chunks = o.Domains+c.domains, o.Chunks+1
	o.Summary.Add(c.summary)
	if late := now.Sub(c.due); late > c.every/10 && c.domains > 0 {
		o.Overdue, o.Lag = o.Overdue+c.domains, max(o.Lag, late)
	}
	if c.looked.IsZero() {
		return
	}
	if o.OldestLook.IsZero() || c.looked.Before(o.OldestLook) {
		o.OldestLook = c.looked
	}
	if c.looked.After(o.NewestLook) {
		o.NewestLook = c.looked
	}
}
