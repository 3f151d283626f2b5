package sources_test

import (
	"testing"
	"time"

	"todoku/diag/sources"
	"todoku/sender/aggregate"
)

// told is what reports about home tell of one server without a name that sends on some days of a time, and of reports of
// other times.
func told(t *testing.T, days int, sends func(day int) bool, others ...time.Time) *sources.Domain {
	t.Helper()
	tally := sources.New(sources.Options{})
	add := func(begin time.Time, ip string) {
		a := actor{ips: []string{ip}, mails: 9, spf: enveloped(home, "fail")}
		if ip == "192.0.2.1" {
			a = own()
		}
		tally.Add(&aggregate.Report{DMARC: &aggregate.DMARC{Org: "mx.test", ID: begin.String() + ip, Begin: begin, End: begin.Add(24 * time.Hour),
			Policy: aggregate.Policy{Domain: home}, Rows: []aggregate.Row{a.row(0)}}})
	}
	for _, begin := range others {
		add(begin, "192.0.2.1")
	}
	for day := range days {
		add(start.AddDate(0, 0, day), "192.0.2.1")
		if sends(day) {
			add(start.AddDate(0, 0, day), "198.51.100.77")
		}
	}
	res, err := tally.Judge(t.Context(), world(t, zone), nil, start.AddDate(0, 0, days))
	if err != nil {
		t.Fatal(err)
	}
	return res.Domains[0]
}

// TestRegularServers: one that began of late, one that sends by the week or the month, and one among reports with a wrong clock,
// are perhaps ours; one that sends now and then is not.
func TestRegularServers(t *testing.T) {
	t.Parallel()
	daily := func(int) bool { return true }
	wrong := []time.Time{time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(2044, 1, 1, 0, 0, 0, 0, time.UTC)}
	for name, tt := range map[string]struct {
		days   int
		sends  func(int) bool
		others []time.Time
		class  sources.Class
	}{
		"began of late": {90, func(day int) bool { return day >= 50 }, nil, sources.Unknown},
		"last week":     {60, func(day int) bool { return day >= 53 }, nil, sources.Unknown},
		"by the month":  {90, func(day int) bool { return day == 9 || day == 39 || day == 71 }, nil, sources.Unknown},
		"a week before": {60, func(day int) bool { return day >= 40 && day < 47 }, nil, sources.Forger},
		"two months":    {90, func(day int) bool { return day == 19 || day == 49 }, nil, sources.Forger},
		"by the week":   {28, func(day int) bool { return day%7 == 2 }, nil, sources.Unknown},
		"wrong clocks":  {30, daily, wrong, sources.Unknown},
		"now and then":  {90, func(day int) bool { return day%11 == 2 }, nil, sources.Forger},
		"three days":    {90, func(day int) bool { return day >= 87 }, nil, sources.Forger},
		"long ago":      {90, func(day int) bool { return day < 22 }, nil, sources.Forger},
	} {
		d := told(t, tt.days, tt.sends, tt.others...)
		if n := d.ByClass[tt.class].Mails; n == 0 && (tt.class != sources.Forger || d.ByClass[sources.Unknown].Fail == 0) {
			t.Errorf("%s: no mail is %s", name, tt.class)
		}
		for _, g := range d.Groups {
			if g.Perhaps != (tt.class == sources.Unknown) && g.Class == sources.Unknown {
				t.Errorf("%s: perhaps ours %t", name, g.Perhaps)
			}
		}
		if want := tt.days + len(tt.others); d.Days != want || len(d.Gaps) != 0 {
			t.Errorf("%s: %d days, want %d; %d gaps", name, d.Days, want, len(d.Gaps))
		}
	}
}
