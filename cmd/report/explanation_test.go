package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/codes/paste"
	"todoku/diag/check"
	"todoku/diag/dnsbl"
	"todoku/diag/guide/explain"
)

// ambiguous is a reply with two readings and everything that a reading can have.
func ambiguous() explain.Explanation {
	closed := &dnsbl.List{ID: "old", Name: "Old List", Page: "https://list.test/", Closed: codes.Text{EN: "since 2015", JA: "2015年"}}
	spf := codes.Remedy{ID: "countermeasure_spf", Owner: codes.OwnerDNS, Urgency: codes.UrgencyNow, Check: codes.Todoku("check", "spf", "DOMAIN", "--ip", "IP"), Text: codes.Text{EN: "Set up SPF.", JA: "SPFを設定してください。"}}
	ask := codes.Remedy{ID: "countermeasure_ask", Owner: codes.OwnerRecipient, Urgency: codes.UrgencyLater, Check: codes.Todoku("letter", "ID"), Text: codes.Text{EN: "Ask.", JA: "問い合わせてください。"}, When: codes.Text{EN: "refusals go on", JA: "受信拒否が続く場合"}}
	first := explain.Reading{Kind: explain.KindReply, ID: "550 5.7.1", Title: codes.Text{EN: "On a blocklist", JA: "ブロックリスト登録"}, Meaning: codes.Text{EN: "The \x1b[31mlist\u202e says no.", JA: "リストに登録されています。"},
		Certainty: codes.Inferred, Delivery: codes.Delivery{ID: "42550", Result: "error", Title: codes.Text{EN: "Refused", JA: "受信拒否"}, Disables: codes.DisablesAtOnce, Certainty: codes.Inferred},
		Pattern: codes.Pattern{ID: "A", Title: codes.Text{EN: "Wrong or refused", JA: "誤りまたは拒否"}}, Causes: []codes.Cause{{Text: codes.Text{EN: "Refused.", JA: "拒否されました。"}, Check: codes.Todoku("check", "recipient", "ADDR")}},
		Steps: []codes.Remedy{spf, ask}, Reason: codes.Reason{ID: "blocklisted", Class: codes.ClassPolicyBlock, Title: codes.Text{EN: "On a blocklist", JA: "ブロックリスト登録"}},
		Provider: codes.Provider{ID: "ours", Name: codes.Text{EN: "Ours", JA: "自社"}}, Wording: "ours-01", Permanent: codes.Yes, Action: codes.ActionContactList, RetryAfter: 90 * time.Minute, Blocklist: closed,
		Pasted: paste.Found{Reply: codes.Reply{Code: 550, Lines: []string{"*no* <b>\x07"}}, Recipient: "taro@kaisha.test",
			Sender: "news@esp.test", Server: "mx.kaisha.test"}, Refs: []codes.Text{codes.Same("RFC 5321")}}
	second := first
	second.When, second.Reason = codes.Text{EN: "The address is new.", JA: "アドレスが新しい場合です。"}, codes.Reason{ID: "user_unknown", Class: codes.ClassUserUnknown, Title: codes.Text{EN: "User unknown", JA: "宛先不明"}}
	return explain.Explanation{Input: "550 5.7.1 *no*\n<b>", Readings: []explain.Reading{first, second}}
}

func explanationIn(t *testing.T, format page.Format, o Options, e explain.Explanation) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(Explanations, format, &b, o, e); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestExplanationGolden(t *testing.T) {
	t.Parallel()
	for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
		for format, suffix := range map[page.Format]string{"text": ".txt", "markdown": ".md", "json": ".json"} {
			golden(t, "explanation."+string(lang)+suffix, explanationIn(t, format, Options{Lang: lang}, ambiguous()))
		}
	}
}

func TestExplanationColour(t *testing.T) {
	t.Parallel()
	plain, coloured := explanationIn(t, "text", Options{}, ambiguous()), explanationIn(t, "text", Options{Color: true}, ambiguous())
	if n := strings.Count(coloured, "\x1b["); n != 4 { // the two heads, on and off
		t.Errorf("%d escape sequences", n)
	}
	if diff := cmp.Diff(plain, strings.NewReplacer("\x1b[1m", "", "\x1b[0m", "", "\x1b[22m", "").Replace(coloured)); diff != "" {
		t.Errorf("colour changes the text:\n%s", diff)
	}
}

