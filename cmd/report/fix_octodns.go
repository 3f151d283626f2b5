package report

import (
	"fmt"
	"slices"
	"strings"

	"todoku/codes"
	"todoku/diag/fix"
)

// fixOctoDNS writes what the YAML files of octoDNS get, a document for each zone: its names, each with its record sets.
func fixOctoDNS(f Fix, l codes.Lang) string {
	var b strings.Builder
	commented(&b, "#", fixHead(f, l))
	for _, zone := range f.zones() {
		b.WriteString("---\n")
		commented(&b, "#", fmt.Sprintf(codes.Text{EN: "for %s.yaml: other types of a name stay as they are", JA: "%s.yaml 用(同じ名前の他の種別は、そのまま残してください)"}.In(l), zone))
		names := 0
		changes := f.in(zone)
		for i, c := range changes {
			if slices.ContainsFunc(changes[:i], func(o fix.Change) bool { return o.Name == c.Name }) {
				continue
			}
			same := slices.DeleteFunc(slices.Clone(changes), func(o fix.Change) bool { return o.Name != c.Name || !octoDNSTakes(o) })
			if len(same) > 0 {
				names++
				octoDNSName(&b, zone, same, l)
			}
		}
		if names == 0 {
			b.WriteString("{}\n")
		}
	}
	if notes := FixNotes(f, l); len(notes) > 0 {
		commented(&b, "#", notes...)
	}
	return b.String()
}

// octoDNSName writes the sets of a name.
func octoDNSName(b *strings.Builder, zone string, sets []fix.Change, l codes.Lang) {
	name := strings.TrimSuffix(strings.TrimSuffix(sets[0].Name, zone), ".")
	b.WriteString(octoDNSText(name) + ":\n")
	for _, c := range sets {
		lines := fixReasons(c, l)
		for _, v := range c.Was {
			lines = append(lines, "was: "+zoneLine(c, v))
		}
		commented(b, "  #", lines...)
		fmt.Fprintf(b, "  - ttl: %d\n    type: %s\n    values:\n", c.TTL, c.Type)
		for _, v := range c.Values {
			b.WriteString("      - " + octoDNSValue(c.Type, v) + "\n")
		}
	}
}

// octoDNSTakes reports whether octoDNS can hold a set: its texts are ASCII. Quotes and backslashes it takes for marks of its own
// form.
func octoDNSTakes(c fix.Change) bool {
	return !slices.ContainsFunc(c.Values, func(v string) bool {
		return strings.ContainsFunc(v, func(r rune) bool { return r < 0x20 || r >= 0x7f || r == '"' || r == '\\' })
	})
}

// octoDNSValue is a value as octoDNS has it. In a text it wants a backslash before a semicolon.
func octoDNSValue(typ, value string) string {
	words := strings.Fields(value)
	switch {
	case typ == "TXT":
		return octoDNSText(strings.ReplaceAll(value, ";", `\;`))
	case typ == "MX" && len(words) == 2:
		return fmt.Sprintf("{exchange: %s, preference: %d}", octoDNSText(words[1]), number(words[0]))
	case typ == "TLSA" && len(words) > 3:
		return fmt.Sprintf("{certificate_usage: %d, selector: %d, matching_type: %d, certificate_association_data: %s}",
			number(words[0]), number(words[1]), number(words[2]), octoDNSText(strings.Join(words[3:], "")))
	}
	return octoDNSText(value)
}

// octoDNSText is a double-quoted scalar of YAML (1.2 §7.3.1) of printable ASCII.
func octoDNSText(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
