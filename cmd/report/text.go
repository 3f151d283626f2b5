package report

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/resolve"
)

// text prints for people: it is what the pages of all documents share.
type text struct {
	page  *page.Text
	o     Options
	words [wordCount]codes.Text
}

// reportPage prints reports for people: the verdict first, then per check what was seen, and for each finding what it is
// now, why it matters, what it should be, who changes it and when that is live.
type reportPage struct {
	*text
	written [diag.Fail + 1]int // reports, by their status
}

func reportText(w *page.Out, o Options) page.Printer[*diag.Report] {
	return &reportPage{text: makeText(w, o.WithWidth())}
}

func makeText(w *page.Out, o Options) *text {
	return &text{page: page.NewText(w, o.Width, o.Color), o: o, words: dictionary()}
}

// The columns of a report: the mark, the name of the check, what is said.
const (
	markColumn = 2
	textColumn = 13
	labelWidth = 6
)

// Put prints a report.
func (t *reportPage) Put(r *diag.Report) error {
	if sum(t.written) > 0 {
		t.line("")
	}
	t.written[counted(r.Status())]++
	t.head(r)
	for _, res := range r.Results {
		t.result(r, res)
	}
	t.since(r.Since)
	t.whatIf(r)
	t.next(r)
	return t.page.Flush()
}

// since says how the report differs from the baseline.
func (t *reportPage) since(s *diag.Since) {
	if s == nil {
		return
	}
	t.line("")
	t.para("", 0, t.sinceText(s))
	for _, m := range s.Mended {
		t.para("  ", 2, t.say(wMended, codes.Str("rule", m.Rule), codes.Str("subject", m.Subject)))
	}
}

func (t *text) sinceText(s *diag.Since) string {
	return t.say(wSince, codes.Num("new", s.New), codes.Num("changed", s.Changed), codes.Num("mended", len(s.Mended)),
		codes.Num("same", s.Same))
}

// Close counts the reports by their status where there are several.
func (t *reportPage) Close() error {
	if sum(t.written) < 2 {
		return nil
	}
	t.line("")
	t.line(t.countedText(t.written))
	return t.page.Flush()
}

// say gives a fixed text with its values in place.
func (t *text) say(w word, data ...codes.Datum) string {
	return fill(t.words[w], codes.Data(data), t.o.Lang)
}

func (t *text) line(s string) { t.page.Words(s) }

// para prints a wrapped text at a column, after a head that fills the columns
// before it on the first line.
func (t *text) para(head string, column int, s string) {
	t.page.Para(page.Words(head), column, page.Words(s))
}

// label prints a wrapped text behind one of the words why, fix and who.
func (t *text) label(w word, s string) {
	t.para(strings.Repeat(" ", textColumn)+t.page.Pad(t.say(w), labelWidth), textColumn+labelWidth, s)
}

// verdictOn is the name of what a report is about, its status, and how much is
// wrong with it.
func verdictOn(r *diag.Report, l codes.Lang) (name, status, counts string) {
	n, ignored := map[diag.Status]int{}, 0
	for _, res := range r.Results {
		if res.Err != nil {
			n[diag.Unknown]++
		}
		for _, f := range res.Findings {
			if f.Ignored() {
				ignored++
			} else {
				n[f.Rule.Severity]++
			}
		}
	}
	name = page.Clean(r.Target.Name)
	if r.Target.Name != r.Target.ASCII && r.Target.ASCII != "" && !strings.HasSuffix(r.Target.Name, "@"+r.Target.ASCII) {
		name += " (" + page.Clean(r.Target.ASCII) + ")"
	}
	words := dictionary()
	var parts []string
	for _, c := range []struct {
		s diag.Status
		w word
	}{{diag.Fail, wProblems}, {diag.Warn, wWarnings}, {diag.Unknown, wUnknowns}} {
		if n[c.s] > 0 {
			parts = append(parts, fill(words[c.w], codes.Data{codes.Num("n", n[c.s])}, l))
		}
	}
	if len(parts) == 0 {
		if len(r.Results) > 0 && !slices.ContainsFunc(r.Results, diag.Result.Looked) {
			return name, "–", fill(words[wNoSubject], nil, l)
		}
		parts = append(parts, fill(words[wPass], nil, l))
	}
	if ignored > 0 {
		parts = append(parts, fill(words[wIgnoredCount], codes.Data{codes.Num("n", ignored)}, l))
	}
	return name, statusText(r.Status()).In(l), strings.Join(parts, comma(l))
}

