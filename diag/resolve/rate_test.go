package resolve

import (
	"testing"
	"time"
)

// TestRateBoundsQuestionsOfASecond: a thousand questions at once get places over ten seconds where a hundred are allowed.
func TestRateBoundsQuestionsOfASecond(t *testing.T) {
	t.Parallel()
	r := newRate(100)
	at := time.Unix(1000, 0)
	r.now = func() time.Time { return at }
	var last time.Duration
	for range 1000 {
		last = r.reserve()
	}
	if last < 9*time.Second || last > 10*time.Second {
		t.Errorf("the last one waits for %s", last)
	}
}

// TestRateGivesASilentServerTimeAndRecovers: seconds without answers halve the bound, those with answers double it again.
func TestRateGivesASilentServerTimeAndRecovers(t *testing.T) {
	t.Parallel()
	r := newRate(100)
	at := time.Unix(1000, 0)
	r.now = func() time.Time { return at }
	second := func(lost bool) {
		for range 20 {
			r.answered(lost)
		}
		at = at.Add(time.Second)
	}
	for range 10 {
		second(true)
	}
	if r.slow != slowest {
		t.Errorf("silent for ten seconds: the bound is divided by %d", r.slow)
	}
	for range 10 {
		second(false)
	}
	if r.slow != 1 {
		t.Errorf("speaks again: the bound is divided by %d", r.slow)
	}
}
