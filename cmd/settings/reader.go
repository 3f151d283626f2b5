package settings

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"todoku/codes"
)

// maxValues bounds how many values are read: aliases can name a long list many times.
const maxValues = 20_000

// Keys of the parts of the file that are no flags.
const (
	domainsKey = "domains"
	ignoreKey  = "ignore"
)

// place is where something stands in a file.
type place struct {
	file         string
	line, column int
}

func (p place) String() string {
	if p.line == 0 {
		return p.file
	}
	if p.column == 0 {
		return fmt.Sprintf("%s:%d", p.file, p.line)
	}
	return fmt.Sprintf("%s:%d:%d", p.file, p.line, p.column)
}

func (p place) fault(says, remedy codes.Message) Fault {
	return Fault{UserError: codes.UserError{Place: p.String(), Says: says, Remedy: remedy}, Line: p.line, Column: p.column}
}

func (p place) warning(says codes.Message, remedy codes.Text) Fault {
	f := p.fault(says, codes.Say(remedy))
	f.Warning = true
	return f
}

// reader reads one file.
type reader struct {
	out    *File
	with   Parsers
	faults []Fault
	values int // that were read
	rules  []string
}

// Parse reads a config file; name is what errors call it. Where there are faults, the file holds what could be read.
func Parse(name string, data []byte, with Parsers) (*File, []Fault) {
	r := &reader{out: &File{Name: name}, with: with}
	if top := r.top(data); top != nil {
		r.keys(top, r.topKey)
	}
	if r.values > maxValues {
		r.faults = []Fault{place{file: name}.fault(codes.Say(codes.Text{EN: "with its aliases this holds more than {n} values",
			JA: "エイリアスを展開すると、値が{n}個を超えます"}, codes.Num("n", maxValues)), codes.Say(Remedy()))}
	}
	slices.SortStableFunc(r.faults, func(a, b Fault) int { return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column)) })
	return r.out, r.faults
}

// top is the mapping of the file; nil where there is none.
func (r *reader) top(data []byte) *yaml.Node {
	at := place{file: r.out.Name}
	if len(data) > MaxFile {
		r.faults = append(r.faults, at.fault(codes.Say(codes.Text{EN: "a config file has at most {n} octets", JA: "設定ファイルは{n}バイトまでです"},
			codes.Num("n", MaxFile)), codes.Say(Remedy())))
		return nil
	}
	doc, second, err := codes.Documents(data)
	switch {
	case err != nil:
		r.notYAML(at, err)
		return nil
	case second != nil:
		r.wrong(second, codes.Say(codes.Text{EN: "a second document begins here", JA: "ここから2つ目の文書が始まっています"}),
			codes.Text{EN: "write everything into one document: remove the line ---", JA: "すべて1つの文書に書いてください(--- の行を取り除く)"})
		return nil
	case len(doc.Content) == 0 || doc.Content[0].ShortTag() == "!!null":
		return nil
	}
	if n := codes.FindOversized(doc); n != nil {
		r.wrong(n, codes.Say(codes.Text{EN: "this has more than {n} keys and values", JA: "キーと値が{n}個を超えています"},
			codes.Num("n", codes.MaxRuleValues)), Remedy())
		return nil
	}
	if top := doc.Content[0]; top.Kind == yaml.MappingNode {
		return top
	}
	r.notYAML(r.at(doc.Content[0]), nil)
	return nil
}

// Remedy is the remedy for a config file that is too large.
func Remedy() codes.Text {
	return codes.Text{EN: "a config file holds flags, domains and exceptions: leave out what is none; long lists of domains go to @FILE",
		JA: "設定ファイルにはフラグ、ドメイン、除外だけを書いてください(多数のドメインは @FILE で指定します)"}
}

// notYAML is the fault of a file that is no YAML, or no mapping. It names the line if the decoder's error does.
func (r *reader) notYAML(at place, err error) {
	if err != nil {
		if _, rest, ok := strings.Cut(err.Error(), "line "); ok {
			_, _ = fmt.Sscanf(rest, "%d", &at.line)
		}
	}
	f := at.fault(codes.Say(codes.Text{EN: "this is not YAML", JA: "YAMLとして読めません"}),
		codes.Say(codes.Text{EN: "write one key a line, such as \"lang: ja\"", JA: "「lang: ja」のように1行に1つのキーを書いてください"}))
	if err == nil {
		f.Says = codes.Say(codes.Text{EN: "this is no mapping of keys to values", JA: "キーと値の組になっていません"})
	}
	f.Cause = err
	r.faults = append(r.faults, f)
}

