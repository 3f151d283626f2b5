package check

// AddressFacts is the recipient's address.
type AddressFacts struct {
	Address    string `json:"address"`
	Local      string `json:"local"`
	Domain     string `json:"domain"`
	Suggestion string `json:"suggestion"` // what was probably meant, or ""
}

// IsFacts marks the type.
func (*AddressFacts) IsFacts() {}
