package report

import (
	"fmt"
	"slices"
	"strings"

	"todoku/codes"
	"todoku/diag/guide/explain"
	"todoku/diag/provider"
)

// maxReplies is how many of a provider's reasons are shown with a reply; JSON has all.
const maxReplies = 12

// provider puts a page of a provider into words: what is known of it, each statement with the number of its source, and how
// it answers.
func (w wording) provider(s *explanationPage, r explain.Reading) {
	s.row(w.say(lDomains), strings.Join(r.Page.Domains, comma(w.lang)))
	s.row(w.say(lHosts), strings.Join(r.Names, comma(w.lang)))
	var used []int // sources, in the order in which they are first named
	for _, topic := range provider.Topics() {
		label := w.say(topicLabel(topic))
		for _, f := range r.Page.About("", topic) {
			if !slices.Contains(used, f.Source) {
				used = append(used, f.Source)
			}
			s.rows = append(s.rows, explanationRow{label: label, text: w.fact(f, slices.Index(used, f.Source)+1)})
			label = ""
		}
	}
	w.replies(s, r.Replies)
	label := w.say(lSource)
	for i, n := range used {
		s.rows = append(s.rows, explanationRow{label: label, text: w.source(r.Page.Sources[n], i+1)})
		label = ""
	}
	s.next, s.nextLabel = codes.Todoku("check", "domain", "DOMAIN"), w.say(lOwnDomain)
}

// fact is a statement with the day from which it holds and the number of its source.
func (w wording) fact(f provider.Fact, source int) string {
	text := f.Text.In(w.lang)
	if f.Address != "" {
		text = f.Address + "  " + text
	}
	if f.Since != "" && f.Topic != provider.Change {
		text += codes.Text{EN: " (since " + f.Since + ")", JA: "(" + f.Since + "から)"}.In(w.lang)
	}
	return fmt.Sprintf("%s [%d]", text, source)
}

// source says where statements stand, how sure they are, and when that was last looked at.
func (w wording) source(s provider.Source, number int) string {
	text := fmt.Sprintf("[%d] %s", number, s.Title.In(w.lang))
	if s.URL != "" {
		text += " <" + s.URL + ">"
	}
	if sure := sourceText(s.Certainty).In(w.lang); sure != s.Title.In(w.lang) {
		text += " · " + sure
	}
	return text + codes.Text{EN: " · checked " + s.Checked, JA: " · 確認日 " + s.Checked}.In(w.lang)
}

// sourceText says how sure what a source says of a provider is.
func sourceText(c codes.Certainty) codes.Text {
	switch c {
	case codes.Documented:
		return codes.Text{EN: "its own document", JA: "事業者の文書"}
	case codes.Observed:
		return codes.Text{EN: "reported by others", JA: "第三者の情報"}
	case codes.General:
		return codes.Text{EN: "common knowledge", JA: "一般的な知見"}
	}
	return codes.Text{EN: "unconfirmed", JA: "未確認"}
}

// replies shows how a provider refuses: for each reason an example of its known wordings, as far as there is room.
func (w wording) replies(s *explanationPage, rules []explain.Wording) {
	label, seen := w.say(lReplies), map[string]bool{}
	for _, r := range rules {
		if r.Example == "" || seen[r.Reason.ID] || len(seen) == maxReplies {
			continue
		}
		seen[r.Reason.ID] = true
		text := shown(r.Example) + w.stages(r.Stage) + " → " + r.Reason.Title.In(w.lang) + " · " + r.ID
		s.rows = append(s.rows, explanationRow{label: label, text: text})
		label = ""
	}
	if more := len(rules) - len(seen); more > 0 {
		s.rows = append(s.rows, explanationRow{label: label, text: codes.Text{EN: fmt.Sprintf("and %d more: --format json has all", more),
			JA: fmt.Sprintf("ほか%d件(--format json ですべて表示)", more)}.In(w.lang)})
	}
}

// stages says at which commands a wording has its meaning; "" for any.
func (w wording) stages(list []codes.Stage) string {
	if len(list) == 0 {
		return ""
	}
	var names []string
	for _, s := range list {
		names = append(names, strings.ToUpper(string(s)))
	}
	return codes.Text{EN: " (at " + strings.Join(names, ", ") + ")", JA: "(" + strings.Join(names, "・") + "の段階)"}.In(w.lang)
}

