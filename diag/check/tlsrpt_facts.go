package check

import (
	"strings"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/tlsrpt"
)

// TLSRPTFacts is what was seen of TLS-RPT.
type TLSRPTFacts struct {
	Record  string              `json:"record"`
	RUA     []string            `json:"rua"`
	Reports []TLSRPTDestination `json:"reports"` // of a record that senders read
}

// TLSRPTDestination is a place where reports go.
type TLSRPTDestination struct {
	URI      string `json:"uri"`
	Domain   string `json:"domain"`   // of the mail address, or the web server
	Receives string `json:"receives"` // "yes", "no", "unknown": it takes mail, or the web server exists
}

// Looked reports whether there was a record to look at.
func (f *TLSRPTFacts) Looked() bool { return f.Record != "" }

func (f *TLSRPTFacts) take(r *tlsrpt.Record) {
	f.Record = r.Text
	for _, u := range r.RUA {
		f.RUA = append(f.RUA, u.Text)
	}
}

// Lines shows where reports go.
func (f *TLSRPTFacts) Lines() []diag.Line {
	switch {
	case f.Record == "":
		return []diag.Line{diag.NoRecord()}
	case len(f.RUA) == 0:
		return []diag.Line{diag.Say(codes.Text{EN: "record without a destination that can be read", JA: "レコードあり(読み取れる送信先なし)"})}
	}
	uris := make([]string, 0, len(f.RUA))
	for _, u := range f.RUA[:min(len(f.RUA), 4)] {
		uris = append(uris, beginning(u))
	}
	l := diag.Show("rua {uris}", codes.Str("uris", strings.Join(uris, " ")))
	if more := len(f.RUA) - len(uris); more > 0 {
		l = l.AndShow(" … (+{n})", codes.Num("n", more))
	}
	return []diag.Line{l}
}
