package codes

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Command is a line of todoku to type, as data: "todoku check spf DOMAIN --ip
// IP". What comes from outside stands in it as the value of an argument, never
// as text. Only cmd/report/page prints one.
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

// Todoku makes a command of a template, which is written in our own words:
// names first, then flags and places in capitals.
//
//	Todoku("check", "spf", "DOMAIN", "--ip", "IP", "--only", "ptr")
//
// Values from outside come in by With and Fill.
func Todoku(template ...string) Command {
	c := Command{Words: make([]string, 0, 2)}
	if len(template) > 2 {
		c.Args = make([]Arg, 0, len(template)-2)
	}
	for _, word := range template {
		label, place := "", Place("")
		if i := strings.LastIndexByte(word, ':') + 1; Place(word[i:]).known() {
			label, place = word[:i], Place(word[i:])
		}
		n := len(c.Args) - 1
		switch flag := strings.HasPrefix(word, "--"); {
		case flag:
			c.Args = append(c.Args, Arg{Flag: word})
		case n >= 0 && c.Args[n].bare() && place != "":
			c.Args[n].Label, c.Args[n].Place = label, place
		case n >= 0 && c.Args[n].bare():
			c.Args[n].value = word
		case place != "":
			c.Args = append(c.Args, Arg{Label: label, Place: place})
		case n < 0:
			c.Words = append(c.Words, word)
		default:
			c.Args = append(c.Args, Arg{value: word})
		}
	}
	return c
}

// bare reports whether an argument is a flag that has no value yet.
func (a Arg) bare() bool { return a.Flag != "" && a.Place == "" && a.value == "" }

// Open reports whether the value is still to be put in.
func (a Arg) Open() bool { return a.Place != "" && a.value == "" }

// With is the argument with its value, which stays out if it is not of the
// argument's kind.
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

// Know reports whether there is a value of its kind for each of the places.
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

// Only opens the places again whose values are not kept.
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

// In is the command in another world than the internet.
func (c Command) In(world []Arg) Command {
	c.World = world
	return c
}

// Without leaves out the flags of which a value of these places is not known;
// of all places where none is named.
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

// Mails reports whether the command sends a mail.
func (c Command) Mails() bool { return c.Name() == "send" }

// Leaves reports whether a place of the command is open.
func (c Command) Leaves(p Place) bool { return slices.Contains(c.Open(), p) }

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

// template is the list of words that Todoku takes.
func (c Command) template() []string {
	out := slices.Clone(c.Words)
	for _, a := range c.Args {
		if a.Flag != "" {
			out = append(out, a.Flag)
		}
		if v := a.Label + string(a.Place) + a.value; v != "" {
			out = append(out, v)
		}
	}
	return out
}

// MarshalJSON writes a template, as the catalogue has it.
func (c Command) MarshalJSON() ([]byte, error) {
	if c.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(c.template())
}

// UnmarshalJSON reads a template. Our own words need no escapes: they stand
// between the quotes, and no second decoder is started for each command.
func (c *Command) UnmarshalJSON(data []byte) error {
	parts := strings.Split(string(data), `"`)
	words := parts[:0]
	for i := 1; i < len(parts); i += 2 {
		if strings.Contains(parts[i], `\`) {
			return fmt.Errorf("%q is no word of a command", parts[i])
		}
		words = append(words, parts[i])
	}
	*c = Todoku(words...)
	return nil
}

// UnmarshalYAML reads a template. A word in capitals that is no place is an
// error.
func (c *Command) UnmarshalYAML(n *yaml.Node) error {
	var words []string
	if err := n.Decode(&words); err != nil {
		return err
	}
	*c = Todoku(words...)
	for _, w := range words {
		if w == "" || strings.ToUpper(w) == w && strings.ToLower(w) != w && !Place(w).known() {
			return fmt.Errorf("line %d: %q is no place of a command", n.Line, w)
		}
	}
	return nil
}
