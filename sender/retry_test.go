package sender

import (
	"slices"
	"testing"
	"time"
)

func TestRetryWaits(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for name, c := range map[string]struct {
		Retry
		asked time.Duration
		want  []time.Duration
	}{
		"none":     {Retry{}, 0, nil},
		"doubling": {Retry{For: 10 * time.Minute}, 0, []time.Duration{1 * time.Minute, 2 * time.Minute, 4 * time.Minute, 3 * time.Minute}},
		"too late": {Retry{For: 30 * time.Second}, 0, nil},
		"the server's": {Retry{For: 20 * time.Minute}, 5 * time.Minute, []time.Duration{5 * time.Minute, 5 * time.Minute,
			5 * time.Minute, 5 * time.Minute}},
		"at the end": {Retry{For: 8 * time.Minute}, 5 * time.Minute, []time.Duration{5 * time.Minute, 3 * time.Minute}},
		"the lab's": {Retry{For: 3 * time.Second, First: time.Second, Longest: time.Second}, 5 * time.Minute,
			[]time.Duration{time.Second, time.Second, time.Second}},
		"never too long": {Retry{For: 24 * time.Hour, First: 3 * time.Hour}, 24 * time.Hour, slices.Repeat([]time.Duration{4 * time.Hour}, 6)},
	} {
		var got []time.Duration
		now := start
		for n := 1; n < 20; n++ {
			d, again := c.wait(n, start, now, c.asked)
			if !again {
				break
			}
			got = append(got, d)
			now = now.Add(d)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if d, _ := (Retry{For: 1e18, First: time.Hour}).wait(70, start, start, 0); d != 4*time.Hour {
		t.Errorf("after 70 attempts %v", d)
	}
}

func TestPace(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	every := Rate{30, time.Minute}.interval()
	var p pace
	for i := range 3 {
		if got := p.reserve("x.test", now, every); got != time.Duration(i)*2*time.Second {
			t.Errorf("turn %d waits %v", i, got)
		}
	}
	if got := p.reserve("y.test", now, every); got != 0 {
		t.Errorf("another domain waits %v", got)
	}
	if got := p.reserve("x.test", now.Add(time.Hour), every); got != 0 {
		t.Errorf("an hour later it waits %v", got)
	}
	for i := range 30000 {
		p.reserve(string(rune('a'+i%26))+string(rune(0x4e00+i))+".test", now.Add(time.Duration(i)*time.Minute), every)
	}
	if len(p.next) > 10001 {
		t.Errorf("%d domains are kept", len(p.next))
	}
}

func TestParseRate(t *testing.T) {
	t.Parallel()
	if r, err := ParseRate("500/h"); err != nil || r != (Rate{500, time.Hour}) {
		t.Error(r, err)
	}
	for _, s := range []string{"", "5", "0/m", "-1/m", "x/m", "5/y", "5/"} {
		if _, err := ParseRate(s); err == nil {
			t.Errorf("%q was taken", s)
		}
	}
}
