package codes

import (
	"slices"
	"strings"
)

// Command is a line of todoku to type, as data: todoku check spf DOMAIN --ip IP. What
// comes from outside stands in it as the value of an argument, never as text. Only cmd/report/page prints one.
type Command struct {
	World []Arg    // flags before the words that name the world: --lab, --zone FILE
	Words []string // what we wrote: "check", "spf"
	Args  []Arg
}

// Arg is an argument of a command: a value, a flag, or a flag with its value.
type Arg struct {
	Flag  string // "--ip"; "" where the value stands by itself
	Label string // what stands before the value: "pass:"
	Place Place  // what the value is; "" where there is none, or where it is fixed
	value string // "" is open
}

// Open reports whether the value is still to be put in.
func (a Arg) Open() bool { return a.Place != "" && a.value == "" }

// With gives the argument its value. A value that its place does not take is ignored: the argument stays open.
func (a Arg) With(value string) Arg {
	if a.Place.Takes(value) {
		a.value = value
	}
	return a
}

// text is the value, or the word in capitals that stands for it.
func (a Arg) text() string {
	if a.Open() {
		return a.Label + a.Place.Word()
	}
	return a.Label + a.value
}

// words are the words of the argument. A value that looks like a flag stands in
// one word with its flag.
func (a Arg) words() []string {
	switch {
	case a.Flag == "":
		return []string{a.text()}
	case a.Place == "" && a.value == "":
		return []string{a.Flag}
	case strings.HasPrefix(a.text(), "-"):
		return []string{a.Flag + "=" + a.text()}
	}
	return []string{a.Flag, a.text()}
}

// Values are what is known, by place.
type Values map[Place]string

// Know reports whether all of the places have a value, each of the kind of its place.
func (v Values) Know(all ...Place) bool {
	return !slices.ContainsFunc(all, func(p Place) bool { return !p.Takes(v[p]) })
}

// Fill puts values into the places that are open. What is no domain, address,
// time and so on stays out: its place stays open.
func (c Command) Fill(values Values) Command {
	c.Args = slices.Clone(c.Args)
	for i, a := range c.Args {
		if a.Open() {
			c.Args[i] = a.With(values[a.Place])
		}
	}
	return c
}

// With puts one value in.
func (c Command) With(p Place, value string) Command { return c.Fill(Values{p: value}) }

// Only removes the values for which keep is false: their places are open again.
func (c Command) Only(keep func(value string) bool) Command {
	c.Args = slices.Clone(c.Args)
	for i, a := range c.Args {
		if a.Place != "" && !keep(a.value) {
			c.Args[i].value = ""
		}
	}
	return c
}

// And is the command with more arguments.
func (c Command) And(more Command) Command {
	c.Args = slices.Concat(c.Args, more.Args)
	return c
}

// In is the command with flags that replace the internet: --lab, --zone FILE.
func (c Command) In(world []Arg) Command {
	c.World = world
	return c
}

// Without removes the flags whose value is still open: those of the given places, or of all places where none is given.
func (c Command) Without(places ...Place) Command {
	c.Args = slices.DeleteFunc(slices.Clone(c.Args), func(a Arg) bool {
		return a.Flag != "" && a.Open() && (len(places) == 0 || slices.Contains(places, a.Place))
	})
	return c
}

// IsZero reports whether there is no command.
func (c Command) IsZero() bool { return len(c.Words) == 0 }

// Name is the first word: "check".
func (c Command) Name() string {
	if c.IsZero() {
		return ""
	}
	return c.Words[0]
}

// Same reports whether two commands are the same line.
func (c Command) Same(other Command) bool { return slices.Equal(c.Argv(), other.Argv()) }

// SendsMail reports whether the command sends a mail.
func (c Command) SendsMail() bool { return c.Name() == "send" }

// HasOpen reports whether a place of the command is open.
func (c Command) HasOpen(p Place) bool { return slices.Contains(c.Open(), p) }

// Open are the places whose values are still to be put in, in their order.
func (c Command) Open() []Place {
	var open []Place
	for _, a := range slices.Concat(c.World, c.Args) {
		if a.Open() {
			open = append(open, a.Place)
		}
	}
	return open
}

// Argv is the command as a program takes it, todoku being the first word. Words
// in capitals stand for what is open.
func (c Command) Argv() []string {
	if c.IsZero() {
		return []string{}
	}
	return slices.Concat(c.Groups()...)
}

// Groups are the words of Argv, those together that belong together: a flag and
// its value. A value that begins with "-" stands behind the flags and "--".
func (c Command) Groups() [][]string {
	groups := [][]string{{"todoku"}}
	for _, a := range c.World {
		groups = append(groups, a.words())
	}
	for _, w := range c.Words {
		groups = append(groups, []string{w})
	}
	alone := func(a Arg) bool { return a.Flag == "" }
	ends := slices.ContainsFunc(c.Args, func(a Arg) bool { return alone(a) && strings.HasPrefix(a.text(), "-") })
	var last [][]string
	for _, a := range c.Args {
		if ends && alone(a) {
			last = append(last, a.words())
		} else {
			groups = append(groups, a.words())
		}
	}
	if ends {
		groups = append(groups, []string{"--"})
	}
	return append(groups, last...)
}
