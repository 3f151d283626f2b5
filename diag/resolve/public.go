package resolve

import "net/netip"

// special lists the blocks of the IANA special-purpose registries (RFC 6890)
// that nobody on the internet can reach. Documentation and benchmarking blocks
// are left out: examples and labs use them.
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"), // RFC 7526
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("::/96"), // IPv4-compatible: RFC 4291 §2.5.5.1
	netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("100::/64"),
	netip.MustParsePrefix("2001::/32"), // Teredo
	netip.MustParsePrefix("2002::/16"), // 6to4: RFC 7526
	netip.MustParsePrefix("5f00::/16"),
	netip.MustParsePrefix("fec0::/10"), // RFC 3879 §4
}

// nat64 is the prefix behind which a translator reaches IPv4 addresses.
var nat64 = netip.MustParsePrefix("64:ff9b::/96")

// Public reports whether an address, as a DNS record holds it, can be reached from the internet. One that is IPv4-mapped
// cannot: it is not for the wire (RFC 4291 §2.5.5.2). One of NAT64 is as public as the IPv4 address in it (RFC 6052 §3.1).
func Public(ip netip.Addr) bool {
	if !ip.IsValid() || ip.Is4In6() || ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsMulticast() ||
		ip.IsUnspecified() {
		return false
	}
	if nat64.Contains(ip) {
		b := ip.As16()
		return Public(netip.AddrFrom4([4]byte(b[12:])))
	}
	for _, p := range special {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}
