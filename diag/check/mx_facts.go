package check

import (
	"strings"

	"todoku/codes"
	"todoku/diag"
)

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

// maxHosts bounds the hosts and addresses of a list that people read.
const maxHosts = 12

// Lines shows where mail goes, and who runs that.
func (f *MXFacts) Lines() []diag.Line {
	var out []diag.Line
	switch {
	case f.NullMX:
		out = append(out, diag.Say(codes.Text{EN: "null MX: takes no mail", JA: "null MX: メールを受信しません"}))
	case f.Implicit:
		out = append(out, diag.Say(codes.Text{EN: "no MX record: the domain's own address", JA: "MXレコードなし: ドメイン自身のアドレス"}))
	case len(f.Hosts) == 0:
		out = append(out, diag.NoRecord())
	}
	for i, h := range f.Hosts {
		if i == maxHosts {
			out = append(out, diag.More(len(f.Hosts)-i))
			break
		}
		line := "{preference} {host}  {addresses}"
		if f.Implicit {
			line = "{host}  {addresses}"
		}
		out = append(out, diag.Show(line, codes.Num("preference", h.Preference), codes.Str("host", h.Host),
			codes.Str("addresses", strings.Join(h.Addresses, " "))))
	}
	if f.Provider != "" {
		out = append(out, diag.Say(codes.Text{EN: "run by {name}", JA: "運用: {name}"}, codes.Str("name", f.Provider)))
	}
	return out
}
