package cmd

import (
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/codes"
)

// both is a text that is the same in both languages.
func both(s string) codes.Text { return codes.Text{EN: s, JA: s} }

func (w *trail) askSymptom() *question {
	if slices.Contains(w.asked, "text") {
		return w.askText()
	}
	q := &question{id: "symptom", says: codes.Text{EN: "What happened to the mail?", JA: "どのような事象ですか"}}
	for _, p := range w.catalogue.Patterns() {
		if w.offered != nil && !slices.Contains(w.offered, p.ID) {
			continue
		}
		q.choices = append(q.choices, choice{id: p.ID, key: rune(p.ID[0]), says: w.titled(*p)})
	}
	if w.offered != nil {
		q.choices = append(q.choices, choice{id: chooseNone, says: codes.Text{EN: "None of these", JA: "この中にはない"}})
	}
	q.choices = append(q.choices, choice{id: chooseText, says: codes.Text{EN: "I have a code, a server's reply or a log line", JA: "コード、サーバーの応答、ログがある(貼り付けて判別)"}})
	return q
}

// titled is a pattern's title with its codes.
func (w *trail) titled(p codes.Pattern) codes.Text {
	var ids []string
	for _, d := range w.codesOf(p.ID) {
		ids = append(ids, d.ID)
	}
	if len(ids) > 6 { // a range says it
		ids = []string{ids[0] + " … " + ids[len(ids)-1]}
	}
	if len(ids) == 0 {
		return codes.Text{EN: p.ID + ": " + p.Title.EN, JA: p.ID + ": " + p.Title.JA}
	}
	list := strings.Join(ids, ", ")
	return codes.Text{EN: p.ID + ": " + p.Title.EN + " (" + list + ")", JA: p.ID + ": " + p.Title.JA + "(" + list + ")"}
}

func (w *trail) askText() *question {
	return &question{id: "fact:text", says: codes.Text{EN: "Paste the code, the reply or the log line", JA: "コード、応答、ログを貼り付けてください"},
		parse: func(s string) (string, error) {
			if s = strings.TrimSpace(s); s == "" {
				return "", nil
			}
			if len(readSymptom(w.catalogue, s).patterns) == 0 {
				return "", codes.Wrong(codes.Say(codes.Text{EN: "{value} is no code, reply or symptom that is known", JA: "{value} から事象を判別できません"}, codes.QuotedStart("value", s, 60)),
					codes.Say(codes.Text{EN: "paste a delivery code such as 42553, or a reply with its code; Enter alone goes back to the list", JA: "42553 のようなコード、または応答をコードごと貼り付けてください。何も入力せずにEnterを押すと一覧に戻ります"}))
			}
			return s, nil
		}}
}

// askCode asks which of the pattern's codes it is.
func (w *trail) askCode() *question {
	if slices.Contains(w.asked, "text") {
		return w.askText()
	}
	list := w.codesOf(w.pattern.ID)
	if len(list) < 2 || w.facts[codes.PlaceCode] != "" || slices.Contains(w.asked, "code") {
		return nil
	}
	q := &question{id: "code", says: codes.Text{EN: "Which delivery code is it?", JA: "メール配信コードはどれですか"}, fallback: chooseNone}
	for _, d := range list {
		q.choices = append(q.choices, choice{id: d.ID, says: codes.Text{EN: d.ID + " " + d.Title.EN, JA: d.ID + " " + d.Title.JA}})
	}
	q.choices = append(q.choices, choice{id: chooseText, says: codes.Text{EN: "I have the server's reply or a log line", JA: "サーバーの応答またはログがある"}},
		choice{id: chooseNone, says: codes.Text{EN: "I do not know", JA: "分からない"}})
	return q
}

// askCause offers the check that decides, and the causes.
func (w *trail) askCause() *question {
	if w.cause >= 0 {
		return nil
	}
	q := &question{id: "cause", says: codes.Text{EN: "Which cause is it?", JA: "どの要因ですか"}, fallback: chooseAll}
	look, may := w.can(w.decisive())
	if may && !slices.Contains(w.asked, "look") {
		q.choices = append(q.choices, choice{id: chooseLook, says: told(codes.Text{EN: "Find out now: ", JA: "いま調べる: "}, look.Command)})
		if w.checks {
			q.fallback = chooseLook
		}
	}
	for i, c := range w.pattern.Causes {
		says := codes.Text{EN: fmt.Sprintf("Cause %d: %s", i+1, c.Text.EN), JA: fmt.Sprintf("要因%s %s", circled(i+1), c.Text.JA)}
		if slices.Contains(w.proven, i+1) {
			says.EN, says.JA = says.EN+" (CONFIRMED)", says.JA+"【確認済み】"
			if q.fallback != chooseLook {
				q.fallback = causeID(w.proven[0] - 1)
				q.proposed = q.fallback
			}
		}
		q.choices = append(q.choices, choice{id: causeID(i), says: says})
	}
	if len(q.choices) == 1 {
		w.cause = 1
		return nil
	}
	q.choices = append(q.choices, choice{id: chooseAll, says: codes.Text{EN: "Not known: go through all steps", JA: "分からない(すべての手順を順に進める)"}})
	return q
}

