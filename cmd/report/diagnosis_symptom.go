package report

import (
	"strings"

	"todoku/codes"
	"todoku/diag/guide"
)

// symptomText answers a text that tells what happened to the mail, and no code or reply.
func symptomText(c *guide.Case, catalogue *codes.Catalogue) codes.Text {
	if c.Symptom.NoResult {
		return codes.Text{EN: "The mail did not arrive. How to go on depends on the result of the sending: give the delivery code where it is an error, 40000 where it is ok.",
			JA: "メールが届いていないという事象です。送信結果が「エラー」か「正常」かで要因が異なります。「エラー」の場合はメール配信コードを、「正常」の場合は 40000 を指定してください。"}
	}
	more := codes.Text{EN: " A delivery code, the whole reply or the bounce tells the cause.",
		JA: "メール配信コード、応答またはエラーメールの全文があれば、要因を調べられます。"}
	if p, ok := catalogue.Pattern(c.Pattern()); ok {
		if p.ID == "E" || p.ID == "F" { // there is no code
			more = codes.Text{EN: " No server has replied yet, so there is no code.", JA: "相手サーバーの応答がまだないため、コードはありません。"}
		}
		name := p.Name()
		return codes.Text{EN: "The text is about " + name.EN + ": " + p.Title.EN + "." + more.EN,
			JA: name.JA + "「" + p.Title.JA + "」の事象です。" + more.JA}
	}
	list := c.Symptom.Patterns
	return codes.Text{EN: "The text fits several patterns: " + strings.Join(list, ", ") + "." + more.EN,
		JA: "該当する事象のパターンが複数あります(" + strings.Join(list, "、") + ")。" + more.JA}
}

// symptom prints the rest of such an answer: the steps of the pattern, and how to go on.
func (p *diagnoses) symptom(t *text, d *guide.Diagnosis) {
	next := symptomCommands(d)
	p.steps(t, d)
	t.line("")
	p.nextCommands(t, next)
	t.legend(withSteps(next, d))
}

// symptomCommands are the commands to go on with such an answer.
func symptomCommands(d *guide.Diagnosis) []codes.Command {
	if pattern := d.Case.Pattern(); pattern != "" {
		return []codes.Command{codes.Todoku("guide", "--pattern", "RULE").With(codes.PlaceRule, pattern)}
	}
	return []codes.Command{codes.Todoku("guide"), codes.Todoku("diagnose", "CODE", "--from", "SENDER", "--to", "ADDR")}
}
