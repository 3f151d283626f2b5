package check

// PTRFacts is the reverse DNS of the addresses that matter.
type PTRFacts struct {
	Addresses []PTRAddress `json:"addresses"`
}

// PTRAddress is the reverse DNS of one address (RFC 1912 §2.1).
type PTRAddress struct {
	Address   string   `json:"address"`
	Source    string   `json:"source"` // "ip" (a sending address) or the MX host
	Names     []string `json:"names"`
	Confirmed []string `json:"confirmed"` // names whose addresses hold this one
}

// IsFacts marks the type.
func (*PTRFacts) IsFacts() {}
