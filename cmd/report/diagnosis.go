package report

import (
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/guide"
	"todoku/diag/resolve"
)

// DiagnosisSchemaName is what diagnoses call their schema.
const DiagnosisSchemaName = "todoku/diagnosis/1"

// diagnoses is what the formats of diagnoses share: one is printed as it is, several are grouped by cause at the end.
type diagnoses struct {
	w      *page.Out
	o      Options
	groups []*group
	seed   maphash.Seed // of the hashes in the groups
}

func makeDiagnoses(w *page.Out, o Options) diagnoses {
	return diagnoses{w: w, o: o.WithWidth(), seed: maphash.MakeSeed()}
}

// diagnosisText prints for people.
func diagnosisText(w *page.Out, o Options) page.Printer[*guide.Diagnosis] {
	return &textDiagnoses{makeDiagnoses(w, o)}
}

type textDiagnoses struct{ diagnoses }

func (p *textDiagnoses) Put(d *guide.Diagnosis) error {
	if p.o.Many {
		p.add(d)
		return nil
	}
	t := makeText(p.w, p.o)
	p.text(t, d)
	return t.page.Flush()
}

func (p *textDiagnoses) Close() error { return p.groupsText() }

// diagnosisMarkdown prints for a ticket.
func diagnosisMarkdown(w *page.Out, o Options) page.Printer[*guide.Diagnosis] {
	return &markedDiagnoses{makeDiagnoses(w, o)}
}

type markedDiagnoses struct{ diagnoses }

func (p *markedDiagnoses) Put(d *guide.Diagnosis) error {
	if p.o.Many {
		p.add(d)
		return nil
	}
	m := page.NewMarkdown(p.w)
	p.markdown(m, d)
	return m.Flush()
}

func (p *markedDiagnoses) Close() error { return p.groupsMarkdown() }

// asDiagnosis is the JSON of a diagnosis.
func asDiagnosis(d *guide.Diagnosis, o Options) diagnosisJSON {
	p := makeDiagnoses(nil, o)
	return p.asJSON(d)
}

// Answer is the sentence that answers, in the language of the output.
func (p *diagnoses) Answer(d *guide.Diagnosis) string {
	l := p.o.Lang
	var said []string
	for _, o := range d.Outcomes {
		if o.Status == guide.Confirmed {
			says, data := o.Says()
			said = append(said, strings.TrimSpace(fill(says, data, l)))
		}
	}
	who := p.who(d.Case)
	refused := d.Case.Reply.Code >= 400 && d.Case.Verdict.Reason.Class != codes.ClassNetworkOrExpired
	switch {
	case d.Silent:
		return p.said(d, who) + codes.Text{EN: "Nobody answered: nothing could be looked up, so every cause stays open. Look again later, or ask another DNS server with --resolver.", JA: "どこからも応答がなく、何も確認できませんでした。すべての要因が未確定です。時間をおくか、--resolver で別のDNSサーバーを指定して、もう一度診断してください。"}.In(l)
	case len(said) == 0:
		return p.undecided(d, who)
	}
	return confirmedText(d, said, who, refused).In(l)
}

// confirmedText says which causes are confirmed. What is confirmed is the defect; that nothing else keeps the mail from
// arriving is not known.
func confirmedText(d *guide.Diagnosis, said []string, who string, refused bool) codes.Text {
	en, ja := "The mail did not arrive because "+said[0]+": confirmed.", "メールが届かない要因として、"+
		said[0]+"を確認しました。"
	switch {
	case d.Case.Verdict.Delivery.Result == resultOK: // nobody refused it
		meaning := d.Case.Verdict.Meaning
		en = meaning.EN + " What can keep it from the inbox: " + said[0] + " (confirmed)."
		ja = meaning.JA + "迷惑メールと判定される要因として、" + said[0] + "を確認しました。"
	case refused:
		en = who + " refused the mail because " + said[0] + ": confirmed."
		ja = who + "がメールを受け付けない要因として、" + said[0] + "を確認しました。"
	}
	if len(said) > 1 {
		en += " Also confirmed: " + strings.Join(said[1:], "; ") + "."
		ja += "ほかに、" + strings.Join(said[1:], "、") + "も確認しました。"
	}
	return codes.Text{EN: en, JA: ja}
}

// resultOK is the result of a delivery code that is no error.
const resultOK = "ok"

