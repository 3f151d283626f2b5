package resolve

import (
	"fmt"

	"todoku/codes"
)

// InputError is what the user can mend: in the address of a server, in a zone
// file. It never holds a secret.
type InputError struct {
	Place        string // "new.zone:12", or empty
	Says, Remedy codes.Text
}

func (e *InputError) Error() string {
	if e.Place == "" {
		return e.Says.EN
	}
	return e.Place + ": " + e.Says.EN
}

// sayf fills both languages of a text with the same values.
func sayf(t codes.Text, args ...any) codes.Text {
	return codes.Text{EN: fmt.Sprintf(t.EN, args...), JA: fmt.Sprintf(t.JA, args...)}
}