// circled is the number of a cause as Japanese manuals write it.
func circled(n int) string {
	if n >= 1 && n <= 20 {
		return string(rune('①' + n - 1))
	}
	return fmt.Sprint(n)
}

// askCheck offers the check of the chosen cause.
func (w *trail) askCheck() *question {
	id := fmt.Sprintf("check:%d", w.cause)
	if w.cause < 1 || slices.Contains(w.asked, id) {
		return nil
	}
	cause := w.pattern.Causes[w.cause-1]
	c, may := w.can(looks(cause.Check, cause.Guide))
	if !may {
		return nil
	}
	return &question{id: id, says: codes.Text{EN: "Check this now?", JA: "いま確認しますか"}, fallback: w.unasked(c),
		lead:    []codes.Text{{EN: fmt.Sprintf("Cause %d: %s", w.cause, cause.Text.EN), JA: fmt.Sprintf("要因%s %s", circled(w.cause), cause.Text.JA)}},
		choices: []choice{runChoice(c), {id: chooseNext, says: codes.Text{EN: "No, on to the steps", JA: "いいえ、解決方法に進む"}}}}
}

func runChoice(c command) choice {
	switch {
	case c.Mails():
		return choice{id: chooseRun, says: told(codes.Text{EN: "Send a test mail now: ", JA: "テストメールを送信する: "}, c.Command)}
	case c.writes():
		return choice{id: chooseRun, says: told(codes.Text{EN: "Write the inquiry: ", JA: "問い合わせ文を作成する: "}, c.Command)}
	}
	return choice{id: chooseRun, says: told(codes.Text{EN: "Run the check: ", JA: "確認する: "}, c.Command)}
}

// told is a command behind what is said of it.
func told(says codes.Text, c codes.Command) codes.Text {
	line := page.Command(c)
	return codes.Text{EN: says.EN + line, JA: says.JA + line}
}

// unasked is what happens with a check where nobody is asked.
func (w *trail) unasked(c command) string {
	if w.checks && !c.writes() && (w.mails || !c.Mails()) {
		return chooseRun
	}
	return chooseNext
}

// askStep shows the first step that is not dealt with.
func (w *trail) askStep() *question {
	list := w.remedies()
	for i, r := range list {
		if _, dealt := w.states[r.ID]; dealt {
			continue
		}
		q := &question{id: "step:" + r.ID, lead: w.stepLead(i, len(list), r), says: codes.Text{EN: "How far is this step?", JA: "この手順はどうしますか"}, fallback: chooseNext}
		if c, may := w.can(looks(r.Check, r.Guide)); may {
			q.choices = append(q.choices, runChoice(c))
			q.fallback = w.unasked(c)
		}
		q.choices = append(q.choices, choice{id: chooseDone, says: codes.Text{EN: "Done", JA: "実施した"}},
			choice{id: chooseLeft, says: codes.Text{EN: "Not now", JA: "後で実施する"}},
			choice{id: chooseSolved, says: codes.Text{EN: "The mail arrives now", JA: "メールが届くようになった(終了)"}})
		return q
	}
	return nil
}

func (w *trail) stepLead(i, n int, r codes.Remedy) []codes.Text {
	who := report.OwnerName(r.Owner)
	lead := []codes.Text{{EN: fmt.Sprintf("Step %d of %d [%s] %s", i+1, n, who.EN, r.Text.EN), JA: fmt.Sprintf("手順%d/%d [%s] %s", i+1, n, who.JA, r.Text.JA)}}
	if !r.When.IsZero() {
		lead = append(lead, codes.Text{EN: "Only when: " + r.When.EN, JA: "条件: " + r.When.JA})
	}
	return lead
}

// askFact asks for something that a check needs, or could use.
func (w *trail) askFact(place codes.Place, needed bool) *question {
	q := &question{id: "fact:" + string(place), says: factLabel(place), parse: w.parser(place)}
	if needed {
		q.says.EN += " (needed for the check; Enter: not known)"
		q.says.JA += "(確認に必要です。Enter: 不明)"
	} else {
		q.says.EN += " (Enter: not known)"
		q.says.JA += "(Enter: 不明)"
	}
	return q
}

