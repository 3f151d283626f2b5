package metrics

import (
	"maps"
	"slices"
	"time"

	"todoku/diag"
)

// fleet tells what stands in the fleet.
func fleet(t *text, f Figures, now time.Time) {
	t.one("domains", gauge, "Domains that are watched.", float64(f.Domains))
	t.one("domains_never", gauge, "Domains that were not looked at yet.", float64(f.Never))
	t.one("domains_overdue", gauge, "Domains whose last look is longer ago than it should be.", float64(f.Overdue))
	t.begin("domains_by_status", gauge, "Domains by their worst status.")
	for _, s := range []diag.Status{diag.OK, diag.Info, diag.Warn, diag.Unknown, diag.Fail} {
		t.value("domains_by_status", float64(f.Summary.Status[s.String()]), label{"status", s.String()})
	}
	t.begin("findings", gauge, "Domains with a finding, by its rule.")
	severity := severities()
	for _, rule := range slices.Sorted(maps.Keys(f.Summary.Rules)) {
		t.value("findings", float64(f.Summary.Rules[rule]), label{"rule", rule}, label{"severity", severity[rule]})
	}
	t.begin("unknown", gauge, "Domains of which something could not be looked at, by the kind of the error.")
	for _, kind := range slices.Sorted(maps.Keys(f.Summary.Silent)) {
		t.value("unknown", float64(f.Summary.Silent[kind]), label{"kind", kind})
	}
	t.one("listed", gauge, "Domains with an address or a name on a blocklist.", float64(f.Summary.Listed))
	if !f.OldestLook.IsZero() {
		t.one("last_look_age_seconds", gauge, "How long ago the oldest of the last looks is.", now.Sub(f.OldestLook).Seconds())
	}
	t.one("lag_seconds", gauge, "By how much the look is late that is most overdue.", f.Lag.Seconds())
	t.one("queue_waiting", gauge, "Chunks of domains that wait for their look.", float64(f.Queue.Waiting))
	t.one("queue_running", gauge, "Chunks of domains that are looked at now.", float64(f.Queue.Running))
	t.one("queue_dead", gauge, "Chunks of domains that were given up after many failures.", float64(f.Queue.Dead))
	waits := 0.0
	if !f.Queue.Oldest.IsZero() {
		waits = max(0, now.Sub(f.Queue.Oldest).Seconds())
	}
	t.one("queue_lag_seconds", gauge, "How long the chunk waits that has waited longest.", waits)
	t.begin("certificate_expiry_seconds", gauge, "Time until certificates end: those that end first. Negative: it has ended.")
	seen := map[[2]string]bool{}
	for _, c := range f.Summary.Expires {
		if key := [2]string{c.Domain, c.Host + " " + c.Use}; !seen[key] {
			seen[key] = true
			t.value("certificate_expiry_seconds", c.At.Sub(now).Seconds(), label{"domain", c.Domain}, label{"host", c.Host}, label{"use", c.Use})
		}
	}
	t.one("incidents", gauge, "Incidents that are not over.", float64(f.Incidents))
	t.one("alerts_waiting", gauge, "Alerts that are to be delivered.", float64(f.Deliveries.Waiting))
	t.one("alerts_failed", gauge, "Alerts that were given up.", float64(f.Deliveries.Failed))
}
