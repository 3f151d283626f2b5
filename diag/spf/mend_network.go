package spf

import (
	"net/netip"
	"strconv"
	"strings"
)

// network writes an address, a block, a netmask or a range as the terms that mean it.
func network(text string) []string {
	text = strings.TrimRight(text, ".,;:/")
	if p, err := netip.ParsePrefix(text); err == nil {
		return []string{writtenNetwork(p)}
	}
	if a, err := netip.ParseAddr(text); err == nil && a.Zone() == "" {
		return []string{networkTerm(netip.PrefixFrom(a, a.BitLen()))}
	}
	if addr, mask, ok := strings.Cut(text, "/"); ok {
		return netmask(addr, mask)
	}
	if low, high, ok := strings.Cut(text, "-"); ok {
		return addressRange(low, high)
	}
	if start, ok := strings.CutSuffix(text, ".*"); ok {
		if a, err := netip.ParseAddr(start + ".0"); err == nil {
			return []string{networkTerm(netip.PrefixFrom(a, 24))}
		}
	}
	return nil
}

// writtenNetwork is a block as a term, with the address that was written.
func writtenNetwork(p netip.Prefix) string {
	name := "ip6:"
	if p.Addr().Is4() {
		name = "ip4:"
	}
	if p.IsSingleIP() {
		return name + p.Addr().String()
	}
	return name + p.String()
}

// netmask reads 192.0.2.0/255.255.255.0.
func netmask(addr, mask string) []string {
	a, err := netip.ParseAddr(addr)
	m, bad := netip.ParseAddr(mask)
	if err != nil || bad != nil || !a.Is4() || !m.Is4() {
		return nil
	}
	for bits := range 33 {
		if LastAddr(netip.PrefixFrom(netip.IPv4Unspecified(), bits)).As4() == inverse(m.As4()) {
			return []string{"ip4:" + addr + "/" + strconv.Itoa(bits)}
		}
	}
	return nil
}

func inverse(a [4]byte) [4]byte { return [4]byte{^a[0], ^a[1], ^a[2], ^a[3]} }

// maxRange is how many blocks may come of one range.
const maxRange = 8

// addressRange reads 192.0.2.1-192.0.2.9 and 192.0.2.1-9.
func addressRange(low, high string) []string {
	a, err := netip.ParseAddr(strings.TrimSpace(low))
	if dot := strings.LastIndexByte(low, '.'); dot >= 0 && !strings.ContainsAny(high, ".:") {
		high = low[:dot+1] + high
	}
	b, bad := netip.ParseAddr(high)
	if err != nil || bad != nil || a.Is4() != b.Is4() || b.Less(a) {
		return nil
	}
	var terms []string
	for !b.Less(a) {
		bits := a.BitLen()
		for bits > 0 {
			p := netip.PrefixFrom(a, bits-1)
			if p.Masked().Addr() != a || b.Less(LastAddr(p)) {
				break
			}
			bits--
		}
		terms = append(terms, networkTerm(netip.PrefixFrom(a, bits)))
		last := LastAddr(netip.PrefixFrom(a, bits))
		if len(terms) > maxRange {
			return nil
		}
		if a = last.Next(); !a.IsValid() {
			break
		}
	}
	return []string{strings.Join(terms, " ")}
}