func (r *reader) at(n *yaml.Node) place { return place{r.out.Name, n.Line, n.Column} }

// wrong adds a fault at a node.
func (r *reader) wrong(n *yaml.Node, says codes.Message, remedy codes.Text) {
	r.wrongly(n, says, codes.Say(remedy))
}

func (r *reader) wrongly(n *yaml.Node, says, remedy codes.Message) {
	r.faults = append(r.faults, r.at(n).fault(says, remedy))
}

// refused adds the error of a parser at a node.
func (r *reader) refused(n *yaml.Node, err error) {
	at := r.at(n)
	r.faults = append(r.faults, Fault{UserError: *refusal(at, err), Line: at.line, Column: at.column})
}

// refusal is the error of a parser with its place.
func refusal(at place, err error) *codes.UserError {
	if moved, ok := codes.At(at.String(), err).(*codes.UserError); ok {
		return moved
	}
	return &codes.UserError{Place: at.String(), Says: codes.Say(codes.Text{EN: "this value is refused", JA: "この値は使えません"}), Cause: err}
}

// keys reads the keys of a mapping. A key that stands twice is a fault.
func (r *reader) keys(mapping *yaml.Node, read func(key, value *yaml.Node)) {
	seen := map[string]int{}
	for i := 0; i+1 < len(mapping.Content) && r.values <= maxValues; i += 2 {
		key := mapping.Content[i]
		r.values++
		switch first, twice := seen[key.Value]; {
		case key.Kind != yaml.ScalarNode:
			r.wrong(key, codes.Say(codes.Text{EN: "a key is one word", JA: "キーには1つの語を書いてください"}),
				codes.Text{EN: "write it as key: value", JA: "「キー: 値」の形で書いてください"})
		case twice:
			r.wrong(key, codes.Say(codes.Text{EN: "{key} stands here a second time; first in line {line}", JA: "{key} が2回書かれています(1回目は{line}行目)"},
				codes.Start("key", key.Value, 60), codes.Num("line", first)), codes.Text{EN: "keep one of the two", JA: "どちらか一方を残してください"})
		default:
			seen[key.Value] = key.Line
			read(key, target(mapping.Content[i+1]))
		}
	}
}

// target is the node that an alias names, and any other node itself.
func target(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

// topKey reads a key at the top.
func (r *reader) topKey(key, value *yaml.Node) {
	switch key.Value {
	case domainsKey:
		r.domains(key, value)
		return
	case ignoreKey:
		r.exceptions(value, "")
		return
	}
	nodes, flat := r.scalars(value)
	if !flat {
		r.wrongly(key, codes.Say(codes.Text{EN: "the value of {key} is nested", JA: "{key} の値が入れ子になっています"}, codes.Start("key", key.Value, 60)),
			codes.DidYouMean(key.Value, "", []string{domainsKey, ignoreKey},
				codes.Say(codes.Text{EN: "a flag takes a value or a list of values", JA: "値、または値のリストを書いてください"})))
		return
	}
	v := Value{Key: key.Value, Flag: key.Value, Place: r.at(key).String(), at: r.at(key), Texts: make([]string, len(nodes))}
	for i, n := range nodes {
		if n.ShortTag() != "!!null" {
			v.Texts[i] = n.Value
		}
	}
	r.out.Flags = append(r.out.Flags, v)
}

// scalars are a value, or the values of a list; false where one of them is no scalar.
func (r *reader) scalars(n *yaml.Node) ([]*yaml.Node, bool) {
	nodes := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		nodes = make([]*yaml.Node, len(n.Content))
		for i, v := range n.Content {
			nodes[i] = target(v)
		}
	}
	if r.values += len(nodes); r.values > maxValues {
		return nil, true
	}
	return nodes, !slices.ContainsFunc(nodes, func(v *yaml.Node) bool { return v.Kind != yaml.ScalarNode })
}
