package triage

import (
	"slices"
	"strings"
	"time"

	"todoku/codes"
)

// again is the command that reads the same inputs and asks for the same events; the zero one where one of the inputs cannot be
// read again.
func (o *options) again(world []codes.Arg, args []string) codes.Command {
	if slices.Contains(args, "-") {
		return codes.Command{}
	}
	c := codes.Todoku("triage").In(world)
	add := func(flag string, p codes.Place, value string) {
		if value != "" {
			c = c.And(codes.Command{Args: []codes.Arg{codes.Arg{Flag: flag, Place: p}.With(value)}})
		}
	}
	for _, arg := range args {
		add("", codes.PlaceFile, arg)
	}
	f := o.filter
	add("--since", codes.PlaceTime, asTyped(f.Since))
	add("--until", codes.PlaceTime, asTyped(f.Until))
	add("--from", codes.PlaceReply, f.From)
	add("--to", codes.PlaceReply, f.To)
	if slices.Equal(f.Providers, []string{"-"}) {
		c = c.And(codes.Todoku("--provider", "-"))
	} else {
		add("--provider", codes.PlaceReply, strings.Join(f.Providers, ","))
	}
	add("--reason", codes.PlaceReply, strings.Join(f.Reasons, ","))
	for _, name := range o.rules {
		add("--rules", codes.PlaceFile, name)
	}
	return c
}

// asTyped is a time as --since takes it; "" for none.
func asTyped(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}
