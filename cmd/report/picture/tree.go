package picture

import (
	"html/template"
	"strconv"

	"todoku/codes"
)

// Term is a term of an SPF record that asks DNS, with the terms of the record that it names.
type Term struct {
	Text  string // as written
	Count int    // look-ups up to and including this term and all below it
	Note  string // what is wrong with it, else ""
	Below []Term
}

const (
	maxTerms = 60 // as many as the text shows
	maxDepth = 8  // deeper terms stand below each other
	indent   = 14
)

// Lookups draws the look-ups of an SPF record in the order in which receivers make them, and marks where they pass the limit
// (RFC 7208 §4.6.4). total counts them all, also what the terms leave out.
func Lookups(domain string, terms []Term, total, limit int, lang codes.Lang) template.HTML {
	d := &tree{sketch: begin(codes.Text{EN: "DNS look-ups of SPF, in their order", JA: "SPFのDNS参照(参照する順)"}, lang), limit: limit}
	all, most := strconv.Itoa(total), strconv.Itoa(limit)
	count := d.say(all+" look-ups, limit "+most, "参照"+all+"回(上限"+most+"回)")
	class := ""
	if total > limit {
		class = "fail"
	}
	d.tell(shown(domain)+":", count)
	d.dot(6, rowHeight/2, 4, class)
	d.name(indent+4, baseline, d.right(baseline, class, count), "strong", domain)
	d.rows = 1
	d.terms(terms, 0, 0)
	if d.left > 0 {
		d.write(indent, d.top()+baseline, 0, "soft", d.more(d.left))
		d.tell(d.more(d.left))
		d.rows++
	}
	d.Height = d.top()
	return d.end()
}

type tree struct {
	*sketch
	limit, rows int
	count       int // look-ups before the next term
	left        int // terms without a row
	marked      bool
}

func (d *tree) top() int { return d.rows * rowHeight }

// terms draws the terms of a record that is named in a row.
func (d *tree) terms(list []Term, depth, above int) {
	for i := range list {
		t := &list[i]
		if d.rows > maxTerms {
			d.left += size(list[i:])
			return
		}
		at := d.count + 1
		if len(t.Below) == 0 {
			at = max(t.Count, d.count)
		}
		if at > d.limit && !d.marked {
			d.mark()
		}
		row := d.rows
		d.row(t, at, depth, above)
		d.count = at
		d.terms(t.Below, depth+1, row)
		d.count = max(t.Count, d.count)
	}
}

// size is how many terms there are.
func size(list []Term) int {
	n := len(list)
	for i := range list {
		n += size(list[i].Below)
	}
	return n
}

// mark draws the line that says that the limit is passed.
func (d *tree) mark() {
	d.marked = true
	most := strconv.Itoa(d.limit)
	words := d.say("limit of "+most+": receivers stop here", "上限"+most+"回: 受信側はここで評価を中止")
	y := d.top() + rowHeight/2
	d.line("0", y-rowHeight/2+2, "100%", y-rowHeight/2+2, "dash fail")
	d.write(indent, d.top()+baseline+2, 0, "fail", words)
	d.tell(words)
	d.rows++
}

// row draws one term; at is the number of its look-up.
func (d *tree) row(t *Term, at, depth, above int) {
	x, y := indent*(1+min(depth, maxDepth)), d.top()
	class := ""
	if at > d.limit {
		class = "fail"
	}
	d.line(px(x-8), above*rowHeight+rowHeight-4, px(x-8), y+rowHeight/2, "link")
	d.line(px(x-8), y+rowHeight/2, px(x-2), y+rowHeight/2, "link")
	words := shown(t.Text)
	taken := d.right(y+baseline, class, strconv.Itoa(at))
	if t.Note != "" {
		words += " (" + shown(t.Note) + ")"
		if class == "" {
			class = "warn"
		}
	}
	d.write(x, y+baseline, taken, class, words)
	d.tell(words, strconv.Itoa(at))
	d.rows++
}
