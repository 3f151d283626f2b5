package codes

import "strings"

// Message is a sentence in both languages with its values.
type Message struct {
	Text // a template: "{name}" is the place of the value of that name
	Args Data
}

// Say is a message of a template and the values of its places.
func Say(t Text, args ...Datum) Message { return Message{t, args} }

// In is the message in a language. cmd/report/page has one that prints commands.
func (m Message) In(l Lang) string {
	return m.Fill(l, m.Args, func(d Datum) string { return d.In(l) })
}

// Fill puts values into the places of a template, each as show gives it. A
// place that has no value stays as it is. A value is never read as a template.
func (t Text) Fill(l Lang, values Data, show func(Datum) string) string {
	s := t.In(l)
	if strings.IndexByte(s, '{') < 0 {
		return s
	}
	var b strings.Builder
	for {
		open := strings.IndexByte(s, '{')
		length := strings.IndexByte(s[max(open, 0):], '}')
		if open < 0 || length < 0 {
			return b.String() + s
		}
		b.WriteString(s[:open])
		b.WriteString(values.shown(s[open+1:open+length], show))
		s = s[open+length+1:]
	}
}

func (d Data) shown(key string, show func(Datum) string) string {
	for _, v := range d {
		if v.Key == key {
			return show(v)
		}
	}
	return "{" + key + "}"
}
