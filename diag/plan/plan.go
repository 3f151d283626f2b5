// Package plan reads what a tool means to do with records of DNS before it does it: a plan of Terraform or OpenTofu, a zone of
// octoDNS, a preview of DNSControl. Text in, changes out, each with its line; it asks nobody but for what a name has today.
package plan

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"todoku/codes"
	"todoku/diag/resolve"
)

// Format is who wrote a plan.
type Format string

// The formats.
const (
	Terraform  Format = "terraform"  // terraform show -json PLAN
	OctoDNS    Format = "octodns"    // a zone file of the YAML provider
	DNSControl Format = "dnscontrol" // dnscontrol preview
)

// Plan is what is meant.
type Plan struct {
	File    string
	Format  Format
	Changes []Change
	Zone    *resolve.Zone // of octoDNS: the whole zone as it is to be; nil elsewhere
	Zones   []string      // that have changes, as far as the plan tells
	Passed  []Passed      // changes of records that could not be read
	list    string        // where the file is one line of JSON: the list whose items lines count
}

// Change is what is meant for the records of a name and a type. Whole: they are to be After. Else Before goes and After comes
// among those of today.
type Change struct {
	Name          string
	Type          resolve.Type
	Whole         bool
	Before, After []resolve.Record
	Unknown       codes.Text // why nobody knows yet what the set will hold
	Line          int        // of the file; see Place
}

// Passed is a change that is not looked at.
type Passed struct {
	Line int
	What string // "aws_route53_record.www", or the line's beginning
	Why  codes.Text
}

// The bounds of a plan.
const (
	MaxFile    = 64 << 20 // octets
	maxYAML    = 8 << 20  // of a zone of octoDNS
	maxChanges = 20_000
	maxPassed  = 1_000
)

// Read reads a plan of any format. zone is the zone of an octoDNS file, and of names without one; "" is what the name of the
// file says. The error is a *codes.UserError.
func Read(data []byte, file, zone string) (*Plan, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	p := &Plan{File: file}
	switch head := bytes.TrimSpace(data); {
	case len(head) == 0:
		return nil, codes.WrongAt(file, codes.Text{EN: "is empty: there is no plan in it", JA: "空のファイルです(変更計画がありません)"})
	case head[0] == '{':
		p.Format = Terraform
		return p, p.readTerraform(data, zone)
	case isPreview(data):
		p.Format = DNSControl
		return p, p.readPreview(data)
	}
	if len(data) > maxYAML {
		return nil, codes.At(file, codes.Wrong(codes.Say(codes.Text{EN: "it is larger than the {size} MiB that are read", JA: "読み取れる上限({size}MiB)を超えています"}, codes.Num("size", maxYAML>>20)),
			codes.Say(codes.Text{EN: "divide the zone", JA: "ゾーンを分けてください"})))
	}
	p.Format = OctoDNS
	return p, p.readOctoDNS(data, zone)
}

