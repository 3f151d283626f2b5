package mx

import (
	"net/netip"

	"todoku/diag/resolve"
)

// Reachable reports whether an address, as a DNS record holds it, can be reached from the internet.
func Reachable(ip netip.Addr) bool { return resolve.Public(ip) }
