package check

import (
	"todoku/codes"
	"todoku/diag"
)

// AddressFacts is the recipient's address.
type AddressFacts struct {
	Address    string `json:"address"`
	Local      string `json:"local"`
	Domain     string `json:"domain"`
	Suggestion string `json:"suggestion"` // what was probably meant, or ""
}

// Lines shows the address.
func (f *AddressFacts) Lines() []diag.Line {
	return []diag.Line{diag.Show("{address}", codes.Str("address", f.Address))}
}
