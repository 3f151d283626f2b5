package diag

import (
	"fmt"

	"todoku/codes"
	"todoku/diag/resolve"
)

// KindBounded is the kind of a Bounded.
const KindBounded resolve.Kind = "bounded"

// Bounded says that a bound of ours was reached: what was left out is unknown,
// and nothing need be wrong with it.
type Bounded struct {
	Domain string     // whose
	Type   string     // of the check: "MX", "SPF"
	What   codes.Text // in the plural: "MX hosts"
	Limit  int        // how many are looked at
	Left   int        // how many were not; 0: nobody knows
}

// Beyond is a Bounded where something was left out, else nil.
func Beyond(domain, kind string, what codes.Text, limit, left int) error {
	if left <= 0 {
		return nil
	}
	return &Bounded{domain, kind, what, limit, left}
}

func (b *Bounded) Error() string { return b.Says().EN }

// Says is the error in words.
func (b *Bounded) Says() codes.Text {
	if b.Left == 0 {
		return codes.Text{EN: fmt.Sprintf("%d %s at most are looked at, and there are more", b.Limit, b.What.EN), JA: fmt.Sprintf("%sの確認は%d件までで、それを超えています", b.What.JA, b.Limit)}
	}
	return codes.Text{EN: fmt.Sprintf("%d %s at most are looked at, %d more were left out", b.Limit, b.What.EN, b.Left), JA: fmt.Sprintf("%sの確認は%d件までのため、残りの%d件は確認していません", b.What.JA, b.Limit, b.Left)}
}
