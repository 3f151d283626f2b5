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
	monthly    int     // how many sent much twice or more, a month apart
	ends       [2]int32
}

// crowdOf looks at all heaps together. ends are the first and the last day with reports.
func crowdOf(heaps map[string]*heap, ends [2]int32) crowd {
	c := crowd{ends: ends}
	for _, h := range heaps {
		r := h.rhythm(ends)
		if r.byCalendar() {
			c.byCalendar++
		}
		if h.op.Role == provider.ESP || h.proven && h.named || len(h.addresses) > fewAddresses {
			continue
		}
		if r.fresh {
			c.fresh++
		}
		if r.monthly(h) {
			c.monthly++
		}
		c.mails = append(c.mails, h.mails)
	}
	slices.Sort(c.mails)
	return c
}

// outstanding is how many times as much as a usual source of the crowd one sends that is none of it.
const outstanding = 3

// standsOut reports whether the mails of a source are not those of one address of many. Those that stand out may be many again:
// several forgers are at work.
func (c *crowd) standsOut(h *heap) bool {
	list := c.mails
	for len(list) > manyAddresses {
		usual := list[(len(list)-fewAddresses)*3/4] // a quarter of them is at most that busy, and few servers besides
		if h.mails/outstanding < usual {
			return false
		}
		i, _ := slices.BinarySearchFunc(list, usual, func(n, usual int64) int {
			if n/outstanding < usual {
				return -1
			}
			return 1
		})
		list = list[i:]
	}
	return true
}

// judge judges the mails of one operator, to which nothing ties the domain.
func (c *crowd) judge(h *heap) (_ Class, perhaps bool, why ReasonID) {
	r := h.rhythm(c.ends)
	often := r.regular || r.months >= 2
	switch {
	case h.apart:
		return Unknown, often || r.fresh, ServiceUnsigned
	case h.op.Role == provider.ESP && often:
		return Unknown, true, ServiceRegular
	case h.op.Role == provider.ESP && r.fresh:
		return Unknown, true, BeganLately
	case h.op.Role == provider.ESP:
		return Unknown, false, ServiceOnce
	case h.proven && (h.named || len(h.addresses) <= manyAddresses && c.standsOut(h)):
		if why := r.ofOther(h); why != "" {
			return Unknown, why != OtherOnce, why
		}
	}
	if why := c.server(h, r); why != "" {
		if len(c.mails) > manyAddresses && h.mails < burstMails { // of many, some come regularly by chance
			return Unknown, false, TooFew
		}
		return Unknown, true, why
	}
	return Forger, false, NoTie
}

// ofOther is why somebody who passes under a name of its own is no forger; "" where nothing tells so.
func (r *rhythm) ofOther(h *heap) ReasonID {
	switch {
	case r.fresh:
		return BeganLately
	case r.regular && (r.days > 3 || r.months >= 3):
		return OtherRegular
	case h.named && (r.span > 3 || h.mails < burstMails):
		return OtherOnce
	}
	return ""
}

// server is why few addresses may be servers of ours; "" where nothing tells so.
func (c *crowd) server(h *heap, r rhythm) ReasonID {
	switch {
	case len(h.addresses) > fewAddresses || !c.standsOut(h):
		return ""
	case r.regular && (r.often || r.byCalendar() && c.byCalendar <= fewAddresses):
		return ServerRegular
	case r.monthly(h) && c.monthly <= fewAddresses:
		return ServerRegular
	case r.fresh && c.fresh <= fewAddresses:
		return BeganLately
	}
	return ""
}
