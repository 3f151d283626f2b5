package report

import (
	"strings"
	"time"

	"todoku/codes"
	"todoku/diag/triage"
)

// planColumn is where it is said what to do with a part of the mails.
const planColumn = 11

// plan prints what to do with the mails that did not arrive.
func (p *triagePage) plan() {
	if len(p.r.Plan) == 0 {
		return
	}
	p.line("")
	p.line(p.planTitle())
	for _, s := range p.r.Plan {
		label, says := planText(s)
		p.para("  "+p.page.Pad(label.In(p.o.Lang), planColumn-2), planColumn, fill(says, planData(s, p.o.Lang), p.o.Lang))
	}
	if c := p.export(); !c.IsZero() {
		p.line("")
		p.commandAfter(p.toSuppress()+":", c)
	}
}

// planTitle stands above the plan, toSuppress before the command that lists whom to send nothing more.
func (p *triagePage) planTitle() string {
	return p.tr("The mails that did not arrive", "届かなかったメールの扱い")
}

func (p *triagePage) toSuppress() string {
	return p.tr("the addresses to suppress", "配信を止める宛先の一覧")
}

// planText is what to do with a part of the mails, in words.
func planText(s triage.Share) (label, says codes.Text) {
	switch s.Do {
	case triage.Suppress:
		return codes.Text{EN: "suppress", JA: "配信停止"}, codes.Text{EN: "{n} {recipient} ({reasons}): send nothing more to them", JA: "宛先{n}件({reasons})には、今後送信しないでください"}
	case triage.Mend:
		return codes.Text{EN: "mend", JA: "修正後"}, codes.Text{EN: "{n} {recipient} ({reasons}): send again when the cause is mended, not before", JA: "宛先{n}件({reasons})には、要因を修正してから再送してください"}
	case triage.Change:
		return codes.Text{EN: "change", JA: "本文変更"}, codes.Text{EN: "{n} {recipient} ({reasons}): change the mail, then send again", JA: "宛先{n}件({reasons})には、メールの内容を変更してから再送してください"}
	case triage.Resend:
		if s.RetryAfter > 0 {
			return codes.Text{EN: "resend", JA: "再送"}, codes.Text{EN: "{n} {recipient} ({reasons}): after {pause} or more, and slowly", JA: "宛先{n}件({reasons})には、{pause}以上おいてから、間隔をあけて再送してください"}
		}
		return codes.Text{EN: "resend", JA: "再送"}, codes.Text{EN: "{n} {recipient} ({reasons}): in a few hours, and slowly", JA: "宛先{n}件({reasons})には、数時間おいてから、間隔をあけて再送してください"}
	case triage.Ask:
		return codes.Text{EN: "ask", JA: "問い合わせ"}, codes.Text{EN: "{n} {recipient} ({reasons}): they or their administrator have to act; ask by another way", JA: "宛先{n}件({reasons})には、別の手段で受信者または受信側の管理者に連絡してください"}
	case triage.Undecided:
	}
	return codes.Text{EN: "unclear", JA: "未確定"}, codes.Text{EN: "{n} {recipient}: the reply does not tell; send once more, and look at the reply", JA: "宛先{n}件は、応答から判断できません。一度再送し、応答を確認してください"}
}

// maxReasons is how many reasons a part of the plan names.
const maxReasons = 3

func planData(s triage.Share, l codes.Lang) codes.Data {
	n, exact := s.Recipients.Count()
	count := thousands(n)
	if !exact {
		count = codes.Text{EN: "about ", JA: "約"}.In(l) + count
	}
	var reasons []string
	for i, r := range s.Reasons {
		if i == maxReasons {
			reasons = append(reasons, "…")
			break
		}
		reasons = append(reasons, r.Title.In(l))
	}
	if len(reasons) == 0 {
		reasons = append(reasons, codes.Text{EN: "complaints", JA: "迷惑メール報告"}.In(l))
	}
	return codes.Data{codes.Str("n", count), codes.Str("recipient", noun("recipient", n)),
		codes.Str("reasons", strings.Join(reasons, comma(l))), codes.Str("pause", pauseText(s.RetryAfter).In(l))}
}

// pauseText is a length of time in minutes or hours.
func pauseText(d time.Duration) codes.Text {
	switch minutes := int((d + time.Minute - 1) / time.Minute); {
	case minutes < 120:
		return filled(codes.Text{EN: "{n} min", JA: "{n}分"}, codes.Num("n", minutes))
	default:
		return filled(codes.Text{EN: "{n} h", JA: "{n}時間"}, codes.Num("n", (minutes+59)/60))
	}
}

// export is the command that lists the addresses to suppress; the zero one where there are none, or nothing to read again.
func (p *triagePage) export() codes.Command {
	if p.r.Plan[0].Do != triage.Suppress || p.o.Again.Name() != "triage" {
		return codes.Command{}
	}
	return p.o.Again.And(codes.Todoku("triage", "--events", "--plan", "suppress", "--format", "csv"))
}
