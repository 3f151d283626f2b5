package sources_test

import (
	"fmt"
	"testing"

	"todoku/diag/sources"
)

// TestNetworkOfIPv6IsOne: one server that sends from a new address of its /64 each day is one sender; few mails from many
// addresses of one /64 are few.
func TestNetworkOfIPv6IsOne(t *testing.T) {
	t.Parallel()
	var daily, few []actor
	for i := range 30 {
		ip := []string{fmt.Sprintf("2001:db8:77:1::%x", i+1)}
		daily = append(daily, actor{ips: ip, once: i + 1, mails: 9, spf: enveloped(home, "fail")})
		few = append(few, actor{ips: ip, once: 7, mails: 1, spf: enveloped(home, "fail")})
	}
	for want, actors := range map[sources.ReasonID][]actor{sources.ServerRegular: daily, sources.TooFew: few} {
		f := usual(actors...)
		f.reporters = f.reporters[:1]
		_, d := judged(t, f, world(t, zone), "")
		if g := groupOf(d, sources.Unknown); g == nil || g.Mails != d.Fail || g.Reasons[0].ID != want {
			t.Errorf("want %s: %d mails are forged; %+v", want, d.ByClass[sources.Forger].Mails, g)
		}
	}
}
