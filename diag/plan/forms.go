package plan

import (
	"encoding/json"
	"strings"

	"todoku/diag/resolve"
)

// form is how a type of resource holds a record or a set.
type form struct {
	whole  bool         // it is the whole set of its name and type
	fixed  resolve.Type // what it holds, where no attribute says so
	kind   string       // the attribute of the type
	name   string       // of the name
	zone   string       // of the zone: its name, or an id
	values []string     // of the values: the first that is there; lists of strings, of objects, or one string
	object []string     // of an object: what stands behind each other in the value
	pref   string       // of the preference of a mail exchanger, where the value has none
}

// forms are the resources of the providers that are known, by their type.
func forms() map[string]form {
	azure := func(t resolve.Type, values string, object ...string) form {
		return form{whole: true, fixed: t, name: "name", zone: "zone_name", values: []string{values}, object: object}
	}
	set := func(zone, values string) form {
		return form{whole: true, kind: "type", name: "name", zone: zone, values: []string{values}, object: []string{"value"}}
	}
	one := func(zone string, values ...string) form {
		return form{kind: "type", name: "name", zone: zone, values: values, pref: "priority"}
	}
	return map[string]form{
		"aws_route53_record":       set("zone_id", "records"),
		"google_dns_record_set":    set("managed_zone", "rrdatas"),
		"powerdns_record":          set("zone", "records"),
		"gandi_livedns_record":     set("zone", "values"),
		"hcloud_zone_rrset":        set("zone", "records"),
		"azurerm_dns_a_record":     azure(resolve.TypeA, "records"),
		"azurerm_dns_aaaa_record":  azure(resolve.TypeAAAA, "records"),
		"azurerm_dns_cname_record": azure(resolve.TypeCNAME, "record"),
		"azurerm_dns_ns_record":    azure(resolve.TypeNS, "records"),
		"azurerm_dns_ptr_record":   azure(resolve.TypePTR, "records"),
		"azurerm_dns_txt_record":   azure(resolve.TypeTXT, "record", "value"),
		"azurerm_dns_mx_record":    azure(resolve.TypeMX, "record", "preference", "exchange"),
		"cloudflare_record":        one("zone_id", "content", "value"),
		"cloudflare_dns_record":    one("zone_id", "content"),
		"digitalocean_record":      one("domain", "value"),
		"hetznerdns_record":        one("zone_id", "value"),
		"dnsimple_zone_record":     one("zone_name", "value"),
		"vultr_dns_record":         one("domain", "data"),
		"scaleway_domain_record":   one("dns_zone", "data"),
		"ovh_domain_zone_record":   {kind: "fieldtype", name: "subdomain", zone: "zone", values: []string{"target"}},
		"dnsimple_record":          one("domain", "value"),
		"linode_domain_record":     {kind: "record_type", name: "name", zone: "domain_id", values: []string{"target"}, pref: "priority"},
	}
}

// zoneOf is the name of the zone that a resource names; "" where the plan does not tell it.
func (f form) zoneOf(v values, zones map[string]zoneInfo) string {
	zone := v.text(f.zone)
	if z, known := zones[zone]; known {
		zone = z.name
	}
	zone, _ = nameIn(zone, "", false)
	if !strings.Contains(zone, ".") { // an id
		return ""
	}
	return zone
}

// typeOf is the type of the records of a resource.
func (f form) typeOf(v values) (resolve.Type, bool) {
	if f.kind == "" {
		return f.fixed, true
	}
	return typeNamed(v.text(f.kind))
}

// isAlias reports whether a resource leads to addresses of the provider: an alias block, or a target in its place.
func (f form) isAlias(v values) bool {
	var blocks []json.RawMessage
	return json.Unmarshal(v["alias"], &blocks) == nil && len(blocks) > 0 || v.text("target_resource_id") != "" ||
		string(v["proxied"]) == "true"
}

// held is the attribute that holds the values; "" where none does.
func (f form) held(v values) string {
	for _, name := range f.values {
		if raw := string(v[name]); raw != "" && raw != "null" && raw != `""` {
			return name
		}
	}
	return ""
}

// records are the records of a resource. ok: all of them can be read.
func (f form) records(v values, t resolve.Type, zone string) (out []resolve.Record, ok bool) {
	raw := v[f.held(v)]
	var one string
	var list []json.RawMessage
	switch {
	case json.Unmarshal(raw, &one) == nil:
		list = []json.RawMessage{raw}
	case json.Unmarshal(raw, &list) != nil:
		return nil, false
	}
	for _, item := range list {
		text, is := f.item(item)
		if !is {
			return nil, false
		}
		if pref := v.text(f.pref); t == resolve.TypeMX && f.pref != "" && pref != "" && !strings.ContainsAny(text, " \t") {
			text = pref + " " + text
		}
		r, is := valueOf(t, text, zone)
		if !is {
			return nil, false
		}
		out = append(out, r)
	}
	return out, len(out) > 0
}

// item is one value as a text: a string, or an object whose attributes stand behind each other.
func (f form) item(raw json.RawMessage) (string, bool) {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s, true
	}
	var v values
	if json.Unmarshal(raw, &v) != nil || len(f.object) == 0 {
		return "", false
	}
	var parts []string
	for _, name := range f.object {
		parts = append(parts, v.text(name))
	}
	return strings.Join(parts, " "), true
}

// valueOf reads a value as providers write it: a text without its quotes may hold "" between its strings, and the name of the
// zone itself may be @.
func valueOf(t resolve.Type, s, zone string) (resolve.Record, bool) {
	if t == resolve.TypeTXT {
		if !strings.HasPrefix(s, `"`) && strings.Contains(s, `""`) {
			s = `"` + s + `"`
		}
		return resolve.ParseValue(t, s)
	}
	if fields := strings.Fields(s); len(fields) > 0 && fields[len(fields)-1] == "@" && zone != "" {
		fields[len(fields)-1] = zone
		s = strings.Join(fields, " ")
	}
	return resolve.ParseValue(t, strings.TrimSpace(s))
}
