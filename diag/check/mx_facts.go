package check

// MXFacts is how mail to the domain is routed (RFC 5321 §5.1).
type MXFacts struct {
	Hosts    []MXHost `json:"hosts"` // by preference
	NullMX   bool     `json:"null_mx"`
	Implicit bool     `json:"implicit"` // no MX: the domain's own address
	Provider string   `json:"provider"` // who runs the mail hosts, "" when unknown
	TTL      uint32   `json:"ttl"`
}

// MXHost is one host that takes mail.
type MXHost struct {
	Host       string   `json:"host"`
	Preference int      `json:"preference"`
	Addresses  []string `json:"addresses"`
}

// IsFacts marks the type.
func (*MXFacts) IsFacts() {}