// allExcluded reports whether all causes of the error are excluded.
func (p *diagnoses) allExcluded(d *guide.Diagnosis) bool {
	return d.Answer() == nil && d.Count(guide.Open) == 0 && d.Count(guide.Excluded) > 0 && !d.Case.Arrived()
}

// undecided is the sentence where no cause is confirmed.
func (p *diagnoses) undecided(d *guide.Diagnosis, who string) string {
	l := p.o.Lang
	open, out := d.Count(guide.Open), d.Count(guide.Excluded)
	meaning := d.Case.Verdict.Meaning.In(l)
	switch {
	case d.Case.Arrived() && open == 0, d.Case.Verdict.Delivery.ID == codes.DeliveryNoReply:
		return meaning
	case p.allExcluded(d):
		return fmt.Sprintf(codes.Text{EN: "None of the documented causes is there now (%d excluded): send the mail again.", JA: "マニュアルに挙げられた要因は、現在どれも当てはまりません(%d件を除外)。再送してください。"}.In(l), out)
	case open == 0:
		return meaning
	case d.Cut != nil:
		return fmt.Sprintf(p.cutText(d).In(l), out, open)
	case d.Case.SymptomAlone():
		return symptomText(d.Case, p.o.Catalogue).In(l)
	case d.Case.Unread():
		return codes.Text{EN: "The text names no error that is known: give the whole reply, log line or bounce, or a delivery code.", JA: "入力からエラーの内容を読み取れません。応答・ログ・エラーメールの全文、またはメール配信コードを指定してください。"}.In(l)
	}
	counts := fmt.Sprintf(codes.Text{EN: "No cause is confirmed: %d excluded, %d open.", JA: "要因は確定していません(除外 %d件、未確定 %d件)。"}.In(l), out, open)
	if out == 0 {
		counts = codes.Text{EN: "No cause is confirmed or excluded yet.", JA: "要因はまだ確定も除外もできていません。"}.In(l)
	}
	if d.Case.Reply.Code == 0 && len(d.Case.Reply.Lines) == 0 {
		return strings.TrimSpace(d.Case.Verdict.Delivery.Meaning.In(l) + codes.Text{EN: " "}.In(l) + counts)
	}
	if d.Case.Reply.Enhanced.IsZero() && len(d.Case.Reply.Lines) == 0 {
		return bareText(d.Case).In(l) + counts
	}
	return p.said(d, who) + counts
}

// said is what the reply says, as the beginning of an answer; "" where there is no reply.
func (p *diagnoses) said(d *guide.Diagnosis, who string) string {
	meaning := d.Case.Verdict.Meaning
	switch {
	case len(d.Case.Reply.Lines) == 0 && d.Case.Reply.Enhanced.IsZero() || meaning.IsZero() || d.Case.Unread():
		return ""
	case p.o.Lang == codes.Japanese:
		return who + "の応答: " + meaning.JA
	}
	return who + " says: " + meaning.EN + " "
}

// bareText says of a code without a word of the server what is missing.
func bareText(c *guide.Case) codes.Text {
	code := c.Reply.String()
	if c.Format == "code" {
		code = c.Verdict.Delivery.ID
	}
	return codes.Text{EN: code + " alone does not tell the reason: the server's reply, or the whole bounce, narrows it down. ",
		JA: code + " だけでは理由を特定できません。サーバーの応答またはエラーメールの全文があれば、絞り込めます。"}
}

// cutText says what ended a look before its end, as a format of two counts.
func (p *diagnoses) cutText(d *guide.Diagnosis) codes.Text {
	if !d.Late {
		return codes.Text{EN: "Interrupted before everything was looked at: %d excluded so far, %d open.", JA: "確認の途中で中断しました(除外 %d件、未確定 %d件)。"}
	}
	return codes.Text{EN: "The deadline came before everything was looked at: %d excluded so far, %d open.", JA: "すべてを確認する前に期限が来ました(除外 %d件、未確定 %d件)。"}
}

// who names the receiver: the provider, else the server, else the domain.
func (p *diagnoses) who(c *guide.Case) string {
	if known, ok := p.o.Catalogue.Provider(c.Verdict.Provider); ok && c.Verdict.Provider != "" {
		return known.Name.In(p.o.Lang)
	}
	if host := strings.TrimSuffix(c.Context.Host, "."); host != "" {
		return shown(host) + codes.Text{JA: " "}.In(p.o.Lang) // Japanese goes on with a particle
	}
	return codes.Text{EN: "The receiver", JA: "受信側"}.In(p.o.Lang)
}

