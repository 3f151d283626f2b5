package spf

import (
	"net/netip"
	"slices"
	"strconv"
)

// A set of addresses is a list of prefixes. Beyond this many nobody wants to
// see them in a record.
const maxPrefixes = 2000

func everything() []netip.Prefix {
	return []netip.Prefix{netip.PrefixFrom(netip.IPv4Unspecified(), 0), netip.PrefixFrom(netip.IPv6Unspecified(), 0)}
}

// normal sorts a set, leaves out what is covered, and joins neighbours that
// fill a shorter prefix.
func normal(set []netip.Prefix) []netip.Prefix {
	set = slices.Clone(set)
	slices.SortFunc(set, func(a, b netip.Prefix) int {
		if c := a.Addr().Compare(b.Addr()); c != 0 {
			return c
		}
		return a.Bits() - b.Bits()
	})
	out := set[:0]
	for _, p := range set {
		if n := len(out); n > 0 && out[n-1].Contains(p.Addr()) {
			continue
		}
		out = append(out, p)
		for n := len(out); n > 1; n = len(out) {
			a, b := out[n-2], out[n-1]
			if a.Bits() != b.Bits() || a.Bits() == 0 {
				break
			}
			wide := netip.PrefixFrom(a.Addr(), a.Bits()-1)
			if wide.Masked().Addr() != a.Addr() || !wide.Contains(b.Addr()) {
				break
			}
			out = append(out[:n-2], wide)
		}
	}
	return out
}

// subtract gives what of a set is not in another; the other is normal.
func subtract(set, other []netip.Prefix) []netip.Prefix {
	if len(other) == 0 {
		return set
	}
	var out []netip.Prefix
	for _, p := range set {
		out = without(out, p, other)
	}
	return out
}

func without(out []netip.Prefix, p netip.Prefix, other []netip.Prefix) []netip.Prefix {
	var inside []netip.Prefix
	for _, o := range other {
		if o.Overlaps(p) {
			if o.Bits() <= p.Bits() {
				return out
			}
			inside = append(inside, o)
		}
	}
	if len(inside) == 0 {
		return append(out, p)
	}
	low := netip.PrefixFrom(p.Addr(), p.Bits()+1)
	return without(without(out, low, inside), upperHalf(low), inside)
}

// upperHalf is the other half of the prefix that is one bit shorter.
func upperHalf(p netip.Prefix) netip.Prefix {
	bit := p.Bits() - 1
	if p.Addr().Is4() {
		a := p.Addr().As4()
		a[bit/8] |= 0x80 >> (bit % 8)
		return netip.PrefixFrom(netip.AddrFrom4(a), p.Bits())
	}
	a := p.Addr().As16()
	a[bit/8] |= 0x80 >> (bit % 8)
	return netip.PrefixFrom(netip.AddrFrom16(a), p.Bits())
}

// covers reports whether all of a set is in another.
func covers(other, set []netip.Prefix) bool {
	return len(subtract(set, normal(other))) == 0
}

// networkTerm writes a prefix as a mechanism.
func networkTerm(p netip.Prefix) string {
	b := make([]byte, 0, 48)
	b = append(b, "ip6:"...)
	if p.Addr().Is4() {
		b[2] = '4'
	}
	b = p.Addr().AppendTo(b)
	if !p.IsSingleIP() {
		b = append(b, '/')
		b = strconv.AppendInt(b, int64(p.Bits()), 10)
	}
	return string(b)
}

// LastAddr is the last address of a block.
func LastAddr(p netip.Prefix) netip.Addr {
	p = p.Masked()
	for p.Bits() < p.Addr().BitLen() {
		p = upperHalf(netip.PrefixFrom(p.Addr(), p.Bits()+1))
	}
	return p.Addr()
}
