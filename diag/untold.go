package diag

import (
	"todoku/codes"
	"todoku/diag/resolve"
)

// KindUntold is the kind of an Untold.
const KindUntold resolve.Kind = "untold"

// Untold says that a result depends on something that nobody told us. It is never made up.
type Untold struct {
	Domain string     // whose
	Type   string     // of the check: "SPF"
	What   codes.Text // what it is, and how to tell it
}

func (u *Untold) Error() string { return u.Says().EN }

// Says is the error in words.
func (u *Untold) Says() codes.Text {
	return codes.Text{EN: "the result depends on " + u.What.EN, JA: "結果を左右するのは、" + u.What.JA}
}
