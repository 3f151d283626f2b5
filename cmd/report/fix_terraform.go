package report

import (
	"fmt"
	"slices"
	"strings"

	"todoku/codes"
)

// fixTerraform writes resources aws_route53_record. The ids of the zones are values of a variable.
func fixTerraform(f Fix, l codes.Lang) string {
	var b strings.Builder
	commented(&b, "#", fixHead(f, l))
	if len(f.Changes) > 0 {
		b.WriteString("\nvariable \"zone_ids\" {\n  type = map(string)\n}\n")
	}
	var labels []string
	for _, zone := range f.zones() {
		for _, c := range f.in(zone) {
			label := terraformLabel(c.Name+"_"+c.Type, labels)
			labels = append(labels, label)
			b.WriteString("\n")
			commented(&b, "#", fixReasons(c, l)...)
			for _, v := range c.Was {
				commented(&b, "#", "was: "+zoneLine(c, v))
			}
			fmt.Fprintf(&b, "resource \"aws_route53_record\" \"%s\" {\n", label)
			fmt.Fprintf(&b, "  allow_overwrite = true\n  zone_id         = var.zone_ids[%s]\n  name            = %s\n",
				terraformText(zone), terraformText(c.Name))
			fmt.Fprintf(&b, "  type            = %s\n  ttl             = %d\n  records = [\n", terraformText(c.Type), c.TTL)
			for _, v := range c.Values {
				text := route53Text(c, v)
				if c.Type == "TXT" { // the provider puts the outer quotes
					text = text[1 : len(text)-1]
				}
				b.WriteString("    " + terraformText(text) + ",\n")
			}
			b.WriteString("  ]\n}\n")
		}
	}
	if notes := FixNotes(f, l); len(notes) > 0 {
		b.WriteString("\n")
		commented(&b, "#", notes...)
	}
	return b.String()
}

// terraformText is a string of HCL. "${" and "%{" would begin a template.
func terraformText(s string) string {
	r := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "${", "$${", "%{", "%%{", "\n", `\n`, "\r", `\r`, "\t", `\t`)
	return `"` + r.Replace(s) + `"`
}

// terraformLabel makes an identifier of a name, another one for each.
func terraformLabel(name string, taken []string) string {
	label := strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '_' {
			return r
		}
		return '_'
	}, strings.ToLower(name))
	if label[0] >= '0' && label[0] <= '9' {
		label = "_" + label
	}
	for n, base := 2, label; slices.Contains(taken, label); n++ {
		label = fmt.Sprintf("%s_%d", base, n)
	}
	return label
}
