package aggregate

import (
	"slices"
	"strings"
)

// Bounds of a report.
const (
	maxNested  = 64      // elements within each other
	maxResults = 100     // signatures, results of SPF or reasons of one record; errors of a report
	maxWaiting = 200_000 // rows that stand before the head of their report
)

// feedback builds an aggregate report from tags.
type feedback struct {
	s        *scanner
	give     func(*feedback, bool) error
	names    names
	head     DMARC
	rows     []Row
	part     int
	found    bool // an element "feedback"
	done     bool // its end
	has      [nodeUnknown + 1]bool
	reported bool   // a report was given
	declared string // the charset, "" for UTF-8

	open []level // the elements within which the scanner stands
	deep int     // how many more there are than open holds

	row     Row
	counted bool // its number of mails was read
	reason  Override
	dkim    DKIMResult
	spf     SPFResult
	reasons []Override // of the row
	dkims   []DKIMResult
	spfs    []SPFResult
	slabs   slabs
}

// level is an element that is open.
type level struct {
	node node
	name string
	leaf *element
}

// reset makes f ready for another input, in the memory that it has.
func (f *feedback) reset(s *scanner, declared string) {
	*f = feedback{s: s, declared: declared, names: f.names, open: f.open[:0], reasons: f.reasons[:0], dkims: f.dkims[:0],
		spfs: f.spfs[:0], rows: f.rows[:0], slabs: f.slabs}
}

// run reads reports to the end of the input.
func (f *feedback) run() error {
	for {
		var err error
		switch f.s.next() {
		case startTag:
			err = f.start()
		case endTag:
			err = f.close()
		case atEnd:
			return f.finish()
		}
		if err != nil {
			return err
		}
	}
}

// start opens an element.
func (f *feedback) start() error {
	if len(f.open) == maxNested {
		if !f.s.empty {
			f.deep++
		}
		f.s.fault(TooDeep, nil, true)
		return nil
	}
	if err := f.implied(); err != nil {
		return err
	}
	parent := nodeRoot
	if n := len(f.open); n > 0 {
		parent = f.open[n-1].node
	}
	if parent != nodeIgnored && isFeedback(f.s.name) {
		if err := f.again(parent); err != nil {
			return err
		}
		parent = nodeRoot
	}
	l := f.level(parent)
	f.begin(l.node)
	f.open = append(f.open, l)
	if f.s.empty {
		f.s.text = nil
		return f.pop()
	}
	return nil
}

// level is what the start tag opens within a node.
func (f *feedback) level(parent node) level {
	e := within(parent, f.s.name)
	switch {
	case e == nil:
		l := level{node: nodeUnknown, name: f.names.get(f.s.name)}
		switch {
		case parent == nodeIgnored, f.s.other && parent == nodeRecord: // an extension (RFC 9990, contents of "record")
			l.node = nodeIgnored
		case parent < nodeUnknown && parent != nodeRoot:
			f.s.fault(UnknownElement, f.s.name, false)
		}
		return l
	case f.has[e.node] && (e.node == nodeMetadata || e.node == nodePolicy):
		f.s.fault(Repeated, []byte(e.name), false)
		return level{node: nodeIgnored, name: e.name}
	case e.node == nodeLeaf:
		return level{nodeLeaf, e.name, e}
	}
	return level{node: e.node, name: e.name}
}

// implied ends what has no end tag, where the start tag cannot stand in it: a text before the next element, whatever is open
// before the next record.
func (f *feedback) implied() error {
	n := len(f.open)
	if n > 1 && f.open[n-1].node == nodeLeaf && within(f.open[n-2].node, f.s.name) != nil {
		f.s.fault(BadXML, []byte(f.open[n-1].name), false)
		return f.pop()
	}
	if string(f.s.name) != "record" {
		return nil
	}
	at := slices.IndexFunc(f.open, func(l level) bool { return l.node == nodeFeedback }) + 1
	if at == 0 || at == n || slices.ContainsFunc(f.open[at:], func(l level) bool { return l.node == nodeIgnored }) {
		return nil
	}
	f.s.fault(BadXML, []byte(f.open[at].name), false)
	for len(f.open) > at {
		if err := f.pop(); err != nil {
			return err
		}
	}
	return nil
}

func isFeedback(name []byte) bool {
	return len(name) == 8 && strings.EqualFold(string(name), "feedback")
}

// again ends the report before, whose end may be missing, and tells what stands around the new one.
func (f *feedback) again(parent node) error {
	if parent == nodeUnknown {
		f.s.fault(UnknownElement, []byte(f.open[len(f.open)-1].name), false)
	}
	return f.finish()
}

// begin makes ready for what stands within a node.
func (f *feedback) begin(n node) {
	switch n {
	case nodeFeedback:
		f.found = true
		f.head.Namespace = attribute(f.s.attrs, "xmlns")
	case nodeRecord:
		f.row, f.counted = Row{}, false
		f.reasons, f.dkims, f.spfs = f.reasons[:0], f.dkims[:0], f.spfs[:0]
	case nodeReason:
		f.reason = Override{}
	case nodeDKIM:
		f.dkim = DKIMResult{}
	case nodeSPF:
		f.spf = SPFResult{}
	}
	f.has[n] = true
}
