package walk

import (
	"slices"
	"strings"

	"todoku/codes"
)

// Facts are what is known of the mail, by place. An empty value was asked for
// and is not known.
type Facts map[codes.Place]string

// value is what stands in a place, "" where nothing is known that may; domains
// come from their addresses.
func (f Facts) value(p codes.Place) string {
	v := f[origin(p)]
	if p == codes.PlaceDomain || p == codes.PlaceRecipientDomain {
		v = v[strings.LastIndexByte(v, '@')+1:]
	}
	if !p.Takes(v) {
		return ""
	}
	return v
}

// origin is the fact that a place is filled from.
func origin(p codes.Place) codes.Place {
	switch p {
	case codes.PlaceDomain:
		return codes.PlaceSender
	case codes.PlaceRecipientDomain:
		return codes.PlaceAddr
	}
	return p
}

// Check is a check of the guide with what is known put in.
type Check struct {
	codes.Command
	known    int           // facts that it has
	Lacks    []codes.Place // facts without which it cannot be run
	Wants    []codes.Place // facts that were not asked for yet, those it cannot do without among them
	Runnable bool          // this version has the command
}

// nearer reports whether less is missing to run it: what was asked for in vain
// is missing for ever.
func (c Check) nearer(than Check) bool {
	vain := func(c Check) int { return len(c.Lacks) - min(len(c.Lacks), len(c.Wants)) }
	if d := vain(c) - vain(than); d != 0 {
		return d < 0
	}
	if d := len(c.Lacks) - len(than.Lacks); d != 0 {
		return d < 0
	}
	return c.known > than.known
}

// Writes reports whether it only makes a text.
func (c Check) Writes() bool { return c.Name() == "letter" }

// Judges reports whether its exit status is a verdict on the mail's way; a
// look at the own history is none.
func (c Check) Judges() bool {
	return slices.Contains([]string{"check", "diagnose", "send"}, c.Name())
}

// whole reports whether a command needs all of its flags: what looks can do with
// less, what writes or sends cannot.
func whole(c codes.Command) bool { return c.SendsMail() || c.Name() == "letter" }

// fillCommand puts facts into a command of the catalogue. A flag of which the
// value is not known is left out where the command can do without.
func fillCommand(template codes.Command, known Facts) Check {
	var c Check
	values := codes.Values{}
	for _, a := range template.Args {
		if !a.Open() {
			continue
		}
		if v := known.value(a.Place); v != "" {
			values[a.Place] = v
			c.known++
			continue
		}
		fact := origin(a.Place)
		if _, asked := known[fact]; !asked {
			c.Wants = append(c.Wants, fact)
		}
		if a.Flag == "" || whole(template) {
			c.Lacks = append(c.Lacks, fact)
		}
	}
	c.Command = template.Fill(values)
	if !whole(template) {
		c.Command = c.Without()
	}
	return c
}

// Looks are the commands that look at the same thing, the best first: those of
// the guide, else the one of the catalogue.
func Looks(check codes.Command, guide []codes.Command) []codes.Command {
	switch {
	case len(guide) > 0:
		return guide
	case check.IsZero():
		return nil
	}
	return []codes.Command{check}
}