// head prints the verdict, with what it took at the end of the line.
func (t *reportPage) head(r *diag.Report) {
	name, status, counts := verdictOn(r, t.o.Lang)
	short := append(page.Words(name+"  "), verdict(r.Status(), status))
	left := short.Then("   " + counts)
	right := t.cost(r.Queries.Unique, r.Elapsed)
	gap := t.page.Width - t.page.StringWidth(left.String()) - t.page.StringWidth(right)
	switch {
	case gap >= 2:
		t.page.Line(left.Then(strings.Repeat(" ", gap) + right))
	case t.page.StringWidth(left.String()) <= t.page.Width:
		t.page.Line(left)
		t.line("  " + right)
	default:
		t.page.Line(short)
		t.para("  ", 2, counts)
		t.line("  " + right)
	}
	t.line("")
}

// cost says how many questions were asked, and how long it took.
func (t *text) cost(questions int, took time.Duration) string {
	w := wCounts
	if questions == 1 {
		w = wCountsOne
	}
	return t.say(w, codes.Num("n", questions), codes.Num("ms", int(took.Milliseconds())))
}

// comma is what stands between the names of a list.
func comma(l codes.Lang) string {
	if l == codes.Japanese {
		return "、"
	}
	return ", "
}

func (t *reportPage) result(r *diag.Report, res diag.Result) {
	if res.Check.Brief && res.Err == nil && res.Status() <= diag.Info {
		t.briefly(res)
		return
	}
	blank := strings.Repeat(" ", textColumn)
	head := append(page.Words(blank[:markColumn]), mark(res.Status())).Then(" " + t.page.Pad(res.Check.Title.In(t.o.Lang),
		textColumn-markColumn-2))
	for i, l := range t.facts(res) {
		if i > 0 {
			head = page.Words(blank)
		}
		said, room := page.Clean(l.text), t.page.Room(textColumn+l.indent)
		if t.page.StringWidth(said) > room { // all lines but the first begin two columns farther on
			room -= 2
		}
		for j, part := range t.page.Wrap(said, room) {
			if j > 0 {
				head = page.Words(blank + "  ")
			}
			t.page.Line(head.Then(strings.Repeat(" ", l.indent) + part))
		}
	}
	var last *diag.Rule
	for _, f := range worstFirst(res.Findings) {
		t.finding(r, f, f.Rule == last)
		last = f.Rule
	}
	if res.Err != nil {
		t.unanswered(res.Err)
	}
}

// briefly prints a result in which nothing is wrong on one line: the first of what was seen, and the rules.
func (t *reportPage) briefly(res diag.Result) {
	said := t.facts(res)[0].text
	for _, f := range res.Findings {
		if id := " · " + f.Rule.ID; !strings.Contains(said, id) {
			said += id
		}
	}
	head := append(page.Words(strings.Repeat(" ", markColumn)), mark(res.Status())).Then(" " + t.page.Pad(res.Check.Title.In(t.o.Lang),
		textColumn-markColumn-2))
	t.page.Para(head, textColumn, page.Words(said))
}

// worstFirst are findings in the order in which people read them; those of one severity keep theirs. Those that do not count
// come last.
func worstFirst(list []diag.Finding) []diag.Finding {
	rank := func(f diag.Finding) int {
		if f.Ignored() {
			return -1
		}
		return int(f.Rule.Severity)
	}
	return slices.SortedStableFunc(slices.Values(list), func(a, b diag.Finding) int { return cmp.Compare(rank(b), rank(a)) })
}

// statement prints the first sentence of a finding behind its mark.
func (t *text) statement(s diag.Status, sentence string) {
	head := append(page.Words(strings.Repeat(" ", textColumn-2)), mark(s)).Then(" ")
	t.page.Para(head, textColumn, page.Words(sentence))
}

