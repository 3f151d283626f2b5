package codes

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// RuleFault is what is wrong with a user's file of rules. Its place is
// FILE:LINE:COLUMN, or FILE where the whole of it is meant.
type RuleFault struct {
	UserError
	Line int // from 1 on; 0: the file as a whole
}

// Validate finds the faults of a user's file of rules one by one, in the order
// of their lines, and the number of its rules. c is the catalogue without the
// file; read takes an example apart, as codes/paste does.
func (c *Catalogue) Validate(f RuleFile, read func(example string) (Reply, Context)) (rules int, faults []RuleFault) {
	v := &validator{known: c, file: f, read: read}
	for _, n := range v.nodes() {
		v.rule(n)
	}
	if len(v.faults) == 0 { // only rules without a fault of their own are put to use
		v.use()
	}
	slices.SortStableFunc(v.faults, func(a, b RuleFault) int { return a.Line - b.Line })
	return len(v.rules), v.faults
}

// validator looks at a user's rules one by one, so that each fault has its place.
type validator struct {
	known  *Catalogue
	file   RuleFile
	read   func(string) (Reply, Context)
	rules  []ownRule
	faults []RuleFault
}

// ownRule is a rule with the places of its keys.
type ownRule struct {
	Rule
	node *yaml.Node
	keys map[string]*yaml.Node
}

// at is the place of a key, or of the rule where the key is missing.
func (r ownRule) at(key string) *yaml.Node {
	if n, ok := r.keys[key]; ok {
		return n
	}
	return r.node
}

// wrong adds a fault; without a node it is one of the whole file.
func (v *validator) wrong(at *yaml.Node, says, remedy Message) {
	if at == nil {
		at = &yaml.Node{}
	}
	v.wrongAt(at.Line, at.Column, says, remedy)
}

func (v *validator) wrongAt(line, column int, says, remedy Message) {
	place := v.file.Name
	if line > 0 {
		place += fmt.Sprintf(":%d", line)
	}
	if column > 0 {
		place += fmt.Sprintf(":%d", column)
	}
	v.faults = append(v.faults, RuleFault{UserError{Place: place, Says: says, Remedy: remedy}, line})
}

// ruleForm is the shortest rule, for those who have none yet.
func ruleForm() Message {
	return Say(Text{
		EN: "a rule is: - {id: my-01, on: 550, match: 'words', reason: policy, en: …, example: 550 words}",
		JA: "ルールの書式: - {id: my-01, on: 550, match: '文言', reason: policy, ja: …, example: 550 文言}"})
}

func (v *validator) rule(n *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		v.wrong(n, Say(Text{EN: "this is not a rule", JA: "ルールの形になっていません"}), ruleForm())
		return
	}
	r := ownRule{node: n, keys: v.keys(n, keysOf[Rule]())}
	if at, err := wrongForm[Rule](n); err != nil {
		v.wrong(at, Say(Text{EN: "a value has the wrong form: {why}", JA: "値の形が誤っています: {why}"}, Str("why", formWords(err))), ruleForm())
		return
	}
	_ = n.Decode(&r.Rule) // wrongForm has tried it
	if other := value(n, "other"); other != nil {
		v.keys(other, keysOf[Other]())
	}
	v.identity(r)
	v.values(r)
	v.texts(r)
	v.rules = append(v.rules, r)
}

func (v *validator) identity(r ownRule) {
	another := Say(Text{EN: "give each rule an id of its own, such as my-01", JA: "my-01 のように、ルールごとに異なる id を付けてください"})
	switch {
	case r.ID == "":
		v.wrong(r.node, Say(Text{EN: "the rule has no id", JA: "ルールに id がありません"}), another)
	case slices.ContainsFunc(v.rules, func(o ownRule) bool { return o.ID == r.ID }):
		v.wrong(r.at("id"), Say(Text{EN: "the id {id} is given twice", JA: "id {id} が重複しています"}, Quoted("id", r.ID)), another)
	default:
		if _, taken := v.known.Rule(r.ID); taken {
			v.wrong(r.at("id"), Say(Text{EN: "the id {id} belongs to a rule of todoku", JA: "id {id} は todoku のルールで使われています"}, Quoted("id", r.ID)), another)
		}
	}
	if r.Match == "" && r.On == "" {
		v.wrong(r.node, Say(Text{EN: "{id} has neither on nor match: it would fit every reply", JA: "{id} に on も match もないため、すべての応答に該当してしまいます"}, Str("id", r.ID)), ruleForm())
	}
	if _, err := regexp.Compile(r.Match); err != nil {
		v.wrong(r.at("match"), Say(Text{EN: "match is not a regular expression: {why}", JA: "match は正規表現として正しくありません: {why}"}, Str("why", err.Error())),
			Say(Text{EN: "write it as Go does (RE2); put a backslash before ( ) [ ] . * + ? | that mean themselves",
				JA: "RE2(Go)の書式で書き、文字としての ( ) [ ] . * + ? | の前には \\ を付けてください"}))
	}
}

