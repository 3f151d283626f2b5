package spf

import (
	"slices"
	"strings"
)

// Mend writes the record that a faulty one most likely means, with all senders and policy words that can be read in it.
// ok is false when anything in it needs a person.
func Mend(record string) (mended string, ok bool) {
	all := Readings(record)
	if len(all) == 0 {
		return "", false
	}
	return all[0], true
}

// maxReadings bounds the readings of one text, maxMendable its length: nobody writes more by mistake.
const (
	maxReadings = 4
	maxMendable = 4096
)

// Readings are the records that a text may mean, the likeliest first; DNS tells which one does. There are none where
// anything in it needs a person.
func Readings(text string) []string {
	if len(text) > maxMendable {
		return nil
	}
	if r, faults := Parse(text); len(faults) == 0 && !r.slips() {
		return []string{text}
	}
	body, ok := cutVersion(plainText(text))
	if !ok {
		return nil
	}
	return readBody(body)
}

// readBody reads what follows the version. Where the version stands in it again, two records were joined.
func readBody(body string) []string {
	var records [][]string // of each part its readings
	for _, part := range splitVersions(body) {
		m := mender{}
		if !m.words(strings.Fields(part)) {
			return nil
		}
		records = append(records, m.records())
	}
	if len(records) == 1 {
		return records[0]
	}
	first := make([]string, len(records))
	for i, readings := range records {
		if len(readings) == 0 {
			return nil
		}
		first[i] = readings[0]
	}
	joined, ok := Join(first)
	if !ok {
		return nil
	}
	return []string{joined}
}

// slips reports whether the record holds a term that is allowed and yet surely not meant so.
func (r *Record) slips() bool {
	return slices.ContainsFunc(r.Terms, func(t Term) bool { return t.slip() != "" || t.ignored() })
}

// mender collects the terms of a record word by word.
type mender struct {
	terms [][]string // at each place the terms that may be meant: one, or several to choose from
	name  string     // of the mechanism before in the same list: include:a.test,b.test
	list  bool       // the list goes on with the next word
	apart int        // words that were taken apart
}

// unglue takes a word apart, while there are few of them.
func (m *mender) unglue(word string) []string {
	if m.apart++; m.apart > maxUnglued {
		return nil
	}
	return unglue(word)
}

// words reads all words; false where one cannot be read.
func (m *mender) words(words []string) bool {
	for i := 0; i < len(words); {
		n := m.word(words[i:])
		if n == 0 {
			return false
		}
		i += n
	}
	return true
}

// word reads one word, with those behind it that belong to it, and tells how many these are; 0 where it cannot be read.
func (m *mender) word(words []string) int {
	word, n := words[0], 1
	if word == "+" && len(words) > 1 && !sound("+"+words[1]) { // "a + -all"
		return 1
	}
	for n < len(words) && belongs(word, words[n]) {
		word = glued(word, words[n])
		n++
	}
	if m.one(word) {
		return n
	}
	if n == 1 && len(words) > 1 && bareName(word) && !sound(words[1]) { // include _spf.a.test
		if joined := withMark(word, words[1]); m.one(joined) {
			return 2
		}
	}
	if bareName(word) && strings.EqualFold(word, "exp") { // it names nothing
		return n
	}
	return 0
}

// belongs reports whether a blank between two words stands where none may.
func belongs(word, next string) bool {
	last := word[len(word)-1]
	switch {
	case isQualifier(last) && len(word) == 1, next[0] == ':', next[0] == '=', next[0] == '/' && len(next) > 1 && isDigit(next[1]):
		return true
	case last == ':' || last == '=':
		return !sound(next) && !isName(strings.TrimRight(next, ":="))
	case last == ';' || last == ',':
		name := strings.TrimRight(word, ";,")
		return bareName(name) && !sound(next)
	}
	return false
}

// glued joins two words that belong together: a name, and its value behind ";" or ",".
func glued(word, next string) string {
	if last := word[len(word)-1]; last == ';' || last == ',' {
		return word + ":" + next
	}
	return word + next
}

// bareName reports whether a word is a name that needs a value and has none.
func bareName(word string) bool {
	if word != "" && isQualifier(word[0]) {
		word = word[1:]
	}
	switch kindOf(word) {
	case Include, Exists, IP4, IP6, Redirect, Exp:
		return true
	}
	return false
}

// withMark puts the right mark between a name and its value.
func withMark(name, value string) string {
	switch kindOf(strings.TrimLeft(name, "+-~?")) {
	case Redirect, Exp:
		return name + "=" + value
	}
	return name + ":" + value
}

// one reads a word that should be one term.
func (m *mender) one(word string) bool {
	if !m.list {
		m.name = ""
	}
	m.list = strings.HasSuffix(word, ",") || strings.HasSuffix(word, ";")
	if sound(word) {
		m.add(word)
		return true
	}
	for _, part := range splitLists(word) {
		if sound(part) {
			m.add(part)
			continue
		}
		terms := mendTerm(part, m.name, m.unglue)
		if len(terms) == 0 {
			return false
		}
		m.add(terms...)
	}
	return true
}

// add notes a term, or several to choose from. Those that hold blanks are several terms in a row.
func (m *mender) add(terms ...string) {
	m.terms = append(m.terms, terms)
	r, _ := Parse("v=spf1 " + terms[0])
	m.name = ""
	if n := len(r.Terms); n > 0 && r.Terms[n-1].IsMechanism() {
		m.name = r.Terms[n-1].Name()
	}
}

// records writes the record in all its readings. A modifier that stands twice word for word stands once afterwards.
func (m *mender) records() []string {
	out := []string{"v=spf1"}
	for _, terms := range m.terms {
		var next []string
		for _, term := range terms {
			for _, record := range out {
				if doubled := isModifier(term) && strings.Contains(record+" ", " "+term+" "); !doubled {
					record += " " + term
				}
				next = append(next, record)
			}
		}
		out = next[:min(len(next), maxReadings)]
	}
	return slices.DeleteFunc(out, func(record string) bool {
		_, faults := Parse(record)
		return len(faults) > 0
	})
}

func isModifier(term string) bool {
	r, _ := Parse("v=spf1 " + term)
	return len(r.Terms) == 1 && (r.Terms[0].Kind == Redirect || r.Terms[0].Kind == Exp)
}

// sound reports whether a word is a term as it stands, and surely meant so.
func sound(word string) bool {
	r, faults := Parse("v=spf1 " + word)
	return len(faults) == 0 && len(r.Terms) == 1 && r.Terms[0].slip() == "" && !r.Terms[0].ignored()
}
