package past

import (
	"net/netip"
	"strings"
)

// maxIncludes bounds the records that are read below a lost include (RFC 7208 §4.6.4).
const maxIncludes = 10

// covered reports whether a term that an SPF record of the domain itself lost covers an address: by itself, or by the records
// of what it includes, as they were then. Terms that need other answers of DNS than records of SPF cover nothing here.
func covered(h History, c *Change, ip netip.Addr) bool {
	if !ip.IsValid() || c.Name != h.Domain {
		return false
	}
	_, all := versions(h)
	seen := map[string]bool{}
	var covers func(term string) bool
	covers = func(term string) bool {
		term = strings.ToLower(strings.TrimPrefix(term, "+"))
		if name, is := strings.CutPrefix(term, "include:"); is && !seen[name] && len(seen) < maxIncludes {
			seen[name] = true
			for _, v := range all[setKey{strings.TrimSuffix(name, "."), "TXT"}] {
				if v.first.After(c.Since) || v.last.Before(c.Since) {
					continue
				}
				for _, record := range spfOf("", "TXT", v.values) {
					for _, t := range strings.Fields(record) {
						if covers(t) {
							return true
						}
					}
				}
			}
			return false
		}
		return networkOf(term).Contains(ip.Unmap())
	}
	for _, term := range c.Lost {
		if covers(term) {
			return true
		}
	}
	return false
}

// networkOf is the network of a term ip4: or ip6:; the zero one of any other.
func networkOf(term string) netip.Prefix {
	value, is := strings.CutPrefix(term, "ip4:")
	if !is {
		if value, is = strings.CutPrefix(term, "ip6:"); !is {
			return netip.Prefix{}
		}
	}
	if p, err := netip.ParsePrefix(value); err == nil {
		return p
	}
	a, err := netip.ParseAddr(value)
	if err != nil {
		return netip.Prefix{}
	}
	return netip.PrefixFrom(a, a.BitLen())
}
