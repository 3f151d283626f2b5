package check

import (
	"net/netip"
	"strings"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/codes"
	"todoku/diag/check"
	"todoku/diag/dnsbl"
)

// addListFlag adds the flag that names lists in DNS to ask.
func addListFlag(a *app.App, c *cobra.Command, o *check.DNSBLOptions) {
	c.Flags().Var(app.ListOf(&o.Lists, app.ParseBlocklist, "ZONE"), "blocklist", a.T(codes.Text{
		EN: "blocklist to ask, such as bl.spamcop.net (repeatable)", JA: "問い合わせるブロックリスト(複数指定可。\n例: bl.spamcop.net)"}))
}

// parseSending takes an address, or a network of addresses.
func parseSending(s string) (netip.Prefix, error) {
	if strings.Contains(s, "/") {
		return parsePrefix(s)
	}
	ip, err := app.ParseAddr(s)
	if err != nil {
		return netip.Prefix{}, err
	}
	return netip.PrefixFrom(ip, ip.BitLen()), nil
}

// takeSending divides what --ip names: single addresses are for all checks, a network is for the lists alone.
func takeSending(a *app.App, o *check.DomainOptions, sending []netip.Prefix) error {
	for _, p := range sending {
		if p.IsSingleIP() {
			o.SPF.IPs = append(o.SPF.IPs, p.Addr())
			continue
		}
		if !o.DNSBL.Wanted() && a.Filled("ip") { // a value of the environment or the config file is for all commands
			continue
		}
		if !o.DNSBL.Wanted() {
			return codes.At("--ip", codes.Wrong(
				codes.Say(codes.Text{EN: "{value} is a network, which only blocklists are asked about", JA: "{value} はネットワークです(ネットワークを指定できるのはブロックリストの照会だけです)"}, codes.Str("value", p.String())),
				codes.Say(codes.Text{EN: "add --blocklist ZONE or --all, or give single addresses", JA: "--blocklist ZONE または --all を付けるか、アドレスを1つずつ指定してください"})))
		}
		o.DNSBL.Prefixes = append(o.DNSBL.Prefixes, p)
	}
	o.PTR.IPs, o.DNSBL.IPs = o.SPF.IPs, o.SPF.IPs
	return nil
}

// listsAgain is what addListFlag reads, and the networks of --ip. The key of a subscriber stays out of the command.
func listsAgain(o check.DNSBLOptions) (c codes.Command) {
	add := func(flag, value string) {
		c = c.And(codes.Command{Args: []codes.Arg{codes.Arg{Flag: flag, Place: codes.PlaceReply}.With(value)}})
	}
	for _, p := range o.Prefixes {
		add("--ip", p.String())
	}
	for _, zone := range o.Lists {
		if dnsbl.Find(zone).Shown == zone {
			add("--blocklist", zone)
		}
	}
	return c
}
