package sources_test

import (
	"math/rand/v2"
	"testing"

	"todoku/diag/sources"
)

// TestKindsInManySizes: the kinds are told apart whatever their volume, their number of addresses, how often they send, and
// for how long there are reports.
func TestKindsInManySizes(t *testing.T) {
	t.Parallel()
	right, all := 0, 0
	for seed := range uint64(4) {
		r := rand.New(rand.NewPCG(seed, 7))
		for name, forms := range kinds() {
			for i, a := range forms {
				f := usual(resized(r, a, name == "name that does not lead back"))
				f.days, f.modern = max(a.once, 16+r.IntN(50)), r.IntN(2) == 0
				all++
				if sameClasses(t, f) {
					right++
				} else {
					t.Errorf("%s, form %d, seed %d: %+v over %d days", name, i, seed, f.actors[1], f.days)
				}
			}
		}
	}
	t.Logf("%d of %d fleets are judged right", right, all)
}

// resized is an actor with another volume; a forger has another number of addresses and sends more or less often.
func resized(r *rand.Rand, a actor, keep bool) actor {
	a.mails = 1 + r.Int64N(60)
	switch {
	case a.once > 0:
		a.mails *= 100
	case len(a.ips) > 3:
		last := a.ips[len(a.ips)-1]
		a.ips, a.every = bots(12+r.IntN(150)), 3+r.IntN(9)
		if keep {
			a.ips = append(a.ips, last)
		}
	case a.every == 0:
		a.every = r.IntN(3)
	}
	return a
}

// sameClasses reports whether a fleet is judged as its truth has it, to the mail.
func sameClasses(t *testing.T, f *fleet) bool {
	t.Helper()
	_, d := judged(t, f, world(t, zone), "p=reject")
	mails, fail, perhaps := f.truth()
	for _, c := range sources.Classes() {
		if d.ByClass[c].Mails != mails[c] || d.ByClass[c].Fail != fail[c] {
			return false
		}
	}
	for _, g := range d.Groups {
		if g.Perhaps {
			perhaps -= g.Mails
		}
	}
	return perhaps == 0
}
