package check

import (
	"todoku/codes"
	"todoku/diag/check"
	"todoku/diag/dnsbl"
)

// listsAgain is what scope.AddLists reads, and the networks of --ip. The key of a subscriber stays out of the command.
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
