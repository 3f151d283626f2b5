package report

import (
	"strings"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/fix"
)

// FixNotes says what the records do not: what is left out and why, what no record mends, and what the checks find with the
// records in place.
func FixNotes(f Fix, l codes.Lang) []string {
	n := notes{lang: l}
	if unknown := f.unseen(l); len(unknown) > 0 && f.As.Comments() {
		n.say(codes.Text{EN: "not all could be looked at, so there may be more to mend: {checks}", JA: "確認できない項目があり、他にも修正が必要な可能性があります: {checks}"},
			codes.List("checks", unknown))
	}
	for _, left := range f.Left {
		n.left(left)
	}
	n.elsewhere(f)
	n.reasons(f)
	for _, x := range f.Other() {
		if x.Rule.Severity >= diag.Warn {
			n.finding(codes.Text{EN: "no record mends {rule} of {subject}: {text}", JA: "レコードの変更だけでは解決しません: {rule}({subject}) {text}"}, x, x.Advice().Fix)
		}
	}
	for _, x := range f.Still() {
		n.finding(codes.Text{EN: "with these records there is still {rule} of {subject}: {text}", JA: "この変更の後も残ります: {rule}({subject}) {text}"}, x, x.Advice().Fix)
	}
	for _, x := range f.Newly() {
		if x.Rule.Severity >= diag.Warn {
			n.finding(codes.Text{EN: "these records bring {rule} of {subject}: {text}", JA: "この変更により新たに検出されます: {rule}({subject}) {text}"}, x, x.Rule.Says)
		}
	}
	for _, r := range f.Unsure() {
		for _, line := range unknownOf(r.Err, l) {
			n.say(codes.Text{EN: "with these records, {check} could not be looked at: {why}", JA: "変更後のレコードでは確認できません: {check}({why})"},
				codes.Str("check", r.Check.Title.In(l)), codes.Str("why", line))
		}
	}
	if f.Bounded != nil {
		n.lines = append(n.lines, unknownOf(f.Bounded, l)...)
	}
	return n.lines
}

// unseen names the checks that could not look.
func (f Fix) unseen(l codes.Lang) []string {
	var out []string
	for _, r := range f.Before.Results {
		if r.Err != nil {
			out = append(out, r.Check.Title.In(l))
		}
	}
	return out
}

// FixUnknown says what could not be looked at, a line for each check: there may be more to mend.
func FixUnknown(f Fix, l codes.Lang) []string {
	var out []string
	for _, r := range f.Before.Results {
		if r.Err == nil {
			continue
		}
		why := unknownOf(r.Err, l)
		line := r.Check.Title.In(l) + ": " + why[0]
		if len(why) > 1 {
			line += page.Message(codes.Say(codes.Text{EN: " (and {n} more)", JA: "(ほか{n}件)"}, codes.Num("n", len(why)-1)), l)
		}
		out = append(out, line)
	}
	return out
}

// unknownOf is an error in words, a line for each question.
func unknownOf(err error, l codes.Lang) []string {
	var out []string
	for _, e := range failures(err, l) {
		out = append(out, unansweredText(e).In(l))
	}
	return out
}

// notes gathers lines.
type notes struct {
	lang  codes.Lang
	lines []string
}

func (n *notes) say(t codes.Text, d ...codes.Datum) {
	n.lines = append(n.lines, page.Message(codes.Say(t, d...), n.lang))
}

func (n *notes) finding(t codes.Text, f diag.Finding, text codes.Text) {
	n.say(t, codes.Str("rule", f.Rule.ID), codes.Str("subject", f.Subject), codes.Str("text", fill(text, f.Data, n.lang)))
}

// left says why a set is not among the records.
func (n *notes) left(x fix.Left) {
	set := []codes.Datum{codes.Str("name", x.Name), codes.Str("type", x.Type)}
	switch x.Reason {
	case fix.Alias:
		n.say(codes.Text{EN: "left out: {name} {type}: the name is an alias of {alias}; no other record may stand beside it",
			JA: "対象外: {name} {type}({alias} の別名(CNAME)のため、他のレコードを併置できません)"}, append(set, codes.Str("alias", x.Alias))...)
	case fix.Unread:
		n.say(codes.Text{EN: "left out: {name} {type}: what stands there now could not be found out: {why}",
			JA: "対象外: {name} {type}(現在のレコードを確認できません: {why})"}, append(set, codes.Str("why", strings.Join(unknownOf(x.Err, n.lang), "; ")))...)
	case fix.Worse:
		n.say(codes.Text{EN: "left out: {name} {type}: with it more would be wrong than without it", JA: "対象外: {name} {type}(変更すると、検出される問題が増えます)"}, set...)
	case fix.Strange:
		n.say(codes.Text{EN: "left out: {name} {type}: it holds characters that are not safe in every form; change it by hand",
			JA: "対象外: {name} {type}(形式によっては安全に表せない文字を含むため、手作業で変更してください)"}, set...)
	}
}

// reasons says why each set changes, and what to mind, where the form has no comments for it.
func (n *notes) reasons(f Fix) {
	if f.As.Comments() {
		return
	}
	for _, c := range f.first() {
		for _, why := range fixReasons(c, n.lang) {
			n.say(codes.Text{EN: "{name} {type}: {why}", JA: "{name} {type}: {why}"}, codes.Str("name", c.Name), codes.Str("type", c.Type),
				codes.Str("why", strings.TrimSpace(why)))
		}
	}
}

// elsewhere names the records that the form has no place for.
func (n *notes) elsewhere(f Fix) {
	if zones := f.zones(); (f.As == FixRoute53 || f.As == FixCloudflare) && len(zones) > 1 {
		for _, zone := range zones[1:] {
			for _, c := range f.in(zone) {
				n.say(codes.Text{EN: "left out: {name} {type}: it belongs to another zone ({zone}); --as zone shows it",
					JA: "対象外: {name} {type}(別のゾーン {zone} のレコードです。--as zone で表示できます)"},
					codes.Str("name", c.Name), codes.Str("type", c.Type), codes.Str("zone", zone))
			}
		}
	}
	for _, c := range f.Changes {
		if f.As == FixOctoDNS && !octoDNSTakes(c) {
			n.say(codes.Text{EN: "left out: {name} {type}: octoDNS takes texts of ASCII without quotes and backslashes only; --as zone shows it",
				JA: "対象外: {name} {type}(octoDNSが扱うのは、引用符とバックスラッシュを除くASCIIの文字列だけです。--as zone で表示できます)"},
				codes.Str("name", c.Name), codes.Str("type", c.Type))
		}
	}
}
