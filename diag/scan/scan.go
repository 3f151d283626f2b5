// Package scan asks spam filters that the user runs, SpamAssassin and Rspamd, about a mail, over their own protocols. It gives what
// they say, as they say it: there is no score of ours.
package scan

import (
	"cmp"
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"time"
)

// Result is what a filter says of a mail.
type Result struct {
	Scanner   string   `json:"scanner"` // "spamassassin", "rspamd"
	Spam      bool     `json:"spam"`    // by the filter's own threshold
	Score     float64  `json:"score"`
	Threshold float64  `json:"threshold"`
	Action    string   `json:"action"`  // of Rspamd: "no action", "add header", "reject" …
	Symbols   []Symbol `json:"symbols"` // the heaviest first
	More      int      `json:"more"`    // symbols beyond the bound
}

// Symbol is one rule of the filter that the mail meets.
type Symbol struct {
	Name   string  `json:"name"`
	Score  float64 `json:"score"`
	Says   string  `json:"says"` // in the words of the filter
	Detail string  `json:"detail"`
}

// ErrAnswer is an answer that is not in the protocol of the filter.
var ErrAnswer = errors.New("the answer is not one of this filter")

// Dial opens a connection; it is that of the world.
type Dial func(ctx context.Context, network, address string) (net.Conn, error)

// Bounds of one question.
const (
	patience   = 60 * time.Second
	maxAnswer  = 1 << 20 // octets
	maxSymbols = 300
	maxWords   = 300 // octets of a text of the filter
)

// settle puts the symbols into their order and bounds them.
func (r *Result) settle() {
	slices.SortFunc(r.Symbols, func(a, b Symbol) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.Name, b.Name))
	})
	if n := len(r.Symbols); n > maxSymbols {
		r.Symbols, r.More = r.Symbols[:maxSymbols], n-maxSymbols
	}
	if r.Symbols == nil {
		r.Symbols = []Symbol{}
	}
}

// bounded is the beginning of a text of the filter.
func bounded(s string) string {
	s = strings.ToValidUTF8(strings.TrimSpace(s), "\uFFFD")
	if len(s) > maxWords {
		s = strings.ToValidUTF8(s[:maxWords], "")
	}
	return s
}
