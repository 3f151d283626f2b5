package check

// DKIMFacts is what the DKIM check saw of a domain's keys (RFC 6376 §3.6).
type DKIMFacts struct {
	Selectors []DKIMSelector `json:"selectors"`
	Probed    int            `json:"probed"` // selectors asked for
}

// DKIMSelector is one key record that was found.
type DKIMSelector struct {
	Selector string   `json:"selector"`
	Domain   string   `json:"domain"`
	Source   string   `json:"source"` // "given", "well-known", "provider:NAME"
	KeyType  string   `json:"key_type"`
	KeyBits  int      `json:"key_bits"`
	Flags    []string `json:"flags"`
	Revoked  bool     `json:"revoked"`
	Testing  bool     `json:"testing"`
	CNAME    string   `json:"cname"` // last name of the alias chain, or ""
	Provider string   `json:"provider"`
	Record   string   `json:"record"`
	TTL      uint32   `json:"ttl"`
}

// IsFacts marks the type.
func (*DKIMFacts) IsFacts() {}
