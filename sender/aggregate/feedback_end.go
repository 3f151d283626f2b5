package aggregate

import (
	"bytes"
	"strings"
)

// close ends the element that an end tag names, and those within it that were left open.
func (f *feedback) close() error {
	if f.deep > 0 {
		f.deep--
		return nil
	}
	for i := len(f.open) - 1; i >= 0; i-- {
		if name := f.open[i].name; len(name) != len(f.s.name) || name != string(f.s.name) && !strings.EqualFold(name, string(f.s.name)) {
			continue
		}
		if i < len(f.open)-1 {
			f.s.fault(BadXML, f.s.name, false)
		}
		for len(f.open) > i {
			if err := f.pop(); err != nil {
				return err
			}
		}
		return nil
	}
	f.s.fault(BadXML, f.s.name, false)
	return nil
}

// pop ends the innermost element.
func (f *feedback) pop() error {
	l := f.open[len(f.open)-1]
	f.open = f.open[:len(f.open)-1]
	switch l.node {
	case nodeLeaf:
		f.leaf(l.leaf)
	case nodeRecord:
		return f.endRecord()
	case nodeIdentifiers:
		f.row.HasIdentifiers = true
	case nodeAuth:
		f.row.HasAuthentication = true
	case nodeReason:
		if f.reason != (Override{}) {
			f.reasons = bounded(f, f.reasons, f.reason, "reason")
		}
	case nodeDKIM:
		if f.dkim != (DKIMResult{}) {
			f.dkims = bounded(f, f.dkims, f.dkim, "dkim")
		}
	case nodeSPF:
		if f.spf != (SPFResult{}) {
			f.spfs = bounded(f, f.spfs, f.spf, "spf")
		}
	case nodeFeedback:
		f.done = true
	}
	return nil
}

// bounded appends what a row has several of.
func bounded[T any](f *feedback, list []T, v T, name string) []T {
	if len(list) == maxResults {
		f.s.fault(TooManyResults, []byte(name), false)
		return list
	}
	return append(list, v)
}

// leaf takes the text of an element.
func (f *feedback) leaf(e *element) {
	text := bytes.TrimSpace(f.s.text)
	f.s.text = nil
	if e.text == nil {
		e.read(f, text)
		return
	}
	if len(text) == 0 {
		return
	}
	to := e.text(f)
	s := f.string(text, e.how)
	if *to == "" {
		*to = s
	} else if *to != s {
		f.s.fault(Repeated, []byte(e.name), false)
	}
}

// endRecord takes the row of a record.
func (f *feedback) endRecord() error {
	if !f.counted {
		f.s.fault(RowLost, nil, true)
		return nil
	}
	f.row.Overrides = take(&f.slabs.reasons, f.reasons)
	f.row.DKIMResults = take(&f.slabs.dkims, f.dkims)
	f.row.SPFResults = take(&f.slabs.spfs, f.spfs)
	if len(f.rows) < maxWaiting {
		f.rows = append(f.rows, f.row)
	} else {
		f.s.fault(TooManyResults, []byte("record"), true)
	}
	if len(f.rows) >= MaxRows && f.has[nodeMetadata] && f.has[nodePolicy] {
		return f.emit(true)
	}
	return nil
}

// emit gives a part of the report.
func (f *feedback) emit(more bool) error {
	f.reported = true
	err := f.give(f, more)
	f.part++
	clear(f.rows)
	f.rows, f.s.faults.list = f.rows[:0], nil
	return err
}

// finish gives the rest of the report. What was not closed is told: of a record that was cut nothing counts.
func (f *feedback) finish() error {
	if !f.found {
		return nil
	}
	if !f.done {
		f.s.fault(Truncated, nil, true)
		for i := range f.open {
			if f.open[i].node == nodeRecord {
				f.s.fault(RowLost, nil, true)
			}
		}
	}
	f.missing()
	err := f.emit(false)
	if !f.done {
		f.open, f.deep = f.open[:0], 0
	}
	f.head, f.part, f.found, f.done = DMARC{}, 0, false, false
	clear(f.has[:])
	return err
}

// bare is a Report-ID without the angle brackets that may stand around it (RFC 9990, definition of Report-ID).
func bare(id string) string { return strings.TrimSuffix(strings.TrimPrefix(id, "<"), ">") }

// missing tells which elements of the head are not there that a report needs.
func (f *feedback) missing() {
	for _, m := range [...]struct {
		missing bool
		name    string
	}{
		{f.head.Org == "", "org_name"}, {f.head.ID == "", "report_id"}, {f.head.Policy.Domain == "", "domain"},
		{f.head.Policy.P == "", "p"}, {f.head.Begin.IsZero(), "begin"}, {f.head.End.IsZero(), "end"}, {!f.has[nodeRecord], "record"},
	} {
		if m.missing {
			f.s.fault(Missing, []byte(m.name), false)
		}
	}
	if f.head.End.Before(f.head.Begin) && !f.head.End.IsZero() {
		f.s.fault(BadPeriod, nil, false)
	}
}

// slabs hold what rows have several of, so that not each row needs memory of its own.
type slabs struct {
	reasons []Override
	dkims   []DKIMResult
	spfs    []SPFResult
}

const slabSize = 256

// take is a copy of a list within a slab; nil for an empty one.
func take[T any](slab *[]T, list []T) []T {
	if len(list) == 0 {
		return nil
	}
	if cap(*slab)-len(*slab) < len(list) {
		*slab = make([]T, 0, max(slabSize, len(list)))
	}
	from := len(*slab)
	*slab = append(*slab, list...)
	return (*slab)[from:len(*slab):len(*slab)]
}
