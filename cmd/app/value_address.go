package app

import (
	"net/netip"
	"strings"

	"todoku/codes"
)

// ParsePrefix takes an address or a network in CIDR form; an address is a network of its full length.
func ParsePrefix(s string) (netip.Prefix, error) {
	if ip, err := netip.ParseAddr(s); err == nil && ip.Zone() == "" {
		ip = ip.Unmap()
		return netip.PrefixFrom(ip, ip.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return netip.Prefix{}, codes.Wrong(codes.Say(codes.Text{EN: "{value} is not an address or a network", JA: "{value} はIPアドレスでもネットワークでもありません"}, codes.Quoted("value", s)),
			codes.Say(codes.Text{EN: "give an address or a network, such as 192.0.2.7 or 192.0.2.0/24", JA: "192.0.2.7 や 192.0.2.0/24 のように指定してください"}))
	}
	return p.Masked(), nil
}

// ParseSending takes an address, or a network of addresses.
func ParseSending(s string) (netip.Prefix, error) {
	if strings.Contains(s, "/") {
		return ParsePrefix(s)
	}
	ip, err := ParseAddr(s)
	if err != nil {
		return netip.Prefix{}, err
	}
	return netip.PrefixFrom(ip, ip.BitLen()), nil
}
