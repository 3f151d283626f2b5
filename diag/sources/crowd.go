package sources

import (
	"slices"

	"todoku/diag/provider"
)

// crowd is what is known of all sources together that nothing but themselves tells of. Where they are many, one forger with many
// addresses is at work; the days of some of his addresses look regular, by chance or because all of them send every day.
type crowd struct {
	mails      []int64 // of each, the smallest first
	byCalendar int     // how many send by the week or the month
	fresh      int     // how many began lately
}

// crowdOf looks at all heaps together.
func (w *work) crowdOf(heaps map[string]*heap) (c crowd) {
	for _, h := range heaps {
		r := w.rhythmOf(h)
		if r.byCalendar() {
			c.byCalendar++
		}
		if h.op.Role == provider.ESP || h.proven && h.named || len(h.addresses) > fewAddresses {
			continue
		}
		if r.fresh {
			c.fresh++
		}
		c.mails = append(c.mails, h.mails)
	}
	slices.Sort(c.mails)
	return c
}

// outstanding is how many times the mails of a usual source of the crowd one sends that is none of it.
const outstanding = 5

// standsOut reports whether the mails of a source are not those of one address of many.
func (c *crowd) standsOut(h *heap) bool {
	n := len(c.mails)
	return n <= manyAddresses || h.mails/outstanding >= c.mails[n/2]
}
