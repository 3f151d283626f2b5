package event

import (
	"strings"

	"todoku/codes"
	"todoku/sender/mail"
)

// Judge says what events mean. It is not safe for concurrent use.
type Judge struct {
	codes      *codes.Catalogue
	providerOf func(domain string) string
}

// NewJudge makes a judge. providerOf gives the id of the provider that keeps the mailboxes of a domain, "" where none is
// known; it is asked where the server's name tells none.
func NewJudge(c *codes.Catalogue, providerOf func(domain string) string) *Judge {
	return &Judge{codes: c, providerOf: providerOf}
}

// Judge fills in Verdict and Provider.
func (j *Judge) Judge(e *Event) {
	if e.Action.Trouble() {
		v := j.codes.Classify(e.Reply, codes.Context{Host: e.RemoteMTA, Stage: e.Stage, Event: e.End})
		e.Verdict, e.Provider = &v, v.Provider
	}
	if e.Provider == "" {
		if a, err := mail.ParseAddress("", e.Recipient); err == nil {
			e.Provider = j.providerOf(strings.ToLower(a.Domain()))
		}
	}
}