// outcomeText is a verdict in words.
func outcomeText(o guide.Outcome) codes.Text {
	switch o.Status {
	case guide.Confirmed:
		return codes.Text{EN: "CONFIRMED", JA: "確認済み"}
	case guide.Excluded:
		return codes.Text{EN: "excluded", JA: "除外"}
	}
	return codes.Text{EN: "open", JA: "未確定"}
}

// outcomeMark is the status whose sign a verdict has.
func outcomeMark(o guide.Outcome) diag.Status {
	switch o.Status {
	case guide.Confirmed:
		return diag.Fail
	case guide.Excluded:
		return diag.OK
	}
	return diag.Unknown
}

// proofs are what a verdict rests on, in words.
func proofs(o guide.Outcome, l codes.Lang) []string {
	var out []string
	for _, p := range o.Proofs {
		if s := strings.TrimSpace(shown(fill(p.Says, p.Data, l))); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	if c := o.FollowsFrom; c != nil {
		out = append(out, codes.Text{EN: "follows from: " + c.Title.EN, JA: "元の要因: " + c.Title.JA}.In(l))
	}
	for _, n := range o.Needs {
		if o.Status == guide.Open && len(out) == 0 {
			out = append(out, codes.Text{EN: "give " + needed(n.What), JA: needed(n.What) + " を指定してください"}.In(l))
		}
	}
	return out
}

// errorText is what kept us from an answer, in words.
func errorText(err error, l codes.Lang) string {
	var dns *resolve.Error
	if errors.As(err, &dns) {
		return unansweredText(dns).In(l)
	}
	var bound *diag.Bounded
	if errors.As(err, &bound) {
		return bound.Says().In(l)
	}
	var untold *diag.Untold
	if errors.As(err, &untold) {
		return untold.Says().In(l)
	}
	return failureWords(err, l)
}

// summary is the line of code, class, nature and pattern.
func (p *diagnoses) summary(t *text, d *guide.Diagnosis) string {
	v := d.Case.Verdict
	var parts []string
	if v.Delivery.ID != "" {
		s := v.Delivery.ID
		if v.Delivery.Certainty == codes.Inferred {
			s += codes.Text{EN: " (inferred)", JA: "(推定)"}.In(p.o.Lang)
		}
		parts = append(parts, s)
	}
	title := v.Reason.Title
	titled := v.Delivery.ID != "" && (v.Reason.ID == "unspecified" || v.Delivery.ID == codes.DeliveryNoReply)
	if titled {
		title = v.Delivery.Title
	}
	said := title.In(p.o.Lang)
	if !titled && p.o.Lang != codes.Japanese && v.Reason.Class != codes.ClassUnspecified { // an English word
		said += " (" + string(v.Reason.Class) + ")"
	}
	parts = append(parts, said)
	if v.Delivery.Result != resultOK && !p.allExcluded(d) { // the first sentence says to send again
		parts = append(parts, t.permanence(v))
	}
	if pattern := d.Case.Pattern(); pattern != "" {
		parts = append(parts, codes.Pattern{ID: pattern}.Label().In(p.o.Lang))
	}
	return strings.Join(parts, " · ")
}

// letterCommand is what writes the inquiry. The time is that of the sending, no
// other.
func letterCommand(c *guide.Case) codes.Command {
	values := codes.Values{codes.PlaceSender: c.From, codes.PlaceAddr: c.To}
	if !c.Time.IsZero() {
		values[codes.PlaceTime] = c.Time.Format(time.RFC3339)
	}
	return c.Quoting(codes.Todoku("letter", "--from", "SENDER", "--to", "ADDR", "--time",
		"TIME").Fill(values).Without(codes.PlaceSender, codes.PlaceAddr))
}

// needed is the flag that a need is answered with, and what it takes.
func needed(w guide.Wanted) string {
	switch w {
	case guide.NeedFrom:
		return "--from ADDR"
	case guide.NeedTo:
		return "--to ADDR"
	case guide.NeedIP:
		return "--ip ADDR"
	case guide.NeedSelector:
		return "--selector NAME"
	case guide.NeedMessage:
		return "--message FILE"
	case guide.NeedHistory:
		return "--history FILE"
	}
	return "FILE"
}
