package report

import (
	"fmt"
	"strings"
	"time"

	"todoku/cmd/report/page"
	"todoku/diag"
	"todoku/sender/mail"
	"todoku/sender/mailbox"
)

// Expected is what a mailbox that todoku can read has of a mail that was sent (send --expect-in).
type Expected struct {
	Mailbox string         // its URL
	Found   *mailbox.Found // nil: it was not seen in time, or the mailbox could not be read
	Err     error          // that the mailbox could not be read
	Waited  time.Duration
	Delay   time.Duration     // between the end of the sending and the arrival
	Results []mail.AuthResult // what the receiver says of SPF, DKIM and DMARC
	Added   []string          // names of header fields that were added on the way
	Hops    int               // servers on the way: fields Received that were added
}

// State is where the mail is: inbox, junk, missing (not seen in time), unreadable (nobody knows).
func (e Expected) State() string {
	switch {
	case e.Err != nil:
		return "unreadable"
	case e.Found == nil:
		return "missing"
	case e.Found.Junk:
		return "junk"
	}
	return "inbox"
}

// expectedPage tells where a mail arrived, in the form of sendings.
type expectedPage struct{ sendingPage }

// Expected tells of a mail where it arrived, for people.
func (p *SendingOutput) Expected(all []Expected) {
	p.forPeople(func(t *textSendings) {
		s := expectedPage{makeSendingPage(t.w, t.o)}
		for _, e := range all {
			s.line("")
			s.expected(e)
		}
		_ = s.page.Flush() // the end of the run tells of it
	})
}

// ForPeople reports whether people read the output as it comes.
func (p *SendingOutput) ForPeople() bool { return p.people != nil }

func (t expectedPage) expected(e Expected) {
	status, words := diag.OK, ""
	switch e.State() {
	case "unreadable":
		status, words = diag.Unknown, errorText(e.Err, t.o.Lang)
	case "missing":
		status = diag.Unknown
		words = fmt.Sprintf(t.tr("not seen within %s: it may yet come, or be held back; POP3 shows the inbox alone",
			"%s以内に見つかりませんでした(遅延、または隔離の可能性が"+
				"あります。POP3では受信トレイだけを確認します)"), t.span(e.Waited))
	case "junk":
		status = diag.Fail
		words = fmt.Sprintf(t.tr("in the folder for junk (%s), %s", "迷惑メールフォルダー(%s)に届きました(%s)"),
			page.Clean(e.Found.Folder), t.delayWords(e.Delay))
	default:
		words = fmt.Sprintf(t.tr("arrived in %s, %s", "%s に届きました(%s)"), page.Clean(e.Found.Folder), t.delayWords(e.Delay))
	}
	t.headLine(marked(status, page.Clean(e.Mailbox)))
	t.labelled(t.tr("where", "場所"), words)
	if e.Found == nil {
		return
	}
	said := t.tr("nothing: the receiver added no Authentication-Results", "Authentication-Resultsの記載がありません")
	if len(e.Results) > 0 {
		var parts []string
		for _, r := range e.Results {
			parts = append(parts, t.authWords(r))
		}
		said = strings.Join(parts, t.tr(", ", "、"))
	}
	t.labelled(t.tr("checks", "認証"), said)
	if len(e.Added) > 0 {
		hops := fmt.Sprintf(t.tr(" (servers on the way: %d)", "(経由したサーバー: %d)"), e.Hops)
		t.labelled(t.tr("added", "追加"), page.Clean(strings.Join(e.Added, ", "))+hops)
	}
}

// delayWords is a delay; mailboxes tell full seconds.
func (t expectedPage) delayWords(d time.Duration) string {
	if d < time.Second {
		return t.tr("within a second", "1秒以内")
	}
	return fmt.Sprintf(t.tr("after %s", "%s後"), t.span(d))
}

// authWords is the result of a method in plain words.
func (t expectedPage) authWords(r mail.AuthResult) string {
	word := map[string]string{
		"pass":      t.tr("passes", "成功"),
		"fail":      t.tr("fails", "失敗"),
		"softfail":  t.tr("fails softly", "失敗(softfail)"),
		"none":      t.tr("is not there", "なし"),
		"neutral":   t.tr("is neutral", "中立"),
		"policy":    t.tr("is refused by policy", "ポリシーにより失敗"),
		"temperror": t.tr("could not be looked up", "一時的な問題で確認できず"),
		"permerror": t.tr("has a faulty record", "記述の誤りで確認できず"),
	}[r.Result]
	if word == "" {
		word = page.Clean(r.Result)
	}
	s := strings.ToUpper(page.Clean(r.Method)) + " " + word
	if r.Domain != "" {
		s += t.tr(" for ", "(") + page.Clean(r.Domain) + t.tr("", ")")
	}
	return s
}

// expectedJSON is what a mailbox has, in the schema todoku/sending/1.
type expectedJSON struct {
	Mailbox        string     `json:"mailbox"`
	State          string     `json:"state"` // inbox, junk, missing, unreadable
	Folder         string     `json:"folder"`
	Waited         int64      `json:"waited_ms"`
	Delay          int64      `json:"delay_ms"`
	Authentication []authJSON `json:"authentication"`
	Added          []string   `json:"added"`
	Hops           int        `json:"hops"`
	Error          string     `json:"error"`
}

type authJSON struct {
	Method string `json:"method"`
	Result string `json:"result"`
	Domain string `json:"domain"`
	Server string `json:"server"`
}

func asExpected(all []Expected, o Options) []expectedJSON {
	out := []expectedJSON{}
	for _, e := range all {
		j := expectedJSON{Mailbox: e.Mailbox, State: e.State(), Waited: e.Waited.Milliseconds(), Delay: e.Delay.Milliseconds(),
			Authentication: []authJSON{}, Added: notNil(e.Added), Hops: e.Hops}
		if e.Found != nil {
			j.Folder = e.Found.Folder
		}
		if e.Err != nil {
			j.Error = errorText(e.Err, o.Lang)
		}
		for _, r := range e.Results {
			j.Authentication = append(j.Authentication, authJSON{r.Method, r.Result, r.Domain, r.Server})
		}
		out = append(out, j)
	}
	return out
}
