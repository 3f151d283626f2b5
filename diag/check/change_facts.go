package check

import (
	"todoku/codes"
	"todoku/diag"
)

// ChangeFacts are the record sets of a change, before and after it.
type ChangeFacts struct {
	Records []ChangedSet `json:"records"`
}

// ChangedSet is a record set before and after the change.
type ChangedSet struct {
	Name      string   `json:"name"`
	Type      string   `json:"type"`
	Before    []string `json:"before"`    // what DNS has today
	After     []string `json:"after"`     // none: the set is to be gone
	Known     bool     `json:"known"`     // DNS answered: without an answer nobody knows what goes
	Undecided bool     `json:"undecided"` // nobody knows yet what it will hold
	Alias     string   `json:"alias"`     // the name is an alias of this one today; "": it is none
}

// Looked reports whether there is a change.
func (f *ChangeFacts) Looked() bool { return len(f.Records) > 0 }

// Lines shows each set before and after.
func (f *ChangeFacts) Lines() []diag.Line {
	if len(f.Records) == 0 {
		return []diag.Line{diag.None(codes.Text{EN: "nothing changes", JA: "変更されるレコードはありません"})}
	}
	var out []diag.Line
	for i, r := range f.Records {
		if i == maxHosts {
			return append(out, diag.More(len(f.Records)-i))
		}
		head := diag.Show("{name} {type}", codes.Str("name", r.Name), codes.Str("type", r.Type))
		if r.Alias != "" {
			head = head.And(codes.Text{EN: " (today an alias of {alias})", JA: "(現在は {alias} の別名)"}, codes.Str("alias", r.Alias))
		}
		out = append(out, head)
		before := codes.Text{EN: "before: {value}", JA: "変更前: {value}"}
		if r.Known {
			out = append(out, valueLines(before, r.Before)...)
		} else {
			out = append(out, diag.Say(before, codes.Words("value", codes.Text{EN: "unknown", JA: "不明"})).By(2))
		}
		after := codes.Text{EN: "after:  {value}", JA: "変更後: {value}"}
		if r.Undecided {
			out = append(out, diag.Say(after, codes.Words("value", codes.Text{EN: "unknown", JA: "不明"})).By(2))
		} else {
			out = append(out, valueLines(after, r.After)...)
		}
	}
	return out
}

// valueLines are the values of one side of a change.
func valueLines(words codes.Text, values []string) (out []diag.Line) {
	for i, v := range values {
		if i == maxHosts {
			return append(out, diag.More(len(values)-i).By(2))
		}
		out = append(out, diag.Say(words, codes.Str("value", v)).By(2))
	}
	if len(values) == 0 {
		out = append(out, diag.Say(words, codes.Words("value", codes.Text{EN: "none", JA: "なし"})).By(2))
	}
	return out
}
