package watch

import (
	"context"
	"slices"

	"todoku/diag/resolve"
)

// lostAtOnce is how many of its record sets a domain loses at once when somebody else answers for it, and goneAtOnce how many of
// these are empty then: whoever changes a provider replaces records.
const (
	lostAtOnce = 3
	goneAtOnce = 2
)

// parked gives the name servers of a domain that lost most of its records since it was looked at: those who answer for it did that,
// and perhaps to others.
func parked(ctx context.Context, dns resolve.Resolver, k Kept, l *Look) (hosts []string) {
	if !lostMost(k.State.Values, k.Name, (&comparison{look: *l}).answered()) {
		return nil
	}
	a, err := dns.Ask(ctx, k.Name, resolve.TypeNS)
	if err != nil {
		return nil
	}
	for _, r := range a.Records {
		hosts = append(hosts, r.Host)
	}
	slices.Sort(hosts)
	return hosts
}

// lostMost reports whether of so many record sets of a domain itself nothing is left.
func lostMost(before []Value, domain string, now map[setKey][]string) bool {
	lost, gone := map[string]bool{}, map[string]bool{}
	for _, v := range before {
		values, asked := now[setKey{v.Name, v.Type}]
		if !asked || len(v.Values) == 0 || !resolve.Within(v.Name, domain) ||
			slices.ContainsFunc(v.Values, func(old string) bool { return slices.Contains(values, old) }) {
			continue
		}
		set := v.Name
		if v.Type == resolve.TypeMX.String() { // beside the texts of the same name
			set += " " + v.Type
		}
		if lost[set] = true; len(values) == 0 {
			gone[set] = true
		}
	}
	return len(lost) >= lostAtOnce && len(gone) >= goneAtOnce
}
