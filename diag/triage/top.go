package triage

import (
	"slices"
	"strings"
)

// maxTop is how many values a top keeps.
const maxTop = 64

// top counts the most frequent of many values in bounded memory (Misra and Gries): of more than maxTop different ones the
// rare are forgotten. "" is not counted.
type top struct {
	values []Counted
	all    int64
	More   bool // there are values that were forgotten
}

// Counted is a value and how often it was there.
type Counted struct {
	Value string
	Count int64
}

func (t *top) add(value string) {
	if value == "" {
		return
	}
	t.all++
	for i := range t.values {
		if t.values[i].Value == value {
			t.values[i].Count++
			if i > 0 && t.values[i].Count > t.values[i-1].Count { // the frequent are found first
				t.values[i], t.values[i-1] = t.values[i-1], t.values[i]
			}
			return
		}
	}
	if len(t.values) < maxTop {
		t.values = append(t.values, Counted{strings.Clone(value), 1})
		return
	}
	t.More = true
	for i := range t.values {
		t.values[i].Count--
	}
	t.values = slices.DeleteFunc(t.values, func(c Counted) bool { return c.Count <= 0 })
}

// Different is how many different values there are; at least, where More is set.
func (t *top) Different() int { return len(t.values) }

// Only is the value where there is one alone, "" else.
func (t *top) Only() string {
	if len(t.values) == 1 && !t.More {
		return t.values[0].Value
	}
	return ""
}

// Most is the most frequent value with how often it was there, which is too low where More is set.
func (t *top) Most() Counted {
	var most Counted
	for _, c := range t.values {
		if c.Count > most.Count {
			most = c
		}
	}
	return most
}
