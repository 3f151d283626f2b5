package page

import (
	"slices"
	"time"

	"todoku/codes"
)

// Options is how a document should look.
type Options struct {
	Lang          codes.Lang
	Color         bool
	Width         int              // columns; 0 means 80
	Version       string           // of the tool
	Many          bool             // several may come: JSON becomes an array
	Failed        int              // how many mails of an input did not arrive, where it tells of several
	World         []codes.Arg      // the flags that say what world was looked at: --lab
	Again         codes.Command    // looks again at the target of a report, which is left open
	History       []codes.Arg      // the flag that says where the history is: --history FILE
	Store         []codes.Arg      // the flag that says where the watched domains are: --store FILE
	NoStore       bool             // the watched domains are of this run only: no command can read them
	Kept          bool             // there is a file of the history, which the environment may name
	NoLast        bool             // no diagnosis is kept, to go on with by --last
	Catalogue     *codes.Catalogue // what replies mean: for diagnoses, sendings and the history
	Now           time.Time        // for the history: what is under way, and the zone of its times
	ByteOrderMark bool             // CSV begins with a byte order mark
	Both          bool             // HTML has both languages, Lang chosen at first
	Fails         Fails            // what counts as wrong (--fail-on)
}

// Fails says whether a status, by its name, counts as wrong for a target; nil means that fail does.
type Fails func(target, status string) bool

// WithWidth sets the width to 80 columns if it is not set.
func (o Options) WithWidth() Options {
	if o.Width <= 0 {
		o.Width = 80
	}
	return o
}

// SameWorld is a command as it has to be typed to look at the same world, or into the same history: with the flags that named
// it. It is empty where there is no such world any more.
func (o Options) SameWorld(c codes.Command) codes.Command {
	switch c.Name() {
	case "check", "diagnose", "guide":
		return c.In(o.World)
	case "send":
		return c.In(o.World).And(codes.Command{Args: o.History})
	case "history", "letter":
		lab := slices.ContainsFunc(o.World, func(a codes.Arg) bool { return a.Flag == "--lab" })
		byID := slices.ContainsFunc(c.Args, func(a codes.Arg) bool { return a.Place == codes.PlaceID })
		if lab && len(o.History) == 0 && !o.Kept && (byID || c.Name() == "history") {
			return codes.Command{} // the lab keeps no history
		}
		return c.And(codes.Command{Args: o.History})
	case "watch":
		if o.NoStore {
			return codes.Command{}
		}
		if slices.ContainsFunc(c.Args, func(a codes.Arg) bool { return a.Flag == "--now" }) { // it looks
			c = c.In(o.World)
		}
		return c.And(codes.Command{Args: o.Store})
	}
	return c
}
