package plan

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"

	"todoku/codes"
)

// resourceChange is what we read of a resource (JSON output format of Terraform, format_version 1; that of OpenTofu is the
// same).
type resourceChange struct {
	Address string `json:"address"`
	Mode    string `json:"mode"`
	Type    string `json:"type"`
	Change  struct {
		Actions         []string        `json:"actions"`
		Before          values          `json:"before"`
		After           values          `json:"after"`
		AfterUnknown    json.RawMessage `json:"after_unknown"`
		BeforeSensitive json.RawMessage `json:"before_sensitive"`
		AfterSensitive  json.RawMessage `json:"after_sensitive"`
	} `json:"change"`
	line int
}

// values are the attributes of a resource.
type values map[string]json.RawMessage

// text is an attribute that is a string or a number; "" where it is another or none.
func (v values) text(name string) string {
	var s string
	var n json.Number
	switch raw := v[name]; {
	case len(raw) == 0:
	case json.Unmarshal(raw, &s) == nil:
		return s
	case json.Unmarshal(raw, &n) == nil:
		return n.String()
	}
	return ""
}

// readTerraform reads the output of `terraform show -json`.
func (p *Plan) readTerraform(data []byte, zone string) error {
	changes, prior, err := p.resources(data)
	if err != nil {
		return err
	}
	zones := zoneNames(changes, prior)
	kinds := forms()
	for _, c := range changes {
		f, known := kinds[c.Type]
		if !known || c.Mode == "data" || !c.does("create", "update", "delete") {
			continue
		}
		if c.does("update", "delete") {
			if err := p.readState(c, f, zones, zone, false); err != nil {
				return err
			}
		}
		if c.does("create", "update") {
			if err := p.readState(c, f, zones, zone, true); err != nil {
				return err
			}
		}
	}
	return nil
}

// does reports whether one of the actions is meant. To replace a resource is to delete and to create it.
func (c resourceChange) does(actions ...string) bool {
	return slices.ContainsFunc(c.Change.Actions, func(a string) bool { return slices.Contains(actions, a) })
}

// resources reads the changes of a plan, each with its line, and the state before it.
func (p *Plan) resources(data []byte) (changes []resourceChange, prior json.RawMessage, err error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	wrong := func(says codes.Text, cause error) error {
		return &codes.UserError{Place: p.File, Says: codes.Say(says), Cause: cause, Remedy: codes.Say(codes.Text{
			EN: "give the output of terraform show -json PLANFILE (or tofu), as it is",
			JA: "terraform show -json PLANFILE(または tofu)の出力をそのまま指定してください"})}
	}
	notPlan := codes.Text{EN: "this is no plan: it cannot be read as JSON", JA: "JSONとして読めないため、変更計画として扱えません"}
	if _, err := dec.Token(); err != nil {
		return nil, nil, wrong(notPlan, err)
	}
	if bytes.IndexByte(bytes.TrimSpace(data), '\n') < 0 {
		p.list = "resource_changes"
	}
	found, lines := false, &lineCounter{data: data, line: 1}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, nil, wrong(notPlan, err)
		}
		switch key {
		case "resource_changes":
			found = true
			if changes, err = readChanges(dec, lines); err != nil {
				return nil, nil, wrong(notPlan, err)
			}
			for i := range changes {
				if p.list != "" {
					changes[i].line = i + 1
				}
			}
			continue
		case "planned_values": // a plan without any resource has no resource_changes
			found = true
		case "prior_state":
			if err := dec.Decode(&prior); err != nil {
				return nil, nil, wrong(notPlan, err)
			}
			continue
		}
		var skipped json.RawMessage
		if err := dec.Decode(&skipped); err != nil {
			return nil, nil, wrong(notPlan, err)
		}
	}
	if _, err := dec.Token(); err != nil {
		return nil, nil, wrong(notPlan, err)
	}
	if !found {
		return nil, nil, wrong(codes.Text{EN: "this JSON is no plan of Terraform: it has no resource_changes", JA: "このJSONにはTerraformの変更計画(resource_changes)がありません"}, nil)
	}
	return changes, prior, nil
}

// errTooMany says that a plan has more resources than are read.
var errTooMany = errors.New("too many resources")

