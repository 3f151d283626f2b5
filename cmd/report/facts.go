package report

import (
	"strings"

	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/spf"
)

// seen is one line of what a check saw.
type seen struct {
	text   string
	indent int
}

// facts puts what a check saw into lines; there is always one.
func (t *text) facts(res diag.Result) []seen {
	var out []seen
	switch f := res.Facts.(type) {
	case *check.SPFFacts:
		out = t.spf(f)
	case *check.DKIMFacts:
		out = t.dkim(f, res.Err != nil, len(res.Findings) > 0 && res.Status() == diag.Fail)
	case *check.DMARCFacts:
		out = t.dmarc(f)
	case *check.MXFacts:
		out = t.mx(f)
	case *check.PTRFacts:
		if len(f.Addresses) > 0 || res.Err == nil {
			out = t.ptr(f)
		}
	}
	switch f := res.Facts.(type) {
	case *check.AddressFacts:
		out = []seen{{text: shown(f.Address)}}
	case *check.SMTPFacts:
		if len(f.Hosts) > 0 || res.Err == nil {
			out = t.smtp(f)
		}
	}
	switch {
	case len(out) > 0:
	case res.Err != nil:
		out = []seen{{text: t.say(wFailed)}}
	default:
		out = []seen{{text: t.say(wNoRecord)}}
	}
	return out
}

func (t *text) spf(f *check.SPFFacts) []seen {
	if f.Record == "" && len(f.Evaluations) == 0 {
		return nil
	}
	if f.Record == "" {
		return t.evaluations([]seen{{text: t.say(wNoRecord)}}, f)
	}
	out := t.evaluations([]seen{{text: shown(f.Record)}, {text: t.say(wLookups, diag.Num("n", f.Lookups), diag.Num("limit", spf.MaxLookups))}}, f)
	if len(f.Services) > 0 {
		out = append(out, seen{text: t.say(wServices, diag.List("names", f.Services))})
	}
	if f.Lookups > spf.MaxLookups || len(f.Evaluations) > 0 {
		out = t.trees(out, f.Tree)
	}
	if len(f.Cheaper) > 0 {
		out = append(out, seen{text: t.say(wCheaper)})
		for _, s := range f.Cheaper {
			out = append(out, seen{text: t.say(wCheaperStep, diag.Str("action", actionText(s.Action).In(t.o.Lang)), diag.Str("term", shown(s.Term)), diag.Num("n", s.Saves)), indent: 2})
		}
	}
	return out
}

func (t *text) evaluations(out []seen, f *check.SPFFacts) []seen {
	for _, e := range f.Evaluations {
		line := e.IP + "  " + t.say(wBy, diag.Str("result", e.Result), diag.Str("mechanism", e.Mechanism), diag.Str("domain", e.Domain))
		if e.Mechanism == "" {
			line = e.IP + "  " + e.Result
		}
		out = append(out, seen{text: shown(line)})
		if e.Explanation != "" {
			out = append(out, seen{text: "“" + shown(e.Explanation) + "”", indent: 2})
		}
		if e.Problem != "" {
			out = append(out, seen{text: shown(e.Problem), indent: 2})
		}
	}
	return out
}

// maxTree bounds the lines of one tree.
const maxTree = 60

// trees draws the tree under a head for its column of numbers.
func (t *text) trees(out []seen, nodes []*spf.Node) []seen {
	if len(nodes) == 0 {
		return out
	}
	total := t.say(wRunning)
	out = append(out, seen{text: strings.Repeat(" ", max(0, t.treeWidth(2)+4-t.page.StringWidth(total))) + total, indent: 2})
	lines := t.tree(nil, nodes, 2)
	more := len(lines) - maxTree
	out = append(out, lines[:min(len(lines), maxTree)]...)
	if more > 0 {
		out = append(out, seen{text: t.say(wMore, diag.Num("n", more)), indent: 2})
	}
	return out
}

func (t *text) treeWidth(indent int) int { return max(t.page.Width-saidColumn-indent-20, 24) }

// tree draws the terms that cost a look-up, with the running total.
func (t *text) tree(out []seen, nodes []*spf.Node, indent int) []seen {
	for _, n := range nodes {
		mark := ""
		if n.Result != "ok" && n.Result != "" {
			mark = "  " + n.Result
		}
		name := shown(n.Term)
		out = append(out, seen{text: t.page.Pad(name, t.treeWidth(indent)) + " " + leftPad(number(n.Running), 3) + mark, indent: indent})
		out = t.tree(out, n.Children, indent+2)
	}
	return out
}

