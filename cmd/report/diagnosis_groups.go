package report

import (
	"fmt"
	"hash/maphash"
	"slices"
	"strings"

	"todoku/codes"
	"todoku/diag/guide"
)

// group is what several mails have in common. It holds what is shown of them,
// however many they are.
type group struct {
	cause *guide.Cause     // nil where none is confirmed
	fault guide.Fault      // whose it is
	cut   bool             // these were not looked at to their end
	first *guide.Diagnosis // whose steps are shown
	says  sampleLines      // the sentences about it, each once
	mails sampleLines      // a line each: code, recipient, reply
	said  map[uint64]bool  // hashes of the sentences
}

// maxExamples is how many sentences and mails of a group are listed.
const maxExamples = 5

// sampleLines is a list of lines of which the first are shown and the rest are counted.
type sampleLines struct {
	shown []string
	count int
}

func (l *sampleLines) add(s string) {
	if l.count++; l.count <= maxExamples {
		l.shown = append(l.shown, s)
	}
}

// more is how many are not shown.
func (l *sampleLines) more() int { return l.count - len(l.shown) }

// add puts a diagnosis into the group of its first confirmed cause.
func (p *diagnoses) add(d *guide.Diagnosis) {
	a := d.Answer()
	g := p.group(a, d)
	var words []string
	for _, word := range []string{shown(d.Case.File), d.Case.Verdict.Delivery.ID, shown(d.Case.To), brief(d.Case.Reply.String())} {
		if word != "" {
			words = append(words, word)
		}
	}
	g.mails.add(strings.Join(words, "  "))
	if a == nil {
		return
	}
	because, data := a.Says()
	says := strings.TrimSpace(fill(because, data, p.o.Lang))
	if h := maphash.String(p.seed, says); says != "" && !g.said[h] {
		g.said[h] = true
		g.says.add(says)
	}
}

// group finds the group of a diagnosis, or makes it.
func (p *diagnoses) group(a *guide.Outcome, d *guide.Diagnosis) *group {
	var cause *guide.Cause
	if a != nil {
		cause = a.Cause
	}
	cut, fault := a == nil && d.Cut != nil, d.Fault()
	if i := slices.IndexFunc(p.groups, func(g *group) bool { return g.cause == cause && g.fault == fault && g.cut == cut }); i >= 0 {
		return p.groups[i]
	}
	g := &group{cause: cause, fault: fault, cut: cut, first: d, said: map[uint64]bool{}}
	p.groups = append(p.groups, g)
	return g
}

// sorted are the groups, the biggest first.
func (p *diagnoses) sorted() []*group {
	slices.SortStableFunc(p.groups, func(a, b *group) int { return b.mails.count - a.mails.count })
	return p.groups
}

// groupsText prints several diagnoses by their cause.
func (p *diagnoses) groupsText() error {
	t := makeText(p.w, p.o)
	if p.o.Failed > 1 {
		t.para("", 0, fill(failuresText, codes.Data{codes.Num("failures", p.o.Failed)}, p.o.Lang))
		t.line("")
	}
	for i, g := range p.sorted() {
		if i > 0 {
			t.line("")
		}
		count := g.counted(p.o.Lang)
		t.para(count, t.page.StringWidth(count), g.title(p.o.Lang))
		p.printSample(t, g.says, func(s string) { t.para("    ", 4, shown(s)) })
		p.printSample(t, g.mails, func(s string) { t.para("      ", 6, s) })
		if g.cause != nil {
			p.steps(t, g.first)
		}
	}
	return t.page.Flush()
}

// failuresText says how many mails of an input did not arrive.
var failuresText = codes.Text{EN: "{failures} failures in this text", JA: "このテキストには{failures}件のエラーがあります"}

// counted is how many mails a group has, to stand before its title.
func (g *group) counted(l codes.Lang) string {
	return fmt.Sprintf(codes.Text{EN: "%d × ", JA: "%d件: "}.In(l), g.mails.count)
}

// title is the cause of a group in words.
func (g *group) title(l codes.Lang) string {
	switch {
	case g.cut && g.first.Late:
		return codes.Text{EN: "not looked at to the end: the deadline came", JA: "期限が来たため、確認が終わっていません"}.In(l)
	case g.cut:
		return codes.Text{EN: "not looked at to the end: it was interrupted", JA: "中断したため、確認が終わっていません"}.In(l)
	case g.cause == nil:
		return codes.Text{EN: "no cause confirmed", JA: "要因は未確定"}.In(l)
	}
	return g.cause.Title.In(l) + codes.Text{EN: " (" + faultLabel(g.fault).EN + ")", JA: "(" + faultLabel(g.fault).JA + ")"}.In(l)
}

// printSample prints the first of a list and counts the rest.
func (p *diagnoses) printSample(t *text, list sampleLines, print func(string)) {
	for _, s := range list.shown {
		print(s)
	}
	if n := list.more(); n > 0 {
		t.line("      " + t.say(wMore, codes.Num("n", n)))
	}
}
