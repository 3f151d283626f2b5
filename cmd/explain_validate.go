package cmd

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"todoku/codes"
	"todoku/codes/paste"
)

// validator looks at a user's rules one by one, so that each fault has its line.
type validator struct {
	known    *codes.Catalogue
	file     codes.RuleFile
	rules    []ownRule
	problems []problem
}

// ownRule is a rule with the lines of its keys.
type ownRule struct {
	codes.Rule
	line int
	keys map[string]int
}

type problem struct {
	codes.UserError
	line int
}

func newValidator(known *codes.Catalogue, f codes.RuleFile) *validator {
	return &validator{known: known, file: f}
}

func (v *validator) wrong(line int, says, fix codes.Message) {
	v.problems = append(v.problems, problem{codes.UserError{Says: says, Remedy: fix}, line})
}

// check finds the faults of single rules first; only rules without any are put
// to use.
func (v *validator) check() {
	for _, n := range v.nodes() {
		v.rule(n)
	}
	if len(v.problems) == 0 {
		v.use()
	}
	slices.SortStableFunc(v.problems, func(a, b problem) int { return a.line - b.line })
}

// form is the shortest rule, for those who have none yet.
func form() codes.Message {
	return codes.Say(codes.Text{
		EN: "a rule is: - {id: my-01, on: 550, match: 'words', reason: policy, en: …, ja: …, example: 550 words}",
		JA: "ルールの書式: - {id: my-01, on: 550, match: '文言', reason: policy, en: …, ja: …, example: 550 文言}"})
}

// nodes are the rules of the file: a list, or those of a provider.
func (v *validator) nodes() []*yaml.Node {
	var top yaml.Node
	if err := yaml.Unmarshal(v.file.Data, &top); err != nil {
		v.wrong(lineOf(err.Error()), codes.Say(codes.Text{EN: "this is not YAML: {why}", JA: "YAMLとして読めません: {why}"}, codes.Str("why", strings.TrimPrefix(err.Error(), "yaml: "))),
			codes.Say(codes.Text{EN: "put words with : # ' or { in quotes, indent with blanks only", JA: "「:」「#」「'」「{」を含む値は引用符で囲み、字下げには空白だけを使ってください"}))
		return nil
	}
	if n := codes.Crowded(&top); n != nil {
		v.wrong(n.Line, codes.Say(codes.Text{EN: "this has more than {n} entries", JA: "項目が{n}件を超えています"}, codes.Num("n", codes.MaxRuleValues)),
			codes.Say(codes.Text{EN: "split it into several files: --rules may be repeated", JA: "複数のファイルに分けてください(--rules は複数指定できます)"}))
		return nil
	}
	if len(top.Content) == 0 {
		v.wrong(0, codes.Say(codes.Text{EN: "the file holds no rules", JA: "ファイルにルールがありません"}), form())
		return nil
	}
	list := top.Content[0]
	if list.Kind == yaml.MappingNode {
		list = v.provider(list)
	}
	if list == nil {
		return nil
	}
	if list.Kind != yaml.SequenceNode || len(list.Content) == 0 {
		v.wrong(list.Line, codes.Say(codes.Text{EN: "here should be a list of rules", JA: "ここにはルールの一覧が必要です"}), form())
		return nil
	}
	return list.Content
}

// provider checks the form of a whole provider and gives its rules.
func (v *validator) provider(n *yaml.Node) *yaml.Node {
	v.keys(n, "id", "name", "hosts", "marks", "rules")
	if value(n, "id") == nil {
		v.wrong(n.Line, codes.Say(codes.Text{EN: "the provider has no id", JA: "事業者に id がありません"}), codes.Say(codes.Text{EN: "give it one: id: our-provider", JA: "id: our-provider のように指定してください"}))
	}
	rules := value(n, "rules")
	if rules == nil {
		v.wrong(n.Line, codes.Say(codes.Text{EN: "the provider has no rules", JA: "事業者に rules がありません"}), form())
	}
	return rules
}

// keys reports keys that the form does not have, and gives the lines of all.
func (v *validator) keys(n *yaml.Node, allowed ...string) map[string]int {
	lines := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		lines[key.Value] = key.Line
		if !slices.Contains(allowed, key.Value) {
			v.wrong(key.Line, codes.Say(codes.Text{EN: "there is no key {key}", JA: "{key} というキーはありません"}, codes.Quoted("key", key.Value)),
				didYouMean(key.Value, "", allowed, codes.Say(codes.Text{EN: "keys: {allowed}", JA: "使えるキー: {allowed}"}, codes.List("allowed", allowed))))
		}
	}
	return lines
}