func leftPad(s string, width int) string { return strings.Repeat(" ", max(0, width-len(s))) + s }

// dkim lists the keys. Without any, the findings say what was probed; a
// selector would help unless one was given and failed.
func (t *text) dkim(f *check.DKIMFacts, incomplete, failed bool) []seen {
	switch {
	case len(f.Selectors) == 0 && incomplete:
		return nil
	case len(f.Selectors) == 0 && !failed:
		return []seen{{text: t.say(wNoSelector)}}
	}
	out := []seen{{text: t.say(wFound, diag.Num("n", len(f.Selectors)), diag.Num("m", f.Probed))}}
	for _, s := range f.Selectors {
		parts := []string{s.Selector, s.KeyType}
		if s.KeyBits > 0 {
			parts = append(parts, t.say(wBits, diag.Num("n", s.KeyBits)))
		}
		if s.Revoked {
			parts = append(parts, t.say(wRevoked))
		}
		if s.Testing {
			parts = append(parts, t.say(wTesting))
		}
		if s.CNAME != "" {
			parts = append(parts, "→ "+s.CNAME)
		}
		if s.Provider != "" {
			parts = append(parts, "("+s.Provider+")")
		}
		out = append(out, seen{text: shown(strings.Join(parts, "  ")), indent: 2})
	}
	return out
}

func (t *text) dmarc(f *check.DMARCFacts) []seen {
	var out []seen
	switch {
	case f.Record != "":
		out = append(out, seen{text: shown(f.Record)})
	case f.Result == "":
		return nil
	}
	if f.Domain != "" && len(f.Walk) > 0 && f.Walk[0].Status != "record" {
		out = append(out, seen{text: t.say(wFrom, diag.Str("domain", shown(f.Domain)))})
	}
	if f.Result == "" {
		return out
	}
	align := map[bool]word{true: wAligned, false: wUnaligned}
	out = append(out, seen{text: shown("From " + f.From + " → DMARC " + f.Result)},
		seen{text: "SPF: " + t.say(align[f.SPFAligned]) + " · DKIM: " + t.say(align[f.DKIMAligned])})
	if f.AppliedPolicy != "" {
		out = append(out, seen{text: t.say(wApplied, diag.Str("policy", f.AppliedPolicy))})
	}
	for _, q := range f.Walk {
		out = append(out, seen{text: shown(q.Name + "  " + q.Status), indent: 2})
	}
	return out
}

// maxHosts bounds the lists of hosts and addresses.
const maxHosts = 12

func (t *text) mx(f *check.MXFacts) []seen {
	var out []seen
	switch {
	case f.NullMX:
		out = append(out, seen{text: t.say(wNullMX)})
	case f.Implicit:
		out = append(out, seen{text: t.say(wImplicit)})
	}
	for i, h := range f.Hosts {
		if i == maxHosts {
			out = append(out, seen{text: t.say(wMore, diag.Num("n", len(f.Hosts)-i))})
			break
		}
		line := h.Host
		if !f.Implicit {
			line = number(h.Preference) + " " + h.Host
		}
		out = append(out, seen{text: shown(line + "  " + strings.Join(h.Addresses, " "))})
	}
	if f.Provider != "" {
		out = append(out, seen{text: t.say(wProvider, diag.Str("name", f.Provider))})
	}
	return out
}

func (t *text) ptr(f *check.PTRFacts) []seen {
	if len(f.Addresses) == 0 {
		return []seen{{text: t.say(wNoAddress)}}
	}
	var out []seen
	for i, a := range f.Addresses {
		if i == maxHosts {
			out = append(out, seen{text: t.say(wMore, diag.Num("n", len(f.Addresses)-i))})
			break
		}
		line := a.Address + " "
		switch {
		case len(a.Confirmed) > 0:
			line += "→ " + a.Confirmed[0] + " ✓"
		case len(a.Names) > 0:
			line += "→ " + a.Names[0] + " " + "(" + t.say(wUnconfirmed) + ")"
		default:
			line += "(" + t.say(wNoName) + ")"
		}
		out = append(out, seen{text: shown(line)})
	}
	return out
}
