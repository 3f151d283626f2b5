package plan

import (
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"todoku/codes"
	"todoku/diag/resolve"
)

// usualTTL is that of records for which octoDNS has none, in seconds.
const usualTTL = 3600

// zoneReader reads a zone of octoDNS: a mapping of names to a record or a list of records. octoDNS makes the zone hold this
// and nothing else.
type zoneReader struct {
	p       *Plan
	zone    string
	records []resolve.ZoneRecord
}

func (p *Plan) readOctoDNS(data []byte, zone string) error {
	doc, second, err := codes.Documents(data)
	if err != nil || second != nil || len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		return &codes.UserError{Place: p.File, Cause: err, Says: codes.Say(codes.Text{EN: "this is no plan in a form that is known", JA: "変更計画として読み取れない形式です"}),
			Remedy: codes.Say(codes.Text{EN: "give the output of terraform show -json PLANFILE or of dnscontrol preview, or a zone file of octoDNS (YAML); a zone file of a name server goes to --zone with --before",
				JA: "terraform show -json PLANFILE または dnscontrol preview の出力、octoDNSのゾーンファイル(YAML)を指定してください。DNSサーバーのゾーンファイルは --zone と --before で指定します"})}
	}
	if zone == "" {
		zone = zoneOf(p.File)
	}
	canon, ok := nameIn(zone, "", false)
	if !ok || !strings.Contains(canon, ".") {
		return codes.At(p.File, codes.Wrong(codes.Say(codes.Text{EN: "the name of the file does not tell the zone", JA: "ファイル名からゾーン名が分かりません"}),
			codes.Say(codes.Text{EN: "give it before the file: ZONE=FILE", JA: "ZONE=FILE の形で指定してください"})))
	}
	r := &zoneReader{p: p, zone: canon}
	top := doc.Content[0]
	for i := 0; i+1 < len(top.Content); i += 2 {
		if err := r.name(top.Content[i], target(top.Content[i+1])); err != nil {
			return err
		}
	}
	p.inZone(canon)
	p.Zone, err = resolve.NewZone(p.File, canon, r.records)
	return err
}

// name reads what a name has.
func (r *zoneReader) name(key, value *yaml.Node) error {
	if value.Kind == yaml.SequenceNode {
		for _, item := range value.Content {
			if err := r.record(key, target(item)); err != nil {
				return err
			}
		}
		return nil
	}
	return r.record(key, value)
}

// record reads a record set.
func (r *zoneReader) record(key, set *yaml.Node) error {
	kind := field(set, "type")
	if set.Kind != yaml.MappingNode || kind == nil || kind.Kind != yaml.ScalarNode {
		return r.wrong(key, codes.Text{EN: "this is no record: it has no type", JA: "type がないため、レコードとして読み取れません"})
	}
	name, ok := nameIn(key.Value, r.zone, true)
	if key.Value != "" && !strings.HasSuffix(name, "."+r.zone) && name != r.zone || !ok {
		return r.wrong(key, codes.Text{EN: "this is no name of a record", JA: "レコードの名前として読み取れません"})
	}
	what := strings.TrimSpace(key.Value + " " + kind.Value)
	own := field(set, "octodns")
	switch {
	case own != nil && truth(field(own, "ignored")):
		return nil
	case own != nil && (field(own, "excluded") != nil || field(own, "included") != nil):
		return r.unknown(name, kind.Value, set.Line, what, isElsewhere)
	case strings.EqualFold(kind.Value, "ALIAS"):
		if err := r.unknown(name, "A", set.Line, what, isAlias); err != nil {
			return err
		}
		return r.unknown(name, "AAAA", set.Line, what, isAlias)
	}
	t, known := typeNamed(kind.Value)
	if !known { // a type that mail does not use
		return nil
	}
	return r.values(key, set, name, t)
}

