package probe

import "net/netip"

// Askers counts those who wait for the greeting visit of a server.
func (r *Run) Askers(host string, at netip.AddrPort) int {
	r.visits.mu.Lock()
	defer r.visits.mu.Unlock()
	if v := r.visits.seen[key{at: at, host: host}]; v != nil {
		return v.askers
	}
	return 0
}