// values checks the words that must be known ones.
func (v *validator) values(r ownRule) {
	of := func(key, word string, allowed []string) {
		if !slices.Contains(allowed, word) {
			v.wrong(r.at(key), Say(Text{EN: "{key}: {value} is not known", JA: "{key} に {value} は指定できません"}, Str("key", key), Quoted("value", word)),
				DidYouMean(word, "", allowed, Say(Text{EN: "use one of: {allowed}", JA: "次のいずれかを指定してください: {allowed}"}, List("allowed", allowed))))
		}
	}
	reasons := names(v.known.reasons.list, func(r *Reason) string { return r.ID })
	of("reason", r.Reason, reasons)
	if r.Other != nil {
		of("other", r.Other.Reason, reasons)
	}
	remedies := names(v.known.remedies.list, func(r *Remedy) string { return r.ID })
	for _, id := range r.Remedies {
		of("remedies", id, remedies)
	}
	for _, s := range r.Stage {
		of("stage", string(s), words(stages()))
	}
	if r.Action != "" {
		of("action", string(r.Action), words(actions()))
	}
	if r.Certainty != "" {
		of("certainty", string(r.Certainty), words([]Certainty{Documented, Observed, General, Unconfirmed, Inferred}))
	}
}

func (v *validator) texts(r ownRule) {
	if r.Example == "" {
		v.wrong(r.node, Say(Text{EN: "{id} has no example", JA: "{id} に example がありません"}, Str("id", r.ID)),
			Say(Text{EN: "give a reply that the rule is about: example: '550 5.7.1 words'", JA: "example: '550 5.7.1 文言' のように、対象の応答を指定してください"}))
	}
}

// use loads the rules and sends each example through all of them.
func (v *validator) use() {
	c, err := Load(Files, v.file)
	if err != nil {
		for _, e := range parts(err) {
			v.wrong(v.faultyKey(e), Say(Text{EN: "{why}", JA: "{why}"}, Str("why", strings.TrimPrefix(e.Error(), v.file.Name+": "))), ruleForm())
		}
		return
	}
	for _, own := range v.rules {
		r, _ := c.Rule(own.ID)
		reply, seen := v.read(r.Example)
		got := c.Classify(reply, c.ExampleContext(&r, seen))
		if got.Rule == r.ID {
			continue
		}
		by := got.Rule
		if by == "" {
			by = "–"
		}
		v.wrong(own.at("example"), Say(Text{EN: "the example does not reach {id}, but {other} ({reason})", JA: "例文が {id} ではなく {other}({reason})で判定されます"},
			Str("id", r.ID), Str("other", by), Str("reason", got.Reason.ID)),
			Say(Text{EN: "mend match, on or stage, or put the rule before the one that takes its replies",
				JA: "match・on・stage を直すか、先に該当するルールより前に置いてください"}))
	}
}

// faultyKey is where the rule of a loader's error has the key that is wrong.
func (v *validator) faultyKey(err error) *yaml.Node {
	var of *ruleError
	if errors.As(err, &of) {
		for _, r := range v.rules {
			if r.ID == of.rule {
				return r.at(of.key)
			}
		}
	}
	return nil
}

// ExampleContext is where the example of a rule is met: at the provider's host
// unless the wording tells the provider, and at the stage that the rule asks
// for; the rest is what was seen in the example itself.
func (c *Catalogue) ExampleContext(r *Rule, seen Context) Context {
	if provider, ok := c.Provider(r.Provider); ok && !r.Alone && len(provider.Hosts) > 0 {
		seen.Host = "mx." + provider.Hosts[0]
	}
	if len(r.Stage) > 0 {
		seen.Stage = r.Stage[0]
	}
	return seen
}
