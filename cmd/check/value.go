package check

import (
	"net/netip"
	"strconv"
	"strings"

	"todoku/cmd/app"
	"todoku/codes"
	"todoku/diag/dmarc"
)

// parsePrefix takes an address or a network in CIDR form; an address is a network of its full length.
func parsePrefix(s string) (netip.Prefix, error) {
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

// parseWorkers takes the number of targets that are checked at the same time.
func parseWorkers(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 4096 {
		return 0, codes.Wrong(codes.Say(codes.Text{EN: "{value} is not a number from 1 to 4096", JA: "{value} は1から4096までの数ではありません"}, codes.Quoted("value", s)), codes.Message{})
	}
	return n, nil
}

// parseAuth makes a parser of RESULT:DOMAIN for the words of one mechanism
// (RFC 8601 §2.7).
func parseAuth(results ...string) func(string) (dmarc.AuthResult, error) {
	return func(s string) (dmarc.AuthResult, error) {
		result, domain, ok := strings.Cut(s, ":")
		if !ok {
			return dmarc.AuthResult{}, codes.Wrong(codes.Say(codes.Text{EN: "{value} has no domain", JA: "{value} にドメインがありません"}, codes.Quoted("value", s)),
				codes.Say(codes.Text{EN: "give RESULT:DOMAIN, such as pass:example.jp", JA: "pass:example.jp のように「結果:ドメイン」の形で指定してください"}))
		}
		if _, err := app.OneOf(results...)(strings.ToLower(result)); err != nil {
			return dmarc.AuthResult{}, err
		}
		ascii, err := app.ParseDomain(domain)
		return dmarc.AuthResult{Result: strings.ToLower(result), Domain: ascii}, err
	}
}