// finding prints one paragraph; what the finding before it said about the same
// rule is not said again.
func (t *reportPage) finding(r *diag.Report, f diag.Finding, again bool) {
	if f.Ignored() {
		t.ignored(f)
		return
	}
	t.statement(f.Rule.Severity, shown(fill(f.Rule.Says, f.Data, t.o.Lang)))
	if ended := excepted(f, t.o.Lang); ended != "" {
		t.para(strings.Repeat(" ", textColumn), textColumn, shown(ended))
	}
	if f.Rule.Severity == diag.Info { // nothing to do: todoku explain has the rest
		t.reference(f.Rule)
		return
	}
	if again {
		t.records(f)
		return
	}
	advice := f.Advice()
	t.label(wWhy, shown(fill(advice.Why, f.Data, t.o.Lang)))
	t.label(wFix, shown(fill(advice.Fix, f.Data, t.o.Lang)))
	t.records(f)
	t.label(wWho, t.who(r, f))
	t.reference(f.Rule)
}

func (t *reportPage) records(f diag.Finding) {
	for _, rec := range f.Records {
		t.page.Line(page.Styled{{Text: strings.Repeat(" ", textColumn+labelWidth)}, {Text: masterLine(rec), Colour: page.Green}})
	}
}

// reference tells where to read on, on one line where there is room.
func (t *reportPage) reference(r *diag.Rule) {
	s := page.Words(r.ID + " · " + r.Ref)
	if more, fits := t.withCommand(s, " · ", explainRule(r), t.page.Width-textColumn); fits {
		t.page.Para(nil, textColumn, more)
		return
	}
	t.page.Para(nil, textColumn, s)
	t.commandLines("", textColumn, explainRule(r))
}

// who tells the owner, and how long the old record is remembered.
func (t *reportPage) who(r *diag.Report, f diag.Finding) string {
	zone := r.Target.Name[strings.LastIndexByte(r.Target.Name, '@')+1:]
	if r.Target.Kind == "message" {
		zone = resolve.ToUnicode(r.Target.ASCII)
		if len(f.Evidence) > 0 {
			zone = resolve.ToUnicode(f.Evidence[0].Name)
		}
	}
	if len(f.Records) > 0 && !resolve.Within(f.Records[0].Name, r.Target.ASCII) {
		zone = resolve.ToUnicode(ownZone(f.Records[0].Name))
	}
	zone = ownZone(zone)
	who := fill(ownerText(f.Advice().Owner), codes.Data{codes.Str("zone", zone)}, t.o.Lang)
	if ttl := changeTTL(f); ttl > 0 {
		return t.say(wLive, codes.Str("who", who), codes.Num("ttl", int(ttl)))
	}
	return who
}

// ownZone is a name without the labels that only name a record: that of _dmarc.a.test is a.test, whose DNS holds it.
func ownZone(name string) string {
	if at := strings.LastIndex("."+name, "._"); at >= 0 {
		if _, rest, ok := strings.Cut(name[at:], "."); ok && rest != "" {
			return rest
		}
	}
	return name
}

// changeTTL is for how many seconds the old answer is remembered where a record is what has to change; else 0.
func changeTTL(f diag.Finding) uint32 {
	if f.Advice().Owner != codes.OwnerDNS && len(f.Records) == 0 {
		return 0
	}
	return f.TTL()
}

// maxUnanswered is how many failed questions one check lists.
const maxUnanswered = 3

// unanswered prints what could not be looked up: which server failed, and how.
func (t *reportPage) unanswered(err error) {
	said := t.failed(err)
	for i, text := range said {
		if i == maxUnanswered {
			t.statement(diag.Unknown, t.say(wMore, codes.Num("n", len(said)-i)))
			break
		}
		t.statement(diag.Unknown, text)
	}
}

// failed is what could not be looked up, each once.
func (t *reportPage) failed(err error) (said []string) {
	for _, e := range failures(err, t.o.Lang) {
		if text := shown(unansweredText(e).In(t.o.Lang)); !slices.Contains(said, text) {
			said = append(said, text)
		}
	}
	return said
}

