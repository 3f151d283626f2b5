package settings

import (
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
)

// domainKey is a key of a domain.
type domainKey struct {
	name, flag string
	many       bool   // it takes several values
	like       string // how it is written
}

// domainKeys are the keys of a domain, in the order in which people write them.
func domainKeys() []domainKey {
	return []domainKey{
		{"selectors", "selector", true, "selectors: [s1, s2]"},
		{"ips", "ip", true, "ips: [192.0.2.7]"},
		{"includes", "require-include", true, "includes: [_spf.esp.example]"},
		{"helo", "helo", false, "helo: mail.example.jp"},
		{"profile", "profile", true, "profile: [gmail, docomo]"},
		{"fail-on", "fail-on", false, "fail-on: warn"},
		{"only", "only", true, "only: [spf, dmarc]"},
		{"skip", "skip", true, "skip: [bimi]"},
	}
}

// DomainFlags are the flags that a domain of the file may have values for.
func DomainFlags() []string {
	var out []string
	for _, k := range domainKeys() {
		out = append(out, k.flag)
	}
	return out
}

// domains reads the part of the domains: a mapping of names, or a list of names that have nothing to say.
func (r *reader) domains(key, value *yaml.Node) {
	switch value.Kind {
	case yaml.MappingNode:
		r.keys(value, func(name, entry *yaml.Node) {
			if d := r.domain(name); d != nil {
				r.entry(d, entry)
			}
		})
	case yaml.SequenceNode:
		names, flat := r.scalars(value)
		if !flat {
			r.form(value, domainsKey, "domains: {example.jp: {ips: [192.0.2.7]}}")
			return
		}
		for _, name := range names {
			r.domain(name)
		}
	default:
		r.form(key, domainsKey, "domains: {example.jp: {ips: [192.0.2.7]}}")
	}
}

// domain adds the domain of a name; nil where it is none, or stands there already.
func (r *reader) domain(name *yaml.Node) *Domain {
	t, err := r.with.Domain(name.Value)
	if err != nil {
		r.refused(name, err)
		return nil
	}
	if d := r.out.Domain(t.ASCII); d != nil {
		r.wrong(name, codes.Say(codes.Text{EN: "{name} stands at {place} already", JA: "{name} はすでに {place} にあります"},
			codes.Str("name", t.Name), codes.Str("place", d.Place)), codes.Text{EN: "keep one of the two", JA: "どちらか一方を残してください"})
		return nil
	}
	r.out.Domains = append(r.out.Domains, Domain{Target: t, Place: r.at(name).String()})
	return &r.out.Domains[len(r.out.Domains)-1]
}

// entry reads what stands below a domain.
func (r *reader) entry(d *Domain, entry *yaml.Node) {
	switch {
	case entry.Kind == yaml.ScalarNode && entry.ShortTag() == "!!null":
		return
	case entry.Kind != yaml.MappingNode:
		r.form(entry, d.Target.Name, d.Target.Name+": {ips: [192.0.2.7]}")
		return
	}
	known := domainKeys()
	r.keys(entry, func(key, value *yaml.Node) {
		if key.Value == ignoreKey {
			r.exceptions(value, d.Target.ASCII)
			return
		}
		i := slices.IndexFunc(known, func(k domainKey) bool { return k.name == key.Value })
		if i < 0 {
			r.unknownKey(key, known)
			return
		}
		r.domainValue(d, known[i], key, value)
	})
}

// unknownKey is the fault of a key that a domain does not have.
func (r *reader) unknownKey(key *yaml.Node, known []domainKey) {
	names := []string{}
	for _, k := range known {
		names = append(names, k.name)
	}
	names = append(names, ignoreKey)
	remedy := codes.DidYouMean(key.Value, "", names, codes.Say(codes.Text{EN: "a domain has the keys {keys}", JA: "ドメインに書けるキー: {keys}"},
		codes.List("keys", names)))
	if i := slices.IndexFunc(known, func(k domainKey) bool { return k.flag == key.Value }); i >= 0 {
		remedy = codes.Say(codes.Text{EN: "did you mean {words}?", JA: "もしかして: {words}"}, codes.List("words", []string{known[i].name}))
	}
	r.wrongly(key, unknownKey(key.Value), remedy)
}