func value(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

func (v *validator) rule(n *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		v.wrong(n.Line, codes.Say(codes.Text{EN: "this is not a rule", JA: "ルールの形になっていません"}), form())
		return
	}
	r := ownRule{line: n.Line, keys: v.keys(n, "id", "on", "match", "stage", "alone", "reason", "permanent", "action", "remedies", "en", "ja", "from", "certainty", "other", "example")}
	if err := n.Decode(&r.Rule); err != nil {
		line := lineOf(err.Error())
		if line == 0 {
			line = n.Line
		}
		v.wrong(line, codes.Say(codes.Text{EN: "a value has the wrong form: {why}", JA: "値の形が誤っています: {why}"}, codes.Str("why", lastLine(err.Error()))), form())
		return
	}
	v.identity(r)
	v.values(r)
	v.texts(r)
	v.rules = append(v.rules, r)
}

// at is the line of a key, or of the rule where the key is missing.
func (r ownRule) at(key string) int {
	if line, ok := r.keys[key]; ok {
		return line
	}
	return r.line
}

func (v *validator) identity(r ownRule) {
	another := codes.Say(codes.Text{EN: "give each rule an id of its own, such as my-01", JA: "my-01 のように、ルールごとに異なる id を付けてください"})
	switch {
	case r.ID == "":
		v.wrong(r.line, codes.Say(codes.Text{EN: "the rule has no id", JA: "ルールに id がありません"}), another)
	case slices.ContainsFunc(v.rules, func(o ownRule) bool { return o.ID == r.ID }):
		v.wrong(r.at("id"), codes.Say(codes.Text{EN: "the id {id} is given twice", JA: "id {id} が重複しています"}, codes.Quoted("id", r.ID)), another)
	default:
		if _, taken := v.known.Rule(r.ID); taken {
			v.wrong(r.at("id"), codes.Say(codes.Text{EN: "the id {id} belongs to a rule of todoku", JA: "id {id} は todoku のルールで使われています"}, codes.Quoted("id", r.ID)), another)
		}
	}
	if r.Match == "" && r.On == "" {
		v.wrong(r.line, codes.Say(codes.Text{EN: "{id} has neither on nor match: it would fit every reply", JA: "{id} に on も match もないため、すべての応答に該当してしまいます"}, codes.Str("id", r.ID)), form())
	}
	if _, err := regexp.Compile(r.Match); err != nil {
		v.wrong(r.at("match"), codes.Say(codes.Text{EN: "match is not a regular expression: {why}", JA: "match は正規表現として正しくありません: {why}"}, codes.Str("why", err.Error())),
			codes.Say(codes.Text{EN: "write it as Go does (RE2); put a backslash before ( ) [ ] . * + ? | that mean themselves", JA: "RE2(Go)の書式で書き、文字としての ( ) [ ] . * + ? | の前には \\ を付けてください"}))
	}
}

// values checks the words that must be known ones.
func (v *validator) values(r ownRule) {
	of := func(key, word string, allowed []string) {
		if !slices.Contains(allowed, word) {
			v.wrong(r.at(key), codes.Say(codes.Text{EN: "{key}: {value} is not known", JA: "{key} に {value} は指定できません"}, codes.Str("key", key), codes.Quoted("value", word)),
				didYouMean(word, "", allowed, codes.Say(codes.Text{EN: "use one of: {allowed}", JA: "次のいずれかを指定してください: {allowed}"}, codes.List("allowed", allowed))))
		}
	}
	reasons := names(v.known.Reasons(), func(r *codes.Reason) string { return r.ID })
	of("reason", r.Reason, reasons)
	if r.Other != nil {
		of("other", r.Other.Reason, reasons)
	}
	remedies := names(v.known.Remedies(), func(r *codes.Remedy) string { return r.ID })
	for _, id := range r.Remedies {
		of("remedies", id, remedies)
	}
	for _, s := range r.Stage {
		of("stage", string(s), stages())
	}
	if r.Action != "" {
		of("action", string(r.Action), actions())
	}
	if r.Certainty != "" {
		of("certainty", string(r.Certainty), []string{string(codes.Documented), string(codes.Observed), string(codes.General), string(codes.Unconfirmed), string(codes.Inferred)})
	}
}

