package check

import (
	"todoku/codes"
	"todoku/diag"
)

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

// Looked reports whether there was an address to look at.
func (f *PTRFacts) Looked() bool { return len(f.Addresses) > 0 }

// Lines shows each address with its name, and whether that leads back.
func (f *PTRFacts) Lines() []diag.Line {
	if len(f.Addresses) == 0 {
		return []diag.Line{diag.None(codes.Text{EN: "no address to look at; give the sending ones with --ip ADDR",
			JA: "確認するアドレスがありません。送信元IPアドレスは --ip ADDR で指定してください"})}
	}
	var out []diag.Line
	for i, a := range f.Addresses {
		if i == maxHosts {
			out = append(out, diag.More(len(f.Addresses)-i))
			break
		}
		out = append(out, a.line())
	}
	return out
}

func (a PTRAddress) line() diag.Line {
	l := diag.Show("{address} ", codes.Str("address", a.Address))
	switch {
	case len(a.Confirmed) > 0:
		return l.AndShow("→ {name} ✓", codes.Str("name", a.Confirmed[0]))
	case len(a.Names) > 1:
		return l.And(codes.Text{EN: "→ {name} and {n} more (no name looked at points back)", JA: "→ {name} ほか{n}件(確認した名前はいずれも正引きが一致しません)"},
			codes.Str("name", a.Names[0]), codes.Num("n", len(a.Names)-1))
	case len(a.Names) > 0:
		return l.And(codes.Text{EN: "→ {name} (does not point back)", JA: "→ {name} (正引きが一致しません)"}, codes.Str("name", a.Names[0]))
	}
	return l.And(codes.Text{EN: "(no name)", JA: "(逆引きなし)"})
}
