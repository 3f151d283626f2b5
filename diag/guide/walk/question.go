package walk

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"todoku/codes"
)

func (w *State) askSymptom() *Question {
	if slices.Contains(w.asked, "text") {
		return w.askText()
	}
	if w.NoResult {
		return w.askResult()
	}
	q := &Question{ID: "symptom", Says: codes.Text{EN: "What happened to the mail?", JA: "どのような事象ですか"}}
	for _, p := range w.catalogue.Patterns() {
		if w.Offered != nil && !slices.Contains(w.Offered, p.ID) {
			continue
		}
		q.Choices = append(q.Choices, Choice{ID: p.ID, Key: rune(p.ID[0]), Says: codes.Say(w.titled(*p))})
	}
	if w.Offered != nil {
		q.Choices = append(q.Choices, Choice{ID: ChooseNone, Says: codes.Say(codes.Text{EN: "None of these", JA: "この中にはない"})})
	}
	q.Choices = append(q.Choices, Choice{ID: ChooseText, Says: codes.Say(codes.Text{EN: "I have a code, a server's reply or a log line", JA: "コード、サーバーの応答、ログがある(貼り付けて判別)"})})
	return q
}

// askResult asks for the result of the sending, where all that is known is that the mail did not arrive.
func (w *State) askResult() *Question {
	choice := func(id string, key rune, en, ja string) Choice {
		return Choice{ID: id, Key: key, Says: codes.Say(codes.Text{EN: en, JA: ja})}
	}
	return &Question{ID: "symptom", Says: codes.Text{EN: "What is the result of the sending?", JA: "送信結果は「エラー」ですか、「正常」ですか"},
		Choices: []Choice{
			choice(ChooseError, 0, "Error", "エラー"),
			choice("D", 'D', "Ok", "正常"),
			choice("F", 'F', "Preparing, for some time", "「準備中」のまま"),
			choice("E", 'E', "None: an error page was shown when sending", "送信時にエラー画面が表示された(送信結果なし)"),
			choice(ChooseText, 0, "I have a code, a server's reply or a log line",
				"コード、サーバーの応答、ログがある(貼り付けて判別)"),
		}}
}

// titled is a pattern's title with its codes.
func (w *State) titled(p codes.Pattern) codes.Text {
	list := shortened(w.CodesOf(p.ID))
	name := codes.Text{EN: p.ID + ": " + p.Title.EN, JA: p.ID + ": " + p.Title.JA}
	if len(list) == 0 {
		return name
	}
	return codes.Text{EN: name.EN + " (" + strings.Join(list, ", ") + ")", JA: name.JA + "(" + strings.ReplaceAll(strings.Join(list, "、"), "-", "〜") + ")"}
}

// shortened are the codes of a pattern, in a few words: more than six have what is documented one by one or as a range
// without a gap, and temporary ones as "424xx".
func shortened(list []codes.Delivery) []string {
	var out []string
	for i := 0; i < len(list); {
		n := 1
		for i+n < len(list) && next(list[i+n-1].ID) == list[i+n].ID {
			n++
		}
		switch id := list[i].ID; {
		case len(list) > 6 && strings.HasPrefix(id, "424"):
			for n = 1; i+n < len(list) && strings.HasPrefix(list[i+n].ID, "424"); {
				n++
			}
			out = append(out, "424xx")
		case n > 2:
			out = append(out, id+"-"+list[i+n-1].ID)
		default:
			n = 1
			out = append(out, id)
		}
		i += n
	}
	return out
}

// next is the code that follows a code.
func next(id string) string {
	n, _ := strconv.Atoi(id)
	return strconv.Itoa(n + 1)
}

func (w *State) askText() *Question {
	return &Question{ID: "fact:text", Says: codes.Text{EN: "Paste the code, the reply or the log line", JA: "コード、応答、ログを貼り付けてください"},
		Parse: func(s string) (string, error) {
			if s = strings.TrimSpace(s); s == "" {
				return "", nil
			}
			if r := ReadSymptom(w.catalogue, s); len(r.Patterns) == 0 && !r.NoResult {
				return "", codes.Wrong(codes.Say(codes.Text{EN: "{value} is no code, reply or symptom that is known", JA: "{value} から事象を判別できません"}, codes.QuotedStart("value", s, 60)),
					codes.Say(codes.Text{EN: "paste a delivery code such as 42553, or a reply with its code; Enter alone goes back to the list", JA: "42553 のようなコード、または応答をコードごと貼り付けてください。何も入力せずにEnterを押すと一覧に戻ります"}))
			}
			return s, nil
		}}
}