// Names are the domains whose mail the plan concerns, sorted: the zones that have changes, and the names of texts and mail
// exchangers in them.
func (p *Plan) Names() []string {
	out := slices.Clone(p.Zones)
	for _, c := range p.Changes {
		if c.Type != resolve.TypeTXT && c.Type != resolve.TypeMX {
			continue
		}
		labels := strings.Split(strings.TrimPrefix(c.Name, "*."), ".")
		for i := len(labels) - 1; i >= 0; i-- { // _dmarc.example.jp, s1._domainkey.example.jp
			if strings.HasPrefix(labels[i], "_") {
				labels = labels[i+1:]
				break
			}
		}
		if len(labels) > 0 {
			out = append(out, strings.Join(labels, "."))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Place is where a change is in the file, by its line.
func (p *Plan) Place(line int) resolve.Place {
	return resolve.Set{File: p.File, List: p.list}.Place(line)
}

// add adds a change.
func (p *Plan) add(c Change) error {
	if len(p.Changes) == maxChanges {
		return codes.At(p.File, codes.Wrong(codes.Say(codes.Text{EN: "it has more than {n} changes", JA: "変更が{n}件を超えています"}, codes.Num("n", maxChanges)),
			codes.Say(codes.Text{EN: "divide the plan", JA: "計画を分けてください"})))
	}
	p.Changes = append(p.Changes, c)
	return nil
}

// pass notes a change that is not looked at.
func (p *Plan) pass(line int, what string, why codes.Text) {
	if len(p.Passed) < maxPassed {
		p.Passed = append(p.Passed, Passed{line, what[:min(len(what), 200)], why})
	}
}

func (p *Plan) inZone(zone string) {
	if zone != "" && !slices.Contains(p.Zones, zone) {
		p.Zones = append(p.Zones, zone)
	}
}

// zoneOf is the zone that a file is named after: example.jp.yaml.
func zoneOf(file string) string {
	name := path.Base(strings.ReplaceAll(file, `\`, "/"))
	for _, end := range []string{".yaml", ".yml"} {
		name = strings.TrimSuffix(name, end)
	}
	return name
}

// typeNamed is the type of a record that can be tried out.
func typeNamed(s string) (resolve.Type, bool) {
	for _, t := range []resolve.Type{resolve.TypeA, resolve.TypeAAAA, resolve.TypeCNAME, resolve.TypeMX, resolve.TypeNS, resolve.TypePTR,
		resolve.TypeTLSA, resolve.TypeTXT} {
		if strings.EqualFold(t.String(), s) {
			return t, true
		}
	}
	return 0, false
}

// nameIn is a name of a zone in its canonical form. relative: it stands without the zone, unless it ends with it.
func nameIn(name, zone string, relative bool) (string, bool) {
	name, zone = strings.TrimSuffix(name, "."), strings.TrimSuffix(zone, ".")
	switch lower, end := strings.ToLower(name), strings.ToLower(zone); {
	case name == "" || name == "@":
		name = zone
	case zone == "" || lower == end || strings.HasSuffix(lower, "."+end):
	case relative:
		name += "." + zone
	}
	wild := strings.HasPrefix(name, "*.")
	canon, err := resolve.ToASCII(strings.TrimPrefix(name, "*."))
	if err != nil || canon == "" || canon == "." || strings.ContainsAny(canon, "*@ \"\\;()$/") {
		return "", false
	}
	if wild {
		canon = "*." + canon
	}
	return canon, true
}

// The reasons why a change is not looked at, or its set not known.
var (
	notKnownYet = codes.Text{EN: "the plan does not tell this value: it is known after the change is made", JA: "計画にこの値がありません(変更の実行後に決まります)"}
	isSecret    = codes.Text{EN: "the plan marks this value as sensitive, so it is not looked at", JA: "計画で機密(sensitive)とされている値のため、検査しません"}
	isAlias     = codes.Text{EN: "an alias of the provider: which addresses it has is known after the change is made", JA: "プロバイダー独自の別名です(アドレスは変更の実行後に決まります)"}
	byClient    = codes.Text{EN: "the provider answers each client otherwise (weight, region, health): no single answer is known", JA: "問い合わせ元や重みによって応答が変わるレコードのため、1つの値に決まりません"}
	wrongValue  = codes.Text{EN: "the value cannot be read", JA: "値を読み取れません"}
	wrongName   = codes.Text{EN: "the name cannot be read, or its zone is not known (give it: ZONE=FILE)", JA: "名前を読み取れないか、ゾーン名が分かりません(ZONE=FILE の形で指定してください)"}
	isWildcard  = codes.Text{EN: "a wildcard: which names it answers for is not looked at", JA: "ワイルドカードのレコードは検査しません"}
	isPrivate   = codes.Text{EN: "a private zone: the internet does not see it", JA: "プライベートゾーンのレコードは、インターネットから参照されません"}
	isElsewhere = codes.Text{EN: "octoDNS does not put this record everywhere (included, excluded)", JA: "octoDNSが一部のプロバイダーにだけ反映するレコードです(included、excluded)"}
)
