package probe

import (
	"net/netip"

	"todoku/codes"
	"todoku/diag/resolve"
)

// Question is what a visit is for.
type Question struct {
	Host    string
	Address netip.AddrPort
	Depth   Depth
	To      []string // recipients that are asked about
}

// replay gives a visit that was kept. What the replies mean is judged anew.
func (p *Prober) replay(q Question) Visit {
	v, err := p.Replay(q)
	if err != nil {
		return Visit{Host: q.Host, Address: q.Address, Stage: codes.StageConnect, Err: err}
	}
	v.Host, v.Address = q.Host, q.Address
	if p.Codes == nil {
		return v
	}
	for i, r := range v.Rcpts {
		v.Rcpts[i].Verdict = p.Codes.Classify(r.Reply, codes.Context{Host: v.Host, Stage: codes.StageRcpt})
	}
	if v.Err == nil {
		v.Verdict = p.Codes.Classify(v.Reply, codes.Context{Host: v.Host, Stage: v.Stage})
	}
	return v
}

// Unrecorded reports whether the visit comes from no network, and the run that is replayed did not make it.
func (v *Visit) Unrecorded() bool { return resolve.Unrecorded(v.Err) }

// WebQuestion is what a page is fetched for: its address, and how many octets of it are read.
type WebQuestion struct {
	URL  string
	Most int
}