// askCode asks which of the pattern's codes it is.
func (w *State) askCode() *Question {
	if slices.Contains(w.asked, "text") {
		return w.askText()
	}
	list := w.CodesOf(w.Pattern.ID)
	if len(list) < 2 || w.Facts[codes.PlaceCode] != "" || slices.Contains(w.asked, "code") {
		return nil
	}
	q := &Question{ID: "code", Says: codes.Text{EN: "Which delivery code is it?", JA: "メール配信コードはどれですか"}, Fallback: ChooseNone}
	for _, d := range list {
		q.Choices = append(q.Choices, Choice{ID: d.ID, Says: codes.Say(codes.Text{EN: d.ID + " " + d.Title.EN, JA: d.ID + " " + d.Title.JA})})
	}
	q.Choices = append(q.Choices, Choice{ID: ChooseText, Says: codes.Say(codes.Text{EN: "I have the server's reply or a log line", JA: "サーバーの応答またはログがある"})},
		Choice{ID: ChooseNone, Says: codes.Say(codes.Text{EN: "I do not know", JA: "分からない"})})
	return q
}

// askCause offers the check that decides, and the causes.
func (w *State) askCause() *Question {
	if w.Cause >= 0 {
		return nil
	}
	q := &Question{ID: "cause", Says: codes.Text{EN: "Which cause is it?", JA: "どの要因ですか"}, Fallback: ChooseAll}
	if look, may := w.look(); may {
		q.Choices = append(q.Choices, Choice{ID: ChooseLook, Says: told(codes.Text{EN: "Find out now: {command}", JA: "いま調べる: {command}"}, look.Command)})
		if w.options.Checks {
			q.Fallback = ChooseLook
		}
	}
	for i, c := range w.Pattern.Causes {
		says := codes.Text{EN: fmt.Sprintf("Cause %d: %s", i+1, c.Text.EN), JA: fmt.Sprintf("要因%s %s", codes.Circled(i+1), c.Text.JA)}
		if slices.Contains(w.Proven, i+1) {
			says.EN, says.JA = says.EN+" (CONFIRMED)", says.JA+"【確認済み】"
			if q.Fallback != ChooseLook {
				q.Fallback = causeID(w.Proven[0] - 1)
				q.Proposed = q.Fallback
			}
		}
		q.Choices = append(q.Choices, Choice{ID: causeID(i), Says: codes.Say(says)})
	}
	q.Choices = append(q.Choices, Choice{ID: ChooseAll, Says: codes.Say(codes.Text{EN: "Not known: go through all steps", JA: "分からない(すべての手順を順に進める)"})})
	return q
}

// look is the check that decides between the causes, where it may be offered.
func (w *State) look() (c Check, may bool) {
	c, may = w.can(w.decisive())
	return c, may && !slices.Contains(w.asked, "look")
}

// askCheck offers the check of the chosen cause.
func (w *State) askCheck() *Question {
	id := fmt.Sprintf("check:%d", w.Cause)
	if w.Cause < 1 || slices.Contains(w.asked, id) {
		return nil
	}
	cause := w.Pattern.Causes[w.Cause-1]
	c, may := w.can(Looks(cause.Check, cause.Guide))
	if !may {
		return nil
	}
	return &Question{ID: id, Says: codes.Text{EN: "Check this now?", JA: "いま確認しますか"}, Fallback: w.unasked(c),
		Lead:    []codes.Text{{EN: fmt.Sprintf("Cause %d: %s", w.Cause, cause.Text.EN), JA: fmt.Sprintf("要因%s %s", codes.Circled(w.Cause), cause.Text.JA)}},
		Choices: []Choice{runChoice(c), {ID: ChooseNext, Says: codes.Say(codes.Text{EN: "No, on to the steps", JA: "いいえ、解決方法に進む"})}}}
}