func unknownKey(key string) codes.Message {
	return codes.Say(codes.Text{EN: "unknown key {key}", JA: "{key} は不明なキーです"}, codes.QuotedStart("key", key, 60))
}

// domainValue reads the values of one key of a domain.
func (r *reader) domainValue(d *Domain, k domainKey, key, value *yaml.Node) {
	nodes, flat := r.scalars(value)
	if !flat || len(nodes) == 0 || !k.many && value.Kind != yaml.ScalarNode {
		r.form(value, k.name, k.like)
		return
	}
	v := Value{Key: k.name, Flag: k.flag, Place: r.at(key).String()}
	for _, n := range nodes {
		if n.ShortTag() == "!!null" || strings.TrimSpace(n.Value) == "" {
			r.form(n, k.name, k.like)
			return
		}
		texts := []string{n.Value}
		if k.many {
			texts = strings.Split(n.Value, ",")
		}
		for _, text := range texts {
			text = strings.TrimSpace(text)
			err := r.with.Values[k.flag](text)
			if err == nil && k.flag == "selector" {
				_, err = check.SelectorOf(text, d.Target.ASCII)
			}
			if err != nil {
				r.refused(n, err)
				continue
			}
			v.Texts = append(v.Texts, text)
		}
	}
	if len(v.Texts) > 0 {
		d.Values = append(d.Values, v)
	}
}

// form is the fault of a value of the wrong form.
func (r *reader) form(n *yaml.Node, key, like string) {
	r.wrongly(n, codes.Say(codes.Text{EN: "the value of {key} has the wrong form", JA: "{key} の値の形が誤っています"}, codes.Start("key", key, 60)),
		codes.Say(codes.Text{EN: "write it as {like}", JA: "{like} のように書いてください"}, codes.Str("like", like)))
}

// Keys of an exception, in the order in which people write them.
func exceptionKeys() []string { return []string{"rule", "reason", "until", "subject", "domains"} }

const exceptionLike = "ignore: [{rule: dmarc-policy-none, reason: why it may stay, until: YYYY-MM-DD}]"

// exceptions reads a list of exceptions; with a domain they are about that one.
func (r *reader) exceptions(value *yaml.Node, domain string) {
	if value.Kind != yaml.SequenceNode {
		r.form(value, ignoreKey, exceptionLike)
		return
	}
	for _, n := range value.Content {
		if n = target(n); n.Kind != yaml.MappingNode {
			r.form(n, ignoreKey, exceptionLike)
			continue
		}
		r.exception(n, domain)
	}
}

func (r *reader) exception(n *yaml.Node, domain string) {
	e, faults, said, slips := diag.Exception{Place: r.at(n).String()}, len(r.faults), map[string]bool{}, 0
	if domain != "" {
		e.Domains = []string{domain}
	}
	r.keys(n, func(key, value *yaml.Node) {
		said[key.Value] = true
		switch known := exceptionKeys(); {
		case !slices.Contains(known, key.Value):
			slips++
			r.wrongly(key, unknownKey(key.Value), codes.DidYouMean(key.Value, "", known,
				codes.Say(codes.Text{EN: "an exception has the keys {keys}", JA: "除外に書けるキー: {keys}"}, codes.List("keys", known))))
		case key.Value == "domains" && domain != "":
			r.wrong(key, codes.Say(codes.Text{EN: "this exception is about {domain} already", JA: "この除外の対象は {domain} です"}, codes.Str("domain", domain)),
				codes.Text{EN: "leave out domains, or write the exception at the top of the file", JA: "domains を外すか、ファイルの先頭の階層に書いてください"})
		case key.Value == "domains":
			e.Domains = r.exceptionDomains(value)
		case value.Kind != yaml.ScalarNode || value.ShortTag() == "!!null" || strings.TrimSpace(value.Value) == "":
			r.form(value, key.Value, exceptionLike)
		default:
			r.exceptionValue(&e, key.Value, strings.TrimSpace(value.Value), value)
		}
	})
	for _, must := range exceptionKeys()[:3] {
		if !said[must] && slips == 0 { // the slip may be the key that is missing
			r.missing(n, must)
		}
	}
	if len(r.faults) == faults {
		r.out.Exceptions = append(r.out.Exceptions, e)
		r.out.exceptionsAt = append(r.out.exceptionsAt, r.at(n))
	}
}

