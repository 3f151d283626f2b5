package metrics

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// text writes metrics in the text format.
type text struct{ strings.Builder }

// label is one label of a value.
type label struct{ name, value string }

// kinds of metrics.
const (
	gauge     = "gauge"
	counter   = "counter"
	histogram = "histogram"
)

// prefix is that of all names.
const prefix = "todoku_watch_"

// begin starts a metric.
func (t *text) begin(name, kind, help string) {
	fmt.Fprintf(t, "# HELP %s%s %s\n# TYPE %s%s %s\n", prefix, name, help, prefix, name, kind)
}

// value writes one value of the metric.
func (t *text) value(name string, v float64, labels ...label) {
	t.WriteString(prefix + name)
	for i, l := range labels {
		t.WriteString([]string{"{", ","}[min(i, 1)] + l.name + `="` + escaped(l.value) + `"`)
	}
	if len(labels) > 0 {
		t.WriteByte('}')
	}
	t.WriteString(" " + number(v) + "\n")
}

// one writes a metric that has one value.
func (t *text) one(name, kind, help string, v float64, labels ...label) {
	t.begin(name, kind, help)
	t.value(name, v, labels...)
}

// escaped is the value of a label.
func escaped(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(strings.ToValidUTF8(s, "\uFFFD"))
}

func number(v float64) string {
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}
