package scope

import (
	"net/netip"
	"slices"

	"todoku/cmd/app"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
)

// Only are the checks that --only names for this run.
func Only(a *app.App) []string {
	if !meant(a, "only") {
		return nil
	}
	return a.Global.Only
}

// Select applies --only and --skip. beside are the names of checks that run beside these: where --only names but them, none of
// these are left.
func Select(a *app.App, checks []*diag.Check, beside ...string) ([]*diag.Check, error) {
	g := a.Global
	left := slices.DeleteFunc(slices.Clone(checks), func(c *diag.Check) bool {
		return len(g.Only) > 0 && !slices.Contains(g.Only, c.Name) || slices.Contains(g.Skip, c.Name)
	})
	only, skip := len(g.Only) > 0 && meant(a, "only"), len(g.Skip) > 0 && meant(a, "skip")
	switch {
	case len(left) == 0 && slices.ContainsFunc(g.Only, func(name string) bool { return slices.Contains(beside, name) }):
		return nil, nil
	case len(left) == 0 && !only && !skip: // they name checks of other commands
		return checks, nil
	case len(left) == 0:
		place := ""
		if o := a.Origins.Of("only"); o.Kind == app.FromDomain {
			place = o.Place
		}
		return nil, codes.At(place, codes.Wrong(codes.Say(codes.Text{EN: "--only and --skip leave no check to run", JA: "--only と --skip の指定により、実行する検査がありません"}), codes.Message{}))
	}
	return left, nil
}

// meant reports whether a value is for the checks of this run: it is typed, or stands in the entry of the domain. One of the
// environment or of the top of the config file is for all commands.
func meant(a *app.App, flag string) bool {
	return !a.Filled(flag) || a.Origins.Of(flag).Kind == app.FromDomain
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