func runChoice(c Check) Choice {
	switch {
	case c.SendsMail():
		return Choice{ID: ChooseRun, Says: told(codes.Text{EN: "Send a test mail now: {command}", JA: "テストメールを送信する: {command}"}, c.Command)}
	case c.Writes():
		return Choice{ID: ChooseRun, Says: told(codes.Text{EN: "Write the inquiry: {command}", JA: "問い合わせ文を作成する: {command}"}, c.Command)}
	}
	return Choice{ID: ChooseRun, Says: told(codes.Text{EN: "Run the check: {command}", JA: "確認する: {command}"}, c.Command)}
}

// told is what is said of a command, with it.
func told(says codes.Text, c codes.Command) codes.Message {
	return codes.Say(says, codes.Typed("command", c))
}

// unasked is what happens with a check where nobody is asked.
func (w *State) unasked(c Check) string {
	if w.options.Checks && !c.Writes() && (w.options.Mails || !c.SendsMail()) {
		return ChooseRun
	}
	return ChooseNext
}

// askStep shows the first step that is not dealt with.
func (w *State) askStep() *Question {
	list := w.Remedies()
	for i, r := range list {
		if _, dealt := w.States[r.ID]; dealt {
			continue
		}
		q := &Question{ID: "step:" + r.ID, Step: &StepAsked{N: i + 1, Of: len(list), Remedy: r}, Says: codes.Text{EN: "How far is this step?", JA: "この手順はどうしますか"}, Fallback: ChooseNext}
		if c, may := w.can(Looks(r.Check, r.Guide)); may {
			q.Choices = append(q.Choices, runChoice(c))
			q.Fallback = w.unasked(c)
		}
		q.Choices = append(q.Choices, Choice{ID: ChooseDone, Says: codes.Say(codes.Text{EN: "Done", JA: "実施した"})},
			Choice{ID: ChooseLeft, Says: codes.Say(codes.Text{EN: "Not now", JA: "後で実施する"})},
			Choice{ID: ChooseSolved, Says: codes.Say(codes.Text{EN: "The mail arrives now", JA: "メールが届くようになった(終了)"})})
		return q
	}
	return nil
}

// StepAsked is a step that a question is about.
type StepAsked struct {
	N, Of  int // the first is 1
	Remedy codes.Remedy
}

// askFact asks for something that a check needs, or could use.
func (w *State) askFact(place codes.Place, needed bool) *Question {
	q := &Question{ID: "fact:" + string(place), Says: FactLabel(place),
		Parse: func(s string) (string, error) { return w.options.Read(place, s) }}
	if needed {
		q.Says.EN += " (needed for the check; Enter: not known)"
		q.Says.JA += "(確認に必要です。Enter: 不明)"
	} else {
		q.Says.EN += " (Enter: not known)"
		q.Says.JA += "(Enter: 不明)"
	}
	return q
}

// FactLabel names a fact.
func FactLabel(place codes.Place) codes.Text {
	return map[codes.Place]codes.Text{
		codes.PlaceCode:     {EN: "Delivery code", JA: "メール配信コード"},
		codes.PlaceReply:    {EN: "Reply of the server", JA: "サーバーの応答"},
		codes.PlaceSender:   {EN: "Sender's address", JA: "送信者E-mailアドレス"},
		codes.PlaceAddr:     {EN: "Recipient's address", JA: "宛先E-mailアドレス"},
		codes.PlaceInbox:    {EN: "Where that mail is read (imaps://HOST)", JA: "そのメールを読むメールボックス(imaps://ホスト名)"},
		codes.PlaceMailbox:  {EN: "Your own address, for a test", JA: "試験送信に使うご自身のE-mailアドレス"},
		codes.PlaceIP:       {EN: "IP address that sends the mail", JA: "メールを送信したIPアドレス"},
		codes.PlaceHost:     {EN: "Mail server of the application", JA: "アプリケーションの送信サーバー"},
		codes.PlaceHELO:     {EN: "Name that the mail server gives in EHLO", JA: "送信サーバーがEHLOで名乗るホスト名"},
		codes.PlaceFile:     {EN: "File with the bounce or the mail (.eml)", JA: "エラーメールまたはメールのファイル(.eml)"},
		codes.PlaceID:       {EN: "Id of the sending, as the history lists it", JA: "送信ID(送信履歴の一覧で確認)"},
		codes.PlaceTime:     {EN: "Date and time of the sending", JA: "メールを送信した日時"},
		codes.PlaceResolver: {EN: "Another DNS server to ask", JA: "別のDNSサーバー"},
	}[place]
}
