package codes

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// Datum is one named value of a finding, a message or an error.
type Datum struct {
	Key     string
	kind    datumKind
	text    string
	ja      string // of words
	num     int
	list    []string
	command *Command
	err     error
}

type datumKind uint8

const (
	kindText datumKind = iota
	kindQuoted
	kindNum
	kindList
	kindWords
	kindCommand
)

// Str is a text.
func Str(key, v string) Datum { return Datum{Key: key, text: v} }

// Quoted is a text that somebody typed: it is shown in double quotes, with
// escapes as in Go.
func Quoted(key, v string) Datum { return Datum{Key: key, kind: kindQuoted, text: v} }

// QuotedStart is the beginning of a text that somebody typed, shown in quotes:
// at most so many characters.
func QuotedStart(key, v string, most int) Datum { return Quoted(key, start(v, most)) }

// Start is the beginning of a text: at most so many characters.
func Start(key, v string, most int) Datum { return Str(key, start(v, most)) }

func start(s string, most int) string {
	for i := range s {
		if most--; most < 0 {
			return s[:i]
		}
	}
	return s
}

// Num is a number.
func Num(key string, v int) Datum { return Datum{Key: key, kind: kindNum, num: v} }

// List is a list of texts, shown with commas between them.
func List(key string, v []string) Datum { return Datum{Key: key, kind: kindList, list: v} }

// Failure is an error as a value. A printer may show its own words for errors that it knows.
func Failure(key string, err error) Datum { return Datum{Key: key, text: err.Error(), err: err} }

// Words is a value in both languages that todoku itself provides.
func Words(key string, v Text) Datum { return Datum{Key: key, kind: kindWords, text: v.EN, ja: v.JA} }

// Typed is a todoku command that the user can type.
func Typed(key string, v Command) Datum { return Datum{Key: key, kind: kindCommand, command: &v} }

// Err is the error that the value is; nil for others.
func (d Datum) Err() error { return d.err }

// Command is the command that the value is; one without words for others.
func (d Datum) Command() Command {
	if d.command == nil {
		return Command{}
	}
	return *d.command
}

// String is the value in English, as In gives it.
func (d Datum) String() string { return d.In(English) }

// Unordered is the value in English, of a list with its parts in order: DNS gives the records of a set in any order (RFC 2181 §5).
func (d Datum) Unordered() string {
	d.list = slices.Sorted(slices.Values(d.list))
	return d.String()
}

// In is the value as a text shows it. Of a command it is the words alone, such
// as "check spf": only cmd/report/page prints a line to type.
func (d Datum) In(l Lang) string {
	switch d.kind {
	case kindQuoted:
		return strconv.Quote(d.text)
	case kindNum:
		return strconv.Itoa(d.num)
	case kindList:
		return strings.Join(d.list, Text{", ", "、"}.In(l))
	case kindWords:
		return Text{d.text, d.ja}.In(l)
	case kindCommand:
		return strings.Join(d.command.Words, " ")
	}
	return d.text
}

// MarshalJSON writes the value: a number, a list, a command as its argv, else a
// string (of words the English ones).
func (d Datum) MarshalJSON() ([]byte, error) {
	switch d.kind {
	case kindNum:
		return json.Marshal(d.num)
	case kindList:
		return json.Marshal(append([]string{}, d.list...))
	case kindCommand:
		return json.Marshal(d.command.Argv())
	}
	return json.Marshal(d.text)
}

// Data are named values in a fixed order.
type Data []Datum

// Get gives the value of a key as text.
func (d Data) Get(key string) (string, bool) {
	for _, v := range d {
		if v.Key == key {
			return v.String(), true
		}
	}
	return "", false
}

// MarshalJSON writes an object in the order of the data.
func (d Data) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, v := range d {
		if i > 0 {
			b = append(b, ',')
		}
		key, err := json.Marshal(v.Key)
		if err != nil {
			return nil, err
		}
		value, err := v.MarshalJSON()
		if err != nil {
			return nil, err
		}
		b = append(append(append(b, key...), ':'), value...)
	}
	return append(b, '}'), nil
}
