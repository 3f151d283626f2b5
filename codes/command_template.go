package codes

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

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
