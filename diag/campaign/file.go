package campaign

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"todoku/codes"
)

// MaxFile is the largest campaign file, in octets. Long lists of recipients stand in a file of their own.
const MaxFile = 1 << 20

// fileKeys are those of a campaign file, in the order in which people write them.
func fileKeys() []string {
	return []string{"from", "envelope", "helo", "ips", "esp", "selectors", "key", "message", "volume", "recipients", "tls"}
}

// reader reads one campaign file.
type reader struct {
	file string
	c    *Campaign
	at   map[string]*yaml.Node // the key's node, by its name
}

// Parse reads a campaign file. file is its name for errors. The error is a *codes.UserError with the line and column.
func Parse(file string, data []byte) (*Campaign, error) {
	r := &reader{file: file, c: &Campaign{Places: map[string]string{}}, at: map[string]*yaml.Node{}}
	top, err := r.top(data)
	if err != nil {
		return nil, err
	}
	for i := 0; i+1 < len(top.Content); i += 2 {
		if err := r.key(top.Content[i]); err != nil {
			return nil, err
		}
	}
	// from comes first: its domain is that of others.
	order := fileKeys()
	for _, key := range order {
		for i := 0; i+1 < len(top.Content); i += 2 {
			if top.Content[i].Value != key {
				continue
			}
			if err := r.value(key, top.Content[i+1]); err != nil {
				return nil, err
			}
		}
	}
	return r.c, r.whole(top)
}

// top is the mapping of the file.
func (r *reader) top(data []byte) (*yaml.Node, error) {
	if len(data) > MaxFile {
		return nil, &codes.UserError{Place: r.file,
			Says:   codes.Say(codes.Text{EN: "a campaign file has at most {n} octets", JA: "キャンペーンファイルは{n}バイトまでです"}, codes.Num("n", MaxFile)),
			Remedy: codes.Say(codes.Text{EN: "put the recipients into a CSV file, and name it with recipients:", JA: "宛先はCSVファイルに分け、recipients: でそのファイル名を指定してください"})}
	}
	if !utf8.Valid(data) {
		return nil, &codes.UserError{Place: r.file,
			Says:   codes.Say(codes.Text{EN: "this file is not in UTF-8", JA: "文字コードがUTF-8ではありません"}),
			Remedy: codes.Say(codes.Text{EN: "save it anew as UTF-8 (lists of recipients may be in Shift_JIS)", JA: "UTF-8で保存し直してください(宛先のリストはシフトJISのままで読めます)"})}
	}
	doc, second, err := codes.Documents(data)
	switch {
	case err != nil:
		return nil, r.notYAML(err)
	case second != nil:
		return nil, r.wrong(second, codes.Say(codes.Text{EN: "a second document begins here", JA: "ここから2つ目の文書が始まっています"}),
			codes.Text{EN: "write one campaign into one file: remove the line ---", JA: "1つのファイルには1つのキャンペーンだけを書いてください(--- の行を取り除く)"})
	case len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode:
		n := &yaml.Node{Line: 1, Column: 1}
		if len(doc.Content) > 0 {
			n = doc.Content[0]
		}
		return nil, r.wrong(n, codes.Say(codes.Text{EN: "this is no campaign file", JA: "キャンペーンファイルではありません"}), example())
	}
	return doc.Content[0], nil
}

// example is the remedy for a file that has nothing of a campaign.
func example() codes.Text {
	return codes.Text{EN: "write a key a line, such as from: news@example.jp, ips: [192.0.2.7], selectors: [s1], recipients: list.csv",
		JA: "from: news@example.jp、ips: [192.0.2.7]、selectors: [s1]、recipients: list.csv のように、1行に1項目ずつ書いてください"}
}

// notYAML is the error of a file that is no YAML. It names the line if the decoder's error does.
func (r *reader) notYAML(err error) error {
	place := r.file
	if _, rest, ok := strings.Cut(err.Error(), "line "); ok {
		line, _, _ := strings.Cut(rest, ":")
		place += ":" + line
	}
	return &codes.UserError{Place: place, Cause: err, Says: codes.Say(codes.Text{EN: "this is not YAML", JA: "YAMLとして読めません"}),
		Remedy: codes.Say(codes.Text{EN: "put values with : # ' or { in quotes, and indent with blanks only", JA: "「:」「#」「'」「{」を含む値は引用符で囲み、字下げには空白だけを使ってください"})}
}

