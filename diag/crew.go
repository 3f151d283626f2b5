package diag

import (
	"runtime"
	"sync"
	"time"
)

// crew works on jobs side by side. It grows while the processors have nothing to do but to wait for answers: with more
// targets under way than they can work on, each takes longer and holds memory, and nothing is won.
type crew struct {
	most    int
	work    func(job)
	jobs    chan job
	started int
	wg      sync.WaitGroup
}

const (
	lookAgain = time.Millisecond
	isBusy    = 50 * time.Microsecond // a goroutine that gives way to the others comes back later than that
)

// give hands a job to a worker that is free, or to a new one where there is time for it.
func (c *crew) give(j job) {
	for idle := 0; c.started < c.most; {
		select {
		case c.jobs <- j:
			return
		default:
		}
		if idle++; !isIdle() {
			idle = 0
		}
		if c.started == 0 || idle >= c.patience() {
			c.start(j)
			return
		}
		select {
		case c.jobs <- j:
			return
		case <-time.After(lookAgain):
		}
	}
	c.jobs <- j
}

// patience is how many looks in a row have to find idle processors before one more worker starts. The first half of the crew
// is enough where answers come soon; the second half is for answers that take long.
func (c *crew) patience() int {
	if c.started < c.most/2 {
		return 1
	}
	return 8
}

// start lets a new worker begin with a job.
func (c *crew) start(j job) {
	c.started++
	c.wg.Go(func() {
		c.work(j)
		for j := range c.jobs {
			c.work(j)
		}
	})
}

// isIdle reports that a processor has time.
func isIdle() bool {
	start := time.Now()
	runtime.Gosched()
	return time.Since(start) < isBusy
}

// end waits for all that was given.
func (c *crew) end() {
	close(c.jobs)
	c.wg.Wait()
}