// missing is the fault of an exception that lacks a key.
func (r *reader) missing(n *yaml.Node, key string) {
	remedy := map[string]codes.Text{
		"rule":   {EN: "add rule, the id that the report shows, such as rule: dmarc-policy-none", JA: "レポートに表示されるIDを rule: dmarc-policy-none のように追加してください"},
		"reason": {EN: "add reason, why it may stay, such as reason: raised in March", JA: "除外する理由を reason: 3月に移行予定 のように追加してください"},
		"until":  {EN: "add until, the last day on which it holds, as until: YYYY-MM-DD", JA: "除外の最終日を until: YYYY-MM-DD の形で追加してください"},
	}[key]
	r.wrong(n, codes.Say(codes.Text{EN: "this exception has no {key}", JA: "この除外には {key} がありません"}, codes.Str("key", key)), remedy)
}

// exceptionDomains reads the domains that an exception is about.
func (r *reader) exceptionDomains(value *yaml.Node) []string {
	nodes, flat := r.scalars(value)
	if !flat || len(nodes) == 0 {
		r.form(value, domainsKey, "domains: [example.jp]")
		return nil
	}
	var out []string
	for _, n := range nodes {
		t, err := r.with.Domain(n.Value)
		if err != nil {
			r.refused(n, err)
			continue
		}
		out = append(out, t.ASCII)
	}
	return out
}

// maxReason bounds a reason and a subject, in octets.
const maxReason = 500

func (r *reader) exceptionValue(e *diag.Exception, key, text string, n *yaml.Node) {
	if len(text) > maxReason {
		r.wrong(n, codes.Say(codes.Text{EN: "{key} has more than {n} octets", JA: "{key} が{n}バイトを超えています"}, codes.Str("key", key), codes.Num("n", maxReason)),
			codes.Text{EN: "say it shorter, and put the rest into a ticket", JA: "短くまとめ、詳細はチケットなどに書いてください"})
		return
	}
	switch key {
	case "rule":
		e.Rule = text
		if r.rules == nil {
			for _, rule := range check.Rules() {
				r.rules = append(r.rules, rule.ID)
			}
		}
		if !slices.Contains(r.rules, text) {
			r.wrongly(n, codes.Say(codes.Text{EN: "no rule has the id {id}", JA: "{id} というIDのルールはありません"}, codes.QuotedStart("id", text, 60)),
				codes.DidYouMean(text, "", r.rules, codes.Say(codes.Text{EN: "{command} lists all rules", JA: "ルールの一覧は {command} で確認できます"},
					codes.Typed("command", codes.Todoku("explain", "--list", "rules")))))
		}
	case "reason":
		e.Reason = text
	case "subject":
		e.Subject = text
		if t, err := diag.DomainTarget(text); err == nil { // a name in any script, as the findings have it
			e.Subject = t.ASCII
		}
	case "until":
		e.Until = text
		if _, err := time.Parse(diag.DateForm, text); err != nil {
			r.wrong(n, codes.Say(codes.Text{EN: "{value} is not a day", JA: "{value} は日付ではありません"}, codes.QuotedStart("value", text, 60)),
				codes.Text{EN: "write it as YYYY-MM-DD, such as 2027-03-31", JA: "2027-03-31 のように YYYY-MM-DD の形で書いてください"})
		}
	}
}
