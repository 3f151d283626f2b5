package check

import (
	"strconv"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/spf"
)

// SPFFacts is what the SPF check saw (RFC 7208). Slices are never nil.
type SPFFacts struct {
	Domain string `json:"domain"` // whose record it is
	Record string `json:"record"` // "" when there is none; the first where there are several
	// all SPF records that stand there: one is right
	Records []string `json:"records"`
	// of the first evaluation; without one: none, permerror or temperror where the record itself decides, else ""
	Result      spf.Result      `json:"result"`
	Explanation string          `json:"explanation"`
	Lookups     int             `json:"lookups"`      // of the whole tree, also beyond the limit
	VoidLookups int             `json:"void_lookups"` // of the whole tree
	Includes    int             `json:"includes"`     // include terms, nested ones counted
	Mechanism   string          `json:"mechanism"`    // that decided the first evaluation
	TTL         uint32          `json:"ttl"`
	Services    []string        `json:"services"` // who is known to send by what the tree includes
	Tree        []*spf.Node     `json:"tree"`
	Evaluations []SPFEvaluation `json:"evaluations"`
	Cut         bool            `json:"cut"`     // the tree is larger than we look: the counts are lower bounds
	Cheaper     []SPFStep       `json:"cheaper"` // how the record gets under the limit, step by step; empty unless it is over
}

func newSPFFacts() *SPFFacts {
	return &SPFFacts{Services: []string{}, Records: []string{}, Tree: []*spf.Node{}, Evaluations: []SPFEvaluation{}, Cheaper: []SPFStep{}}
}

// SPFEvaluation is check_host() for one address.
type SPFEvaluation struct {
	IP          string     `json:"ip"`
	MailFrom    string     `json:"mail_from"`
	HELO        string     `json:"helo"`
	Result      spf.Result `json:"result"`
	Mechanism   string     `json:"mechanism"` // "default" when nothing matched
	Domain      string     `json:"domain"`    // whose record held the mechanism
	Trail       []string   `json:"trail"`     // the terms that led to the result, from the outside in
	Explanation string     `json:"explanation"`
	Lookups     int        `json:"lookups"`
	VoidLookups int        `json:"void_lookups"`
	Problem     string     `json:"problem"` // why it is permerror or temperror
	Needs       string     `json:"needs"`   // the macro letters that decide and of which nobody told; then result is ""
}

// SPFStep is one change that makes a record cheaper and keeps its meaning.
type SPFStep struct {
	Action string `json:"action"` // "merge", "drop", "flatten"
	Term   string `json:"term"`
	Saves  int    `json:"saves"`
	Record string `json:"record"` // after this step
}

// Lines shows the record with its cost, the evaluations, and the tree where it matters.
func (f *SPFFacts) Lines() []diag.Line {
	if f.Record == "" {
		return append([]diag.Line{diag.NoRecord()}, f.evaluations()...)
	}
	var out []diag.Line
	for _, record := range f.Records {
		out = append(out, diag.Show("{record}", codes.Str("record", record)))
	}
	out = append(out,
		diag.Say(codes.Text{EN: "DNS look-ups: {n} (limit {limit})", JA: "DNS参照 {n}回(上限{limit}回)"},
			codes.Num("n", f.Lookups), codes.Num("limit", spf.MaxLookups)))
	out = append(out, f.evaluations()...)
	if len(f.Services) > 0 {
		out = append(out, diag.Say(codes.Text{EN: "services that send: {names}", JA: "配信サービス: {names}"}, codes.List("names", f.Services)))
	}
	if f.Lookups > spf.MaxLookups || len(f.Evaluations) > 0 {
		out = append(out, f.tree()...)
	}
	if len(f.Cheaper) > 0 {
		out = append(out, diag.Say(codes.Text{EN: "cheaper, step by step", JA: "参照回数を減らす手順"}))
	}
	for _, s := range f.Cheaper {
		out = append(out, s.line().By(2))
	}
	return out
}

// line says what a step does and what it saves.
func (s SPFStep) line() diag.Line {
	data := []codes.Datum{codes.Str("term", s.Term), codes.Num("n", s.Saves)}
	switch s.Action {
	case "merge":
		return diag.Say(codes.Text{EN: "merge {term}: saves {n}", JA: "{term} を統合: {n}回減ります"}, data...)
	case "flatten":
		return diag.Say(codes.Text{EN: "flatten {term}: saves {n}", JA: "{term} をIPアドレスに展開: {n}回減ります"}, data...)
	}
	return diag.Say(codes.Text{EN: "drop {term}: saves {n}", JA: "{term} を削除: {n}回減ります"}, data...)
}

func (f *SPFFacts) evaluations() []diag.Line {
	var out []diag.Line
	for _, e := range f.Evaluations {
		l := diag.Show("{ip}  ", codes.Str("ip", e.IP), codes.Str("result", string(e.Result)))
		if e.Needs != "" {
			out = append(out, l.And(codes.Text{EN: "depends on what was not told (%{needs})", JA: "指定されていない情報によります(%{needs})"}, codes.Str("needs", "{"+e.Needs+"}")))
		} else if e.Mechanism == "" {
			out = append(out, l.AndShow("{result}"))
		} else {
			out = append(out, l.And(codes.Text{EN: "{result} by {mechanism} of {domain}", JA: "{result}({domain} の {mechanism})"},
				codes.Str("mechanism", e.Mechanism), codes.Str("domain", e.Domain)))
		}
		if e.Explanation != "" {
			out = append(out, diag.Show("“{explanation}”", codes.Str("explanation", e.Explanation)).By(2))
		}
		if e.Problem != "" {
			out = append(out, diag.Show("{why}", codes.Str("why", e.Problem)).By(2))
		}
	}
	return out
}

// maxTree bounds the lines of one tree.
const maxTree = 60

// tree shows the terms that cost a look-up, under a head for the column of their running total.
func (f *SPFFacts) tree() []diag.Line {
	if len(f.Tree) == 0 {
		return nil
	}
	head := diag.Line{Total: codes.Text{EN: "running total", JA: "累計"}, Indent: 2}
	lines := terms(nil, f.Tree, 2)
	more := len(lines) - maxTree
	out := append([]diag.Line{head}, lines[:min(len(lines), maxTree)]...)
	if more > 0 {
		out = append(out, diag.More(more).By(2))
	}
	return out
}

func terms(out []diag.Line, nodes []*spf.Node, indent int) []diag.Line {
	for _, n := range nodes {
		l := diag.Show("{term}", codes.Str("term", n.Term)).By(indent)
		l.Total = codes.Same(strconv.Itoa(n.Running))
		if n.Result != spf.NodeOK && n.Result != "" {
			l.Note = codes.Same(n.Result)
		}
		out = terms(append(out, l), n.Children, indent+2)
	}
	return out
}