func readChanges(dec *json.Decoder, lines *lineCounter) (out []resourceChange, err error) {
	if open, err := dec.Token(); err != nil || open != json.Delim('[') {
		return nil, errors.Join(err, errors.New("resource_changes is no list"))
	}
	for dec.More() {
		if len(out) == 5*maxChanges {
			return nil, errTooMany
		}
		var c resourceChange
		c.line = lines.at(int(dec.InputOffset()))
		if err := dec.Decode(&c); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	_, err = dec.Token()
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return out, err
}

// lineCounter finds the line of an octet; it is asked for rising ones.
type lineCounter struct {
	data      []byte
	at0, line int
}

// at is the line of the first octet of a value that stands at or behind an offset.
func (l *lineCounter) at(offset int) int {
	for offset < len(l.data) && strings.IndexByte(" \t\r\n,", l.data[offset]) >= 0 {
		offset++
	}
	l.line += bytes.Count(l.data[l.at0:offset], []byte("\n"))
	l.at0 = offset
	return l.line
}

// readState reads what a resource is before or after its change.
func (p *Plan) readState(c resourceChange, f form, zones map[string]zoneInfo, given string, after bool) error {
	v, secret := c.Change.Before, c.Change.BeforeSensitive
	if after {
		v, secret = c.Change.After, c.Change.AfterSensitive
	}
	zone := f.zoneOf(v, zones)
	if zone == "" {
		zone = given
	}
	t, known := f.typeOf(v)
	unknown := func(names ...string) bool { return after && marks(c.Change.AfterUnknown, names) }
	switch {
	case f.kind != "" && unknown(f.kind), known && unknown(f.name):
		p.pass(c.line, c.Address, notKnownYet)
		return nil
	case !known: // a type that mail does not use
		return nil
	case zones[v.text(f.zone)].private:
		p.pass(c.line, c.Address, isPrivate)
		return nil
	}
	name, ok := nameIn(v.text(f.name), zone, zone != "" || !strings.Contains(v.text(f.name), "."))
	if why := wrongIn(name, ok); !why.IsZero() {
		p.pass(c.line, c.Address, why)
		return nil
	}
	p.inZone(zone)
	change := Change{Name: name, Type: t, Whole: f.whole, Line: c.line}
	records, ok := f.records(v, t, zone)
	for i := range records {
		records[i] = records[i].At(c.line)
	}
	held := f.values
	if name := f.held(v); name != "" {
		held = []string{name} // others are worked out of it
	}
	switch why := f.undecided(v, unknown(held...), marks(secret, held)); {
	case !after && f.whole && v.text("set_identifier") == "": // it goes, whatever it held
	case !why.IsZero():
		change.Unknown = why
	case after && !ok:
		change.Unknown = wrongValue
		p.pass(c.line, c.Address, wrongValue)
	case after:
		change.After = records
	default:
		change.Before = records
	}
	return p.add(change)
}

// wrongIn says why the records of a name are not looked at; the zero text: they are. ok: it could be read.
func wrongIn(name string, ok bool) codes.Text {
	switch {
	case !ok || !strings.Contains(name, "."):
		return wrongName
	case strings.HasPrefix(name, "*"):
		return isWildcard
	}
	return codes.Text{}
}

// undecided says why nobody knows what the set of a resource holds; the zero text: it is known.
func (f form) undecided(v values, later, secret bool) codes.Text {
	switch {
	case later:
		return notKnownYet
	case secret:
		return isSecret
	case f.isAlias(v):
		return isAlias
	case v.text("set_identifier") != "":
		return byClient
	}
	return codes.Text{}
}

// marks reports whether one of the attributes is marked, as a whole or in a part: after_unknown and after_sensitive have true
// in its place.
func marks(raw json.RawMessage, names []string) bool {
	var whole bool
	if json.Unmarshal(raw, &whole) == nil {
		return whole
	}
	var v values
	if json.Unmarshal(raw, &v) != nil {
		return false
	}
	return slices.ContainsFunc(names, func(name string) bool { return bytes.Contains(v[name], []byte("true")) })
}

// zoneInfo is what a plan tells of a zone.
type zoneInfo struct {
	name    string
	private bool // for a network of its own: the internet does not see it
}

// zoneNames are the zones by the ids that records name them by.
func zoneNames(changes []resourceChange, prior json.RawMessage) map[string]zoneInfo {
	out := map[string]zoneInfo{}
	add := func(kind string, v values) {
		switch kind {
		case "aws_route53_zone":
			var networks []json.RawMessage
			inside := json.Unmarshal(v["vpc"], &networks) == nil && len(networks) > 0 || string(v["private_zone"]) == "true"
			out[v.text("zone_id")] = zoneInfo{v.text("name"), inside}
		case "cloudflare_zone", "hetznerdns_zone", "hcloud_zone":
			name := v.text("name")
			if name == "" {
				name = v.text("zone")
			}
			out[v.text("id")] = zoneInfo{name: name}
		case "google_dns_managed_zone":
			out[v.text("name")] = zoneInfo{v.text("dns_name"), v.text("visibility") == "private"}
		}
	}
	for _, c := range changes {
		add(c.Type, c.Change.Before)
		add(c.Type, c.Change.After)
	}
	type module struct {
		Resources []struct {
			Type   string `json:"type"`
			Values values `json:"values"`
		} `json:"resources"`
		Children []json.RawMessage `json:"child_modules"`
	}
	var state struct {
		Values struct {
			Root json.RawMessage `json:"root_module"`
		} `json:"values"`
	}
	if json.Unmarshal(prior, &state) == nil {
		for open := []json.RawMessage{state.Values.Root}; len(open) > 0; {
			var m module
			_ = json.Unmarshal(open[0], &m) // what is no module has no resources
			for _, r := range m.Resources {
				add(r.Type, r.Values)
			}
			open = append(open[1:], m.Children...)
		}
	}
	delete(out, "")
	return out
}