// values reads the values of a record set.
func (r *zoneReader) values(key, set *yaml.Node, name string, t resolve.Type) error {
	list := []*yaml.Node{field(set, "value")}
	if values := field(set, "values"); values != nil && values.Kind == yaml.SequenceNode {
		list = values.Content
	} else if values != nil {
		list = []*yaml.Node{values}
	}
	ttl := uint32(usualTTL)
	if n := field(set, "ttl"); n != nil {
		if v, err := strconv.ParseUint(n.Value, 10, 31); err == nil {
			ttl = uint32(v)
		}
	}
	for _, node := range list {
		node = target(node)
		rec, ok := octoValue(t, node)
		switch {
		case !ok && node == nil:
			return r.wrong(set, wrongValue)
		case !ok:
			return r.wrong(node, wrongValue)
		case len(r.records) == maxChanges:
			return r.wrong(key, codes.Text{EN: "the zone has too many records", JA: "レコードが多すぎます"})
		}
		r.records = append(r.records, resolve.ZoneRecord{Name: name, Type: t, TTL: ttl, Record: rec, Line: node.Line})
	}
	return nil
}

// unknown notes a set of which nobody knows what it will hold.
func (r *zoneReader) unknown(name, kind string, line int, what string, why codes.Text) error {
	t, known := typeNamed(kind)
	if !known {
		return nil
	}
	if strings.HasPrefix(name, "*") {
		r.p.pass(line, what, isWildcard)
		return nil
	}
	return r.p.add(Change{Name: name, Type: t, Whole: true, Unknown: why, Line: line})
}

func (r *zoneReader) wrong(n *yaml.Node, says codes.Text) error {
	return &codes.UserError{Place: fmt.Sprintf("%s:%d", r.p.File, max(n.Line, 1)), Says: codes.Say(says), Remedy: codes.Say(codes.Text{
		EN: "write it as octoDNS reads it: a name, and below it type, ttl and value or values",
		JA: "octoDNSの形式(名前の下に type、ttl、value または values)で書いてください"})}
}

// octoValue reads a value: a string, or the parts of a mail exchanger or a TLSA record.
func octoValue(t resolve.Type, n *yaml.Node) (resolve.Record, bool) {
	if n == nil {
		return resolve.Record{}, false
	}
	if n.Kind == yaml.MappingNode {
		part := func(names ...string) string {
			for _, name := range names {
				if v := field(n, name); v != nil && v.Kind == yaml.ScalarNode {
					return v.Value
				}
			}
			return ""
		}
		switch t {
		case resolve.TypeMX:
			return resolve.ParseValue(t, part("preference", "priority")+" "+part("exchange", "value"))
		case resolve.TypeTLSA:
			return resolve.ParseValue(t, strings.Join([]string{part("certificate_usage"), part("selector"), part("matching_type"),
				part("certificate_association_data")}, " "))
		}
		return resolve.Record{}, false
	}
	if n.Kind != yaml.ScalarNode || n.Value == "" {
		return resolve.Record{}, false
	}
	if t == resolve.TypeTXT {
		return resolve.ParseValue(t, strings.ReplaceAll(n.Value, `\;`, ";"))
	}
	return resolve.ParseValue(t, n.Value)
}

// target is the node that an alias names, and any other node itself.
func target(n *yaml.Node) *yaml.Node {
	if n != nil && n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// field is a value of a mapping, also one that it merges (<<); nil where there is none.
func field(n *yaml.Node, name string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	var merged *yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		switch n.Content[i].Value {
		case name:
			return target(n.Content[i+1])
		case "<<":
			if from := target(n.Content[i+1]); from != nil && from.Kind == yaml.MappingNode {
				for j := 0; j+1 < len(from.Content); j += 2 { // one level: what that merges itself is left out
					if from.Content[j].Value == name {
						merged = target(from.Content[j+1])
					}
				}
			}
		}
	}
	return merged
}

func truth(n *yaml.Node) bool { return n != nil && strings.EqualFold(n.Value, "true") }
