package triage

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// maxTop is how many values a top keeps.
const maxTop = 64

// top counts the most frequent of many values in bounded memory (Misra and Gries): of more than maxTop different ones the
// rare are forgotten. "" is not counted.
type top struct {
	counts map[string]*int64
	value  string // the last one
	count  *int64
	all    int64
	More   bool // there are values that were forgotten
}

func (t *top) add(value string) {
	if value == "" {
		return
	}
	t.all++
	if t.count != nil && t.value == value {
		*t.count++
		return
	}
	if n, known := t.counts[value]; known {
		*n++
		t.value, t.count = value, n
		return
	}
	if len(t.counts) < maxTop {
		if t.counts == nil {
			t.counts = map[string]*int64{}
		}
		one := int64(1)
		t.value, t.count = strings.Clone(value), &one
		t.counts[t.value] = t.count
		return
	}
	t.More, t.count = true, nil
	for v, n := range t.counts {
		if *n--; *n <= 0 {
			delete(t.counts, v)
		}
	}
}

// of is how often a value was there; too low where More is set.
func (t *top) of(value string) int64 {
	if n := t.counts[value]; n != nil {
		return *n
	}
	return 0
}

// Different is how many different values there are; at least, where More is set.
func (t *top) Different() int { return len(t.counts) }

// Only is the value where there is one alone, "" else.
func (t *top) Only() string {
	if len(t.counts) == 1 && !t.More {
		for v := range t.counts {
			return v
		}
	}
	return ""
}

// most are the values that are there most often, at most n.
func (t *top) most(n int) []string {
	values := slices.SortedFunc(maps.Keys(t.counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(*t.counts[b], *t.counts[a]), cmp.Compare(a, b))
	})
	return values[:min(n, len(values))]
}
