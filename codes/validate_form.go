package codes

import (
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// nodes are the rules of the file: a list, or those of a provider.
func (v *validator) nodes() []*yaml.Node {
	top, second, err := Documents(v.file.Data)
	if err != nil {
		why := strings.TrimPrefix(err.Error(), "yaml: ")
		v.wrongAt(syntaxLine(why), 0, Say(Text{EN: "this is not YAML: {why}", JA: "YAMLとして読めません: {why}"}, Str("why", why)),
			Say(Text{EN: "put words with : # ' or { in quotes, indent with blanks only", JA: "「:」「#」「'」「{」を含む値は引用符で囲み、字下げには空白だけを使ってください"}))
		return nil
	}
	if second != nil {
		v.wrong(second, Say(Text{EN: "a second document begins here", JA: "ここから2つ目の文書が始まっています"}),
			Say(Text{EN: "put all rules into one list, without --- between them", JA: "「---」で区切らず、すべてのルールを1つの一覧にまとめてください"}))
		return nil
	}
	if n := FindOversized(top); n != nil {
		v.wrong(n, Say(Text{EN: "this has more than {n} entries", JA: "項目が{n}件を超えています"}, Num("n", MaxRuleValues)),
			Say(Text{EN: "split it into several files: --rules may be repeated", JA: "複数のファイルに分けてください(--rules は複数指定できます)"}))
		return nil
	}
	if len(top.Content) == 0 {
		v.wrong(nil, Say(Text{EN: "the file holds no rules", JA: "ファイルにルールがありません"}), ruleForm())
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
		v.wrong(list, Say(Text{EN: "here should be a list of rules", JA: "ここにはルールの一覧が必要です"}), ruleForm())
		return nil
	}
	return list.Content
}

// provider checks the form of a whole provider and gives its rules.
func (v *validator) provider(n *yaml.Node) *yaml.Node {
	v.keys(n, keysOf[Provider]())
	if value(n, "id") == nil {
		v.wrong(n, Say(Text{EN: "the provider has no id", JA: "事業者に id がありません"}), Say(Text{EN: "give it one: id: our-provider", JA: "id: our-provider のように指定してください"}))
	}
	rules := value(n, "rules")
	if rules == nil {
		v.wrong(n, Say(Text{EN: "the provider has no rules", JA: "事業者に rules がありません"}), ruleForm())
	}
	head := *n
	head.Content = nil
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i+1] != rules {
			head.Content = append(head.Content, n.Content[i:i+2]...)
		}
	}
	if at, err := wrongForm[Provider](&head); err != nil {
		v.wrong(at, Say(Text{EN: "a value has the wrong form: {why}", JA: "値の形が誤っています: {why}"}, Str("why", formWords(err))), ruleForm())
	}
	return rules
}

// keys reports keys that the form does not have, and gives the places of all.
func (v *validator) keys(n *yaml.Node, allowed []string) map[string]*yaml.Node {
	places := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		places[key.Value] = key
		if !slices.Contains(allowed, key.Value) {
			v.wrong(key, Say(Text{EN: "there is no key {key}", JA: "{key} というキーはありません"}, Quoted("key", key.Value)),
				DidYouMean(key.Value, "", allowed, Say(Text{EN: "keys: {allowed}", JA: "使えるキー: {allowed}"}, List("allowed", allowed))))
		}
	}
	return places
}

// keysOf are the keys that the decoder takes for a struct.
func keysOf[T any]() []string {
	var keys []string
	for f := range reflect.TypeFor[T]().Fields() {
		if f.IsExported() && f.Tag.Get("yaml") != "-" {
			keys = append(keys, strings.ToLower(f.Name))
		}
	}
	return keys
}

func value(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// wrongForm finds the value of a mapping that a T cannot hold, or the second of
// two equal keys, with what the decoder says of it.
func wrongForm[T any](n *yaml.Node) (*yaml.Node, error) {
	var whole T
	err := n.Decode(&whole)
	if err == nil {
		return nil, nil
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if seen[key.Value] {
			return key, err
		}
		seen[key.Value] = true
		var one T
		pair := yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{key, value}}
		if err := pair.Decode(&one); err != nil {
			return value, err
		}
	}
	return n, err
}

// formWords are the decoder's words without its heading and its line.
func formWords(err error) string {
	words := err.Error()
	var many *yaml.TypeError
	if errors.As(err, &many) && len(many.Errors) > 0 {
		words = many.Errors[len(many.Errors)-1]
	}
	if rest, ok := strings.CutPrefix(words, "line "); ok {
		_, words, _ = strings.Cut(rest, ": ")
	}
	return words
}

// syntaxLine is the line of what is no YAML at all, which the decoder tells in
// its words only: "line 3: …".
func syntaxLine(words string) int {
	_, rest, _ := strings.Cut(words, "line ")
	number, _, _ := strings.Cut(rest, ":")
	n, _ := strconv.Atoi(number)
	return n
}

// parts are the errors of a joined error.
func parts(err error) []error {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		return many.Unwrap()
	}
	return []error{err}
}

func names[T any](entries []*T, name func(*T) string) []string {
	out := make([]string, len(entries))
	for i, e := range entries {
		out[i] = name(e)
	}
	return out
}

func words[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

func stages() []Stage {
	return []Stage{StageConnect, StageEHLO, StageSTARTTLS, StageAuth, StageMail, StageRcpt, StageData, StageBody, StageQuit}
}

func actions() []Action {
	return []Action{ActionNone, ActionCorrectAddress, ActionWait, ActionSlowDown, ActionFixDNS, ActionFixSender,
		ActionChangeMessage, ActionContactRecipient, ActionContactAdmin, ActionContactList}
}