// unansweredText is a failed question in words: what was asked, how it failed, and at which server.
func unansweredText(e *resolve.Error) codes.Text {
	kind := e.Says
	if kind.IsZero() {
		kind = kindText(e.Kind)
	}
	before, after := "", ""
	if e.Name != "" {
		before = e.Name + " " + e.Type + ": "
	}
	if e.Kind == resolve.KindRcode {
		after += " " + e.Rcode
	}
	if e.Server != "" {
		after += " · " + e.Server
	}
	if e.EDE != "" {
		after += " · EDE " + e.EDE
	}
	if e.Message != "" {
		after += " · " + e.Message
	}
	return codes.Text{EN: before + kind.EN + after, JA: before + kind.JA + after}
}

// failures lists the failed questions of an error, each once.
func failures(err error, l codes.Lang) []*resolve.Error {
	var out []*resolve.Error
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range many.Unwrap() {
			for _, f := range failures(e, l) {
				if !slices.ContainsFunc(out, func(o *resolve.Error) bool { return *o == *f }) {
					out = append(out, f)
				}
			}
		}
		return out
	}
	var fail *resolve.Error
	if errors.As(err, &fail) {
		return []*resolve.Error{fail}
	}
	return []*resolve.Error{asError(err, l).Error}
}

// kindListRefused is check.KindListRefused: printers do not know the checks.
const kindListRefused resolve.Kind = "list_refused"

// helpFor is what to do about what could not be looked up: another resolver helps only where DNS gave no answer. Where
// nothing but words of the reader are missing, there is none: the check says which.
func helpFor(r *diag.Report) (help word, useful bool) {
	for _, res := range r.Results {
		if res.Err == nil {
			continue
		}
		for _, fail := range failures(res.Err, codes.English) {
			switch {
			case fail.Kind == diag.KindUntold:
			case fail.Says.IsZero() && !fail.Direct, // of DNS
				fail.Kind == kindListRefused: // the list may serve another resolver
				return wUnknownHelp, true
			default:
				useful = true
			}
		}
	}
	return wUnknownSMTP, useful
}

// next says what to do where something could not be looked up, and where something is wrong: to look again after the change.
func (t *reportPage) next(r *diag.Report) {
	if help, ok := helpFor(r); ok {
		t.line("")
		t.para("? ", 2, t.say(help))
	}
	again := t.again(r)
	if again.IsZero() {
		return
	}
	t.line("")
	t.commandAfter(t.againHead(r)+":", again)
}

// againHead says when to look again.
func (t *text) againHead(r *diag.Report) string {
	if ttl := longestTTL(r); ttl > 0 {
		return t.say(wAgainAfter, codes.Num("ttl", int(ttl)))
	}
	return t.say(wAgain)
}

// again is the command to look again after the change; nothing where nothing fails.
func (t *text) again(r *diag.Report) codes.Command {
	if t.o.Again.IsZero() || r.Status() != diag.Fail {
		return codes.Command{}
	}
	values := codes.Values{codes.PlaceDomain: r.Target.ASCII, codes.PlaceAddr: r.Target.Name}
	if r.Target.Kind == "message" && r.Target.Name != "-" {
		values[codes.PlaceFile] = r.Target.Name
	}
	again := t.o.Again.Fill(values)
	if len(again.Open()) > 0 {
		return codes.Command{}
	}
	return t.o.SameWorld(again)
}

// longestTTL is for how many seconds at most the answers behind what is wrong are remembered.
func longestTTL(r *diag.Report) (ttl uint32) {
	for _, res := range r.Results {
		for _, f := range res.Findings {
			if f.Rule.Severity == diag.Fail && !f.Ignored() {
				ttl = max(ttl, changeTTL(f))
			}
		}
	}
	return ttl
}

// explainRule is the command that tells more of a rule.
func explainRule(r *diag.Rule) codes.Command {
	return codes.Todoku("explain", "RULE").With(codes.PlaceRule, r.ID)
}