func (v *validator) texts(r ownRule) {
	if (r.EN == "") != (r.JA == "") {
		v.wrong(r.line, codes.Say(codes.Text{EN: "{id} has its meaning in one language only", JA: "{id} の説明が片方の言語にしかありません"}, codes.Str("id", r.ID)),
			codes.Say(codes.Text{EN: "give both en and ja, or neither: then the reason's own text is shown", JA: "en と ja を両方指定するか、両方とも省いてください(省くと理由の説明を表示します)"}))
	}
	if r.Example == "" {
		v.wrong(r.line, codes.Say(codes.Text{EN: "{id} has no example", JA: "{id} に example がありません"}, codes.Str("id", r.ID)),
			codes.Say(codes.Text{EN: "give a reply that the rule is about: example: '550 5.7.1 words'", JA: "example: '550 5.7.1 文言' のように、対象の応答を指定してください"}))
	}
}

// use loads the rules and sends each example through all of them.
func (v *validator) use() {
	c, err := loadCodes(v.file)
	if err != nil {
		for _, e := range parts(err) {
			v.wrong(v.lineFor(e), codes.Say(codes.Text{EN: "{why}", JA: "{why}"}, codes.Str("why", strings.TrimPrefix(e, v.file.Name+": "))), form())
		}
		return
	}
	b := book{c}
	for _, own := range v.rules {
		r, _ := c.Rule(own.ID)
		p := paste.Parse(r.Example)
		got := c.Classify(p.Reply, b.exampleContext(&r, p))
		if got.Rule == r.ID {
			continue
		}
		by := got.Rule
		if by == "" {
			by = "–"
		}
		v.wrong(own.at("example"), codes.Say(codes.Text{EN: "the example does not reach {id}, but {other} ({reason})", JA: "例文が {id} ではなく {other}({reason})で判定されます"}, codes.Str("id", r.ID), codes.Str("other", by), codes.Str("reason", got.Reason.ID)),
			codes.Say(codes.Text{EN: "mend match, on or stage, or put the rule before the one that takes its replies", JA: "match・on・stage を直すか、先に該当するルールより前に置いてください"}))
	}
}

// lineFor finds the rule that a message of the catalogue is about: "my.yaml:
// rule my-01: on: …".
func (v *validator) lineFor(message string) int {
	for _, r := range v.rules {
		if _, rest, ok := strings.Cut(message, "rule "+r.ID+": "); ok {
			key, _, _ := strings.Cut(rest, ":")
			return r.at(key)
		}
	}
	return lineOf(message)
}

// parts are the messages of a joined error.
func parts(err error) []string {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		var out []string
		for _, e := range many.Unwrap() {
			out = append(out, e.Error())
		}
		return out
	}
	return []string{err.Error()}
}

// lineOf reads the line in a message of the YAML decoder: "line 3: …".
func lineOf(message string) int {
	_, rest, _ := strings.Cut(message, "line ")
	number, _, _ := strings.Cut(rest, ":")
	n, _ := strconv.Atoi(number)
	return n
}

// lastLine is a decoder's message without its heading and its line.
func lastLine(message string) string {
	message = strings.TrimSpace(message)
	message = strings.TrimSpace(message[strings.LastIndexByte(message, '\n')+1:])
	return strings.TrimPrefix(message, "line "+strconv.Itoa(lineOf(message))+": ")
}

func names[T any](entries []*T, name func(*T) string) []string {
	out := make([]string, len(entries))
	for i, e := range entries {
		out[i] = name(e)
	}
	return out
}

func stages() []string {
	return []string{string(codes.StageConnect), string(codes.StageEHLO), string(codes.StageSTARTTLS), string(codes.StageAuth), string(codes.StageMail),
		string(codes.StageRcpt), string(codes.StageData), string(codes.StageBody), string(codes.StageQuit)}
}

func actions() []string {
	return []string{string(codes.ActionNone), string(codes.ActionCorrectAddress), string(codes.ActionWait), string(codes.ActionSlowDown), string(codes.ActionFixDNS), string(codes.ActionFixSender),
		string(codes.ActionChangeMessage), string(codes.ActionContactRecipient), string(codes.ActionContactAdmin), string(codes.ActionContactList)}
}
