package history

import (
	"strings"
	"time"

	"todoku/codes"
)

// Validity is the flag 「有効フラグ」 of an address.
type Validity struct {
	Address     string    `json:"address"` // as it was last written
	Valid       bool      `json:"valid"`
	Errors      int       `json:"errors"`                  // in a row
	Code        string    `json:"delivery_code,omitempty"` // of the last error
	Changed     time.Time `json:"changed,omitzero"`        // when the flag last changed
	Revalidated time.Time `json:"revalidated,omitzero"`
	Note        string    `json:"note,omitempty"` // of the revalidation
}

// errorsInRow make an address invalid.
const errorsInRow = 3

// effect is what a result does to the row of errors of its address.
type effect int

const (
	nothing effect = iota
	resets
	counts
	invalidates
)

// effectOf holds the rules. Our own troubles say nothing about the address.
func effectOf(r Result, code string, own bool) effect {
	switch {
	case r == OK, code == codes.DeliveryNoReply: // no answer after DATA counts as delivered
		return resets
	case own, r != Failed:
		return nothing
	case code == "42521", code == "42551", code == "42553":
		return invalidates
	}
	return counts
}

// after is the flag once a sending has ended. A success does not make an
// invalid address valid again: that is for Revalidate, after the cause was mended.
func (v Validity) after(e effect, code string, at time.Time) Validity {
	switch e {
	case resets:
		v.Errors = 0
		return v
	case counts, invalidates:
		v.Errors++
	default:
		return v
	}
	v.Code = code
	if v.Valid && (e == invalidates || v.Errors >= errorsInRow) {
		v.Valid, v.Changed = false, at
	}
	return v
}

// Key is the address in lower case and without spaces around it: the same for all spellings of one address.
func Key(addr string) string { return strings.ToLower(strings.TrimSpace(addr)) }

func domainOf(addr string) string {
	k := Key(addr)
	return strings.TrimSuffix(k[strings.LastIndexByte(k, '@')+1:], ".")
}