func topicLabel(t provider.Topic) label {
	switch t {
	case provider.Demand:
		return lDemands
	case provider.Refusal:
		return lRefuses
	case provider.RefusedMail:
		return lRefusedMail
	case provider.Setting:
		return lSettings
	case provider.Limit:
		return lLimits
	case provider.Change:
		return lChanges
	case provider.Tool:
		return lTools
	}
	return lContact
}

// providerJSON is what is known of a provider as a receiver (part of the schema todoku/explanation/1).
type providerJSON struct {
	Domains []string    `json:"domains"` // of its addresses
	Facts   []factJSON  `json:"facts"`
	Replies []replyJSON `json:"replies"`
}

type factJSON struct {
	Topic       provider.Topic  `json:"topic"`
	Layer       provider.Layer  `json:"layer"`
	Text        string          `json:"text"`
	Needs       string          `json:"needs"`
	Level       provider.Level  `json:"level"`
	Volume      int             `json:"volume"` // mails a day from which it holds
	Max         float64         `json:"max"`
	Unit        string          `json:"unit"`
	Since       string          `json:"since"`
	Domains     []string        `json:"domains"` // for which it holds; empty: all
	Address     string          `json:"address"`
	Source      string          `json:"source"`
	SourceTitle string          `json:"source_title"`
	Checked     string          `json:"checked"`
	Certainty   codes.Certainty `json:"certainty"`
	brokenJSON
}

// brokenJSON is what a demand, or a limit that one mail can break, has beside: how campaigns call it, the check that decides it, and
// what becomes of a mail that does not meet it.
type brokenJSON struct {
	ID             string          `json:"id"`
	Check          string          `json:"check"`
	Breach         provider.Breach `json:"breach"`
	Reply          string          `json:"reply"`
	ReplyCertainty codes.Certainty `json:"reply_certainty"`
}

func asBroken(f provider.Fact) (out brokenJSON) {
	if f.Breach != "" {
		reply := f.Expected()
		out = brokenJSON{f.Key(), f.Decider(), f.Breach, reply.String(), reply.Certainty}
	}
	return out
}

type replyJSON struct {
	Rule    string      `json:"rule"`
	Example string      `json:"example"`
	Reason  string      `json:"reason"`
	Class   codes.Class `json:"reason_class"`
	Message string      `json:"message"`
}

// contactJSON is to whom a sender can write about a reply.
type contactJSON struct {
	Address string `json:"address"`
	Text    string `json:"text"`
}

func asContacts(facts []provider.Fact, l codes.Lang) []contactJSON {
	out := []contactJSON{}
	for _, f := range facts {
		out = append(out, contactJSON{f.Address, f.Text.In(l)})
	}
	return out
}

// contacts shows to whom a sender can write about a reply.
func (w wording) contacts(s *explanationPage, facts []provider.Fact) {
	label := w.say(lContact)
	for _, f := range facts {
		s.row(label, f.Address+"  "+f.Text.In(w.lang))
		label = ""
	}
}

// asProvider gives nil for what is no provider.
func asProvider(r explain.Reading, l codes.Lang) *providerJSON {
	if r.Kind != explain.KindProvider {
		return nil
	}
	out := &providerJSON{Domains: []string{}, Facts: []factJSON{}, Replies: []replyJSON{}}
	for _, rule := range r.Replies {
		out.Replies = append(out.Replies, replyJSON{rule.ID, rule.Example, rule.Reason.ID, rule.Reason.Class, codes.Text{EN: rule.EN, JA: rule.JA}.In(l)})
	}
	if r.Page == nil {
		return out
	}
	out.Domains = notNil(r.Page.Domains)
	for _, f := range r.Page.Facts {
		s := r.Page.Sources[f.Source]
		out.Facts = append(out.Facts, factJSON{f.Topic, f.Layer, f.Text.In(l), f.Needs, f.Level, f.Volume, f.Max, f.Unit, f.Since,
			notNil(f.Domains), f.Address, s.URL, s.Title.In(l), s.Checked, s.Certainty, asBroken(f)})
	}
	return out
}
