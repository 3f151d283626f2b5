package check

// SMTPFacts is what the servers said that take a domain's mail.
type SMTPFacts struct {
	Hosts   []SMTPHost `json:"hosts"`
	Reached bool       `json:"reached"` // one of them at least
	Vantage string     `json:"vantage"` // what is wrong with our own view, or ""
}

// SMTPHost is a visit to one address of one host.
type SMTPHost struct {
	Host      string     `json:"host"`
	Address   string     `json:"address"`
	Banner    string     `json:"banner"`
	EHLO      []string   `json:"ehlo"`
	STARTTLS  bool       `json:"starttls"`
	TLS       *SMTPTLS   `json:"tls"` // null without
	Verified  bool       `json:"verified"`
	Stage     string     `json:"stage"` // how far it got
	Reply     string     `json:"reply"` // the last one
	Error     string     `json:"error"` // why there was no reply, or ""
	Rcpt      []SMTPRcpt `json:"rcpt"`
	ElapsedMS int64      `json:"elapsed_ms"`
}

// SMTPTLS is the encryption with a host.
type SMTPTLS struct {
	Version  string   `json:"version"`
	Cipher   string   `json:"cipher"`
	Names    []string `json:"certificate_names"`
	Expires  string   `json:"expires"`
	Verified bool     `json:"verified"`
	Problem  string   `json:"problem"`
}

// SMTPRcpt is what a host says to a recipient.
type SMTPRcpt struct {
	To     string `json:"to"`
	Reply  string `json:"reply"`
	Reason string `json:"reason"` // of codes
}

// IsFacts marks the type.
func (*SMTPFacts) IsFacts() {}