// factLabel names a fact.
func factLabel(place codes.Place) codes.Text {
	return map[codes.Place]codes.Text{
		codes.PlaceCode:     {EN: "Delivery code", JA: "メール配信コード"},
		codes.PlaceReply:    {EN: "Reply of the server", JA: "サーバーの応答"},
		codes.PlaceSender:   {EN: "Sender's address", JA: "送信者E-mailアドレス"},
		codes.PlaceAddr:     {EN: "Recipient's address", JA: "宛先E-mailアドレス"},
		codes.PlaceIP:       {EN: "IP address that sends the mail", JA: "メールを送信したIPアドレス"},
		codes.PlaceHost:     {EN: "Mail server of the application", JA: "アプリケーションの送信サーバー"},
		codes.PlaceFile:     {EN: "File with the bounce or the mail (.eml)", JA: "エラーメールまたはメールのファイル(.eml)"},
		codes.PlaceID:       {EN: "Id of the sending, as the history lists it", JA: "送信ID(送信履歴の一覧で確認)"},
		codes.PlaceTime:     {EN: "Date and time of the sending", JA: "メールを送信した日時"},
		codes.PlaceResolver: {EN: "Another DNS server to ask", JA: "別のDNSサーバー"},
	}[place]
}

// parser tells what may stand for a fact. An empty answer is always one.
func (w *trail) parser(place codes.Place) func(string) (string, error) {
	check := func(s string) (string, error) { return s, nil }
	switch place {
	case codes.PlaceSender, codes.PlaceAddr:
		check = func(s string) (string, error) { return parseMailAddress(s, place == codes.PlaceSender) }
	case codes.PlaceIP:
		check = func(s string) (string, error) { ip, err := parseAddr(s); return ip.String(), err }
	case codes.PlaceFile:
		check = func(s string) (string, error) {
			if w.exists(s) {
				return s, nil
			}
			return "", codes.Wrong(codes.Say(codes.Text{EN: "there is no file {value}", JA: "{value} というファイルはありません"}, codes.QuotedStart("value", s, 80)), codes.Message{})
		}
	case codes.PlaceTime:
		check = func(s string) (string, error) {
			t, err := (&app{now: time.Now}).parseSince(s)
			return t.Format(time.RFC3339), err
		}
	case codes.PlaceCode:
		check = func(s string) (string, error) { return parseDeliveryCode(w.catalogue, s) }
	}
	return func(s string) (string, error) {
		s = strings.TrimSpace(s)
		switch {
		case s == "":
			return "", nil
		case hasControl(s):
			return "", codes.Wrong(codes.Say(codes.Text{EN: "a line break or control character is not allowed here", JA: "改行や制御文字は使用できません"}), codes.Message{})
		case strings.HasPrefix(s, "-"):
			return "", codes.Wrong(codes.Say(codes.Text{EN: "{value} looks like a flag", JA: "{value} はフラグのように見えます"}, codes.Quoted("value", s)), codes.Message{})
		}
		return check(s)
	}
}

// parseMailAddress takes an address; of the sender, a domain will do.
func parseMailAddress(s string, orDomain bool) (string, error) {
	if _, err := parseDomain(s); err == nil && orDomain {
		return s, nil
	}
	if a, err := mail.ParseAddress(s); err == nil {
		s = a.Address
	}
	at := strings.LastIndexByte(s, '@')
	if _, err := parseDomain(s[at+1:]); at < 1 || err != nil || strings.ContainsAny(s, " \t") {
		return "", codes.Wrong(codes.Say(codes.Text{EN: "{value} is no mail address", JA: "{value} はメールアドレスではありません"}, codes.QuotedStart("value", s, 80)),
			codes.Say(codes.Text{EN: "write it as name@example.jp", JA: "name@example.jp の形で指定してください"}))
	}
	return s, nil
}

func parseDeliveryCode(c *codes.Catalogue, s string) (string, error) {
	d, ok := c.Delivery(s)
	if !ok {
		return "", codes.Wrong(codes.Say(codes.Text{EN: "{value} is no delivery code", JA: "{value} はメール配信コードではありません"}, codes.QuotedStart("value", s, 60)),
			codes.Say(codes.Text{EN: "{command} lists them; give a reply with --reply", JA: "コードの一覧は {command} で確認できます。応答は --reply で指定してください"}, codes.Typed("command", codes.Todoku("explain", "--list", "codes"))))
	}
	return d.ID, nil
}