// wrong is an error at a node.
func (r *reader) wrong(n *yaml.Node, says codes.Message, remedy codes.Text) error {
	return &codes.UserError{Place: r.place(n), Says: says, Remedy: codes.Say(remedy)}
}

func (r *reader) place(n *yaml.Node) string { return fmt.Sprintf("%s:%d:%d", r.file, n.Line, n.Column) }

// key looks at the name of a key: it is known, and stands once.
func (r *reader) key(n *yaml.Node) error {
	switch known := fileKeys(); {
	case !slices.Contains(known, n.Value):
		otherwise := codes.Say(codes.Text{EN: "the keys are {keys}", JA: "使える項目: {keys}"}, codes.List("keys", known))
		return &codes.UserError{Place: r.place(n), Remedy: codes.DidYouMean(n.Value, "", known, otherwise),
			Says: codes.Say(codes.Text{EN: "there is no key {key}", JA: "{key} という項目はありません"}, codes.QuotedStart("key", n.Value, 60))}
	case r.at[n.Value] != nil:
		return r.wrong(n, codes.Say(codes.Text{EN: "{key} stands here a second time; first in line {line}", JA: "{key} が2回書かれています(1回目は{line}行目)"},
			codes.Str("key", n.Value), codes.Num("line", r.at[n.Value].Line)), codes.Text{EN: "keep one of the two", JA: "どちらか一方を残してください"})
	}
	r.at[n.Value] = n
	r.c.Places[n.Value] = r.place(n)
	return nil
}

// whole looks at what only the whole file tells.
func (r *reader) whole(top *yaml.Node) error {
	switch {
	case r.at["from"] == nil:
		return r.wrong(top, codes.Say(codes.Text{EN: "the campaign has no from", JA: "from がありません"}),
			codes.Text{EN: "give the sender as recipients see it: from: news@example.jp", JA: "受信者に見える差出人を from: news@example.jp のように指定してください"})
	case len(r.c.IPs) > 0 && r.c.ESP != "":
		return r.wrong(r.at["esp"], codes.Say(codes.Text{EN: "ips and esp exclude each other", JA: "ips と esp は同時に指定できません"}),
			codes.Text{EN: "keep ips for addresses of your own, esp for those of a sending service", JA: "自社のIPアドレスから送る場合は ips、配信サービスから送る場合は esp だけを指定してください"})
	}
	return nil
}

// scalar is the text of a value that is one word or line.
func (r *reader) scalar(key string, n *yaml.Node, like string) (string, error) {
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		return "", r.noAlias(n)
	case n.Kind != yaml.ScalarNode || n.ShortTag() == "!!null" || strings.TrimSpace(n.Value) == "":
		return "", r.form(key, n, like)
	}
	return strings.TrimSpace(n.Value), nil
}

// list gives the texts of a value that is one or several.
func (r *reader) list(key string, n *yaml.Node, like string) ([]*yaml.Node, error) {
	nodes := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		nodes = n.Content
		if len(nodes) == 0 {
			return nil, r.form(key, n, like)
		}
	}
	for _, v := range nodes {
		if _, err := r.scalar(key, v, like); err != nil {
			return nil, err
		}
	}
	return nodes, nil
}

// form is the error of a value of the wrong form.
func (r *reader) form(key string, n *yaml.Node, like string) error {
	return &codes.UserError{Place: r.place(n),
		Says:   codes.Say(codes.Text{EN: "the value of {key} has the wrong form", JA: "{key} の値の形が誤っています"}, codes.Str("key", key)),
		Remedy: codes.Say(codes.Text{EN: "write it as {like}", JA: "{like} のように書いてください"}, codes.Str("like", like))}
}

func (r *reader) noAlias(n *yaml.Node) error {
	return r.wrong(n, codes.Say(codes.Text{EN: "anchors and aliases are not read in a campaign file", JA: "キャンペーンファイルではアンカーとエイリアスを使えません"}),
		codes.Text{EN: "write the value itself", JA: "値そのものを書いてください"})
}