// TestExplanationOfRules keeps what reports refer to.
func TestExplanationOfRules(t *testing.T) {
	t.Parallel()
	for _, r := range check.Rules() {
		e := explain.Explanation{Input: r.ID, Readings: []explain.Reading{{Kind: explain.KindRule, ID: r.ID, Rule: r}}}
		text := explanationIn(t, "text", Options{}, e)
		if !strings.Contains(text, r.ID) || !strings.Contains(text, r.Severity.String()) {
			t.Errorf("%s: %s", r.ID, text)
		}
		var v struct {
			Readings []struct {
				Rule, Severity string
				Steps, Codes   []string
			}
		}
		if err := json.Unmarshal([]byte(explanationIn(t, "json", Options{}, e)), &v); err != nil {
			t.Fatal(err)
		}
		if got := v.Readings[0]; got.Rule != r.ID || got.Severity != r.Severity.String() || len(got.Steps) != 1 ||
			len(got.Codes) != len(r.Codes) {
			t.Errorf("%s: %+v", r.ID, got)
		}
	}
}

// TestExplanationHasAllWords: every value of a closed set has words in both
// languages.
func TestExplanationHasAllWords(t *testing.T) {
	t.Parallel()
	texts := map[string]codes.Text{}
	for l, text := range labels() {
		if label(l) < labelCount {
			texts["label "+text.EN] = text
		}
	}
	for _, k := range []explain.Kind{explain.KindDelivery, explain.KindReplyCode, explain.KindEnhanced, explain.KindReply,
		explain.KindRule, explain.KindReason, explain.KindClass, explain.KindPattern, explain.KindWording,
		explain.KindProvider, explain.KindBlocklist, explain.KindRemedy, explain.KindTerm} {
		texts["kind "+string(k)] = readingText(k)
	}
	for _, c := range []codes.Certainty{codes.Documented, codes.Observed, codes.General, codes.Unconfirmed, codes.Inferred} {
		texts["certainty "+string(c)] = certaintyText(c, explain.KindReply)
	}
	for _, a := range []codes.Action{codes.ActionNone, codes.ActionCorrectAddress, codes.ActionWait, codes.ActionSlowDown,
		codes.ActionFixDNS, codes.ActionFixSender,
		codes.ActionChangeMessage, codes.ActionContactRecipient, codes.ActionContactAdmin, codes.ActionContactList} {
		texts["action "+string(a)] = actionText(a)
	}
	for _, o := range []codes.Owner{codes.OwnerDNS, codes.OwnerESP, codes.OwnerMail, codes.OwnerNetwork,
		codes.OwnerRecipient, codes.OwnerSender, codes.OwnerPerson, codes.OwnerList} {
		texts["owner "+string(o)] = remedyOwner(o)
	}
	for _, u := range []codes.Urgency{codes.UrgencyNow, codes.UrgencySoon, codes.UrgencyLater} {
		texts["urgency "+string(u)] = urgencyText(u)
	}
	for _, d := range []codes.Disables{codes.DisablesAtOnce, codes.DisablesCounts, codes.DisablesNever} {
		texts["disables "+string(d)] = disablesText(d)
	}
	for what, text := range texts {
		if text.EN == "" || text.JA == "" || text.EN == text.JA {
			t.Errorf("%s: a language is missing: %+v", what, text)
		}
	}
}

func TestExplanationFormats(t *testing.T) {
	t.Parallel()
	if err := write(Explanations, "pdf", &bytes.Buffer{}, Options{}, ambiguous()); err == nil || !strings.Contains(err.Error(), "markdown") {
		t.Errorf("an unknown format: %v", err)
	}
	if out := explanationIn(t, "text", Options{}, explain.Explanation{Input: "x"}); out != "" {
		t.Errorf("no readings are told as %q", out)
	}
}
