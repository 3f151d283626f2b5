package dmarc

// AuthResult is what SPF or one DKIM signature said, and for which domain.
type AuthResult struct {
	Result string // the RFC's word: pass, fail, softfail, none, …
	Domain string // SPF: the MAIL FROM or HELO domain; DKIM: d=
}

// Input is what DMARC is evaluated on.
type Input struct {
	From string       // the whole value of the From header field
	SPF  []AuthResult // at most one in practice
	DKIM []AuthResult
}
