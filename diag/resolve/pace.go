package resolve

import "time"

// pace learns how a server deals with several questions on one connection: at
// once (RFC 7766 §6.2.1.1), or one after the other.
type pace struct {
	alone, behind   time.Duration // running means of the time to the answer
	nAlone, nBehind int
}

// Questions on one connection at once: until the server is known, where it
// works on all of them, where it does not.
const (
	probeDepth  = 4
	sharedDepth = 64
	serialDepth = 1
)

// took notes the time to an answer; others says whether other questions stood
// before it.
func (p *pace) took(d time.Duration, others bool) {
	if others {
		p.behind, p.nBehind = mean(p.behind, d, p.nBehind), p.nBehind+1
		return
	}
	p.alone, p.nAlone = mean(p.alone, d, p.nAlone), p.nAlone+1
}

// mean is a running mean in which the past fades.
func mean(old, d time.Duration, n int) time.Duration {
	return old + (d-old)/time.Duration(min(n, 15)+1)
}

// depth is how many questions one connection should carry. A question that
// waits for others takes twice as long at least where the server is serial.
func (p *pace) depth() int {
	switch {
	case p.nAlone == 0 || p.nBehind < probeDepth:
		return probeDepth
	case p.behind > p.alone*2+5*time.Millisecond:
		return serialDepth
	}
	return sharedDepth
}
