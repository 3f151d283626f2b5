package river

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/riverqueue/river/rivertype"

	"todoku/diag/watch"
)

// asking is how often Ask looks how its job stands.
const asking = 100 * time.Millisecond

// Ask puts a job into the lane of those that somebody waits for, and waits until a worker has done it. false says that nobody
// did it, and nobody will: no process works on this queue, none took the job within patience, or the job failed.
func (q *Queue) Ask(ctx context.Context, j watch.Job, patience time.Duration) (done bool, err error) {
	if there, err := q.hasWorkers(ctx); err != nil || !there {
		return false, err
	}
	job, err := q.insert.Insert(ctx, look{j}, q.insertion(watch.Now))
	if err != nil {
		return false, err
	}
	for since := time.Now(); ; {
		state, err := q.state(ctx, job.Job.ID)
		switch {
		case err != nil && ctx.Err() == nil:
			return false, err
		case ctx.Err() != nil, waits(state) && time.Since(since) > patience:
			if gone, err := q.withdraw(context.WithoutCancel(ctx), job.Job.ID); err != nil || gone || ctx.Err() != nil {
				return false, errors.Join(err, ctx.Err())
			}
		case state == rivertype.JobStateCompleted:
			return true, nil
		case state != rivertype.JobStateRunning && !waits(state):
			_, err := q.withdraw(ctx, job.Job.ID)
			return false, err
		}
		sleep(ctx, asking)
	}
}

// waits reports whether nobody has begun with a job.
func waits(s rivertype.JobState) bool {
	return s == rivertype.JobStateAvailable || s == rivertype.JobStatePending || s == rivertype.JobStateScheduled
}

// hasWorkers reports whether a process works on this queue: it does the chores, of which one comes every few seconds.
func (q *Queue) hasWorkers(ctx context.Context) (is bool, err error) {
	err = q.db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM river_job WHERE queue = '`+chores+`' AND attempted_at >= `+
		q.dialect.ago(q.o.Lost)+`)`).Scan(&is)
	return is, err
}

// state is the state of a job; "" where its row is gone.
func (q *Queue) state(ctx context.Context, id int64) (s rivertype.JobState, err error) {
	err = q.db.QueryRowContext(ctx, `SELECT CAST(state AS TEXT) FROM river_job WHERE id = $1`, id).Scan(&s)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return s, err
}

// withdraw deletes a job that nobody works on, and says whether it was there.
func (q *Queue) withdraw(ctx context.Context, id int64) (bool, error) {
	gone, err := q.ids(ctx, `DELETE FROM river_job WHERE id = $1 AND state <> 'running' RETURNING id`, id)
	return len(gone) > 0, err
}
