package codes

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxClassified is how much of a text a verdict looks at, in octets: servers say the reason first.
const maxClassified = 16 << 10

// Classify tells what a reply means. It never fails: a reply that nothing knows gets the reason "unspecified". These are
// tried in this order, and the first that fits decides:
//
//  1. the user's rules,
//  2. the rules of the provider, which is known by ctx.Host or else by its words,
//  3. the wordings that only one provider uses,
//  4. the wordings of mail programs, and those that many use,
//  5. the registry of enhanced codes (RFC 3463), or the way in which the attempt ended,
//  6. the reply code alone.
func (c *Catalogue) Classify(r Reply, ctx Context) Verdict {
	if ctx.Lack != "" {
		return c.unsent(ctx)
	}
	seen := c.index().read(searchable(r.Lines))
	provider := c.provider(ctx.Host, seen)
	v := Verdict{Certainty: Unconfirmed}
	if provider != nil {
		v.Provider = provider.ID
	}
	rule, barred := c.rule(r, ctx.Stage, provider, seen)
	v.told = rule != nil
	if rule != nil {
		c.apply(&v, rule)
	} else {
		c.fallback(&v, r, ctx, barred)
	}
	if ctx.Stage == StageAuth && r.Code >= 400 {
		c.atLogin(&v)
	}
	c.weighEvent(&v, rule, r, ctx)
	v.Permanent = permanent(v, rule, r, ctx.Event)
	v.Action, v.Remedies = c.nextSteps(v, rule)
	if ctx.Relay {
		c.atRelay(&v)
	}
	v.RetryAfter = retryAfter(seen.text)
	v.Blocklist = c.namedBlocklist(v.Reason, seen)
	if v.Action == ActionContactList && v.Reason.ID == "blocklisted" && v.Blocklist == nil && !namesList(seen.text) {
		v.Action = ActionContactAdmin // a list of the receiver's own: its owner is the receiver
	}
	v.Delivery = c.deliveryOf(v.Reason, r, ctx)
	if v.Delivery.ID == DeliveryNoReply {
		c.setPerhapsDelivered(&v)
	}
	return v
}

// setPerhapsDelivered makes v the verdict on a mail that was sent up to its final dot, with no valid reply after it
// (RFC 5321 §4.5.3.2.6, RFC 1047). Above all it must not be sent again.
func (c *Catalogue) setPerhapsDelivered(v *Verdict) {
	v.Permanent, v.Action, v.RetryAfter = Unknown, ActionNone, 0
	v.Remedies = c.remediesOf(v.Delivery.Steps)
	v.Meaning = Text{
		EN: "Perhaps delivered: the mail went out to its end, and no valid reply came. It counts as delivered; sending it again may double it.",
		JA: "配信された可能性があります。メールは最後まで送信しましたが、有効な応答がありませんでした。配信済みとして扱われます。再送すると二重に届く可能性があります。"}
}

// searchable is what the expressions look at: the lines as one, in lower case,
// with single spaces.
func searchable(lines []string) string {
	var b strings.Builder
	parted := "" // the first part of a word that a line end parts: "Grey-\nlisted"
	for _, l := range lines {
		l = l[:min(len(l), maxClassified-b.Len())]
		for word := range strings.FieldsSeq(l) {
			if parted != "" && goesOn(word) {
				b.WriteByte(' ')
				b.WriteString(parted)
				b.WriteString(word)
			}
			parted = firstPart(word)
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(withoutLocal(word))
			if words := withoutJoints(word); words != "" {
				b.WriteByte(' ')
				b.WriteString(words)
			}
		}
		if b.Len() >= maxClassified {
			break
		}
	}
	return plain(b.String())
}

// firstPart is a word of letters that a hyphen ends, without the hyphen; "" for any other.
func firstPart(word string) string {
	part, ok := strings.CutSuffix(word, "-")
	if !ok || len(part) < 3 || strings.ContainsFunc(part, func(r rune) bool { return !unicode.IsLetter(r) }) {
		return ""
	}
	return part
}

// goesOn reports whether a word may be the rest of one that a line end parts.
func goesOn(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.IsLower(r) && word != "and" && word != "or" && word != "und"
}

// withoutLocal leaves the name of a mailbox out of a word: people call theirs
// "spam" and "quota".
func withoutLocal(word string) string {
	at := strings.LastIndexByte(word, '@')
	if at < 1 {
		return word
	}
	start := at // Japanese text stands right before an address, without a space
	for start > 0 && word[start-1] < utf8.RuneSelf && strings.IndexByte("<:;,(['\"=", word[start-1]) < 0 {
		start--
	}
	return word[:start] + "…" + word[at:]
}

// provider finds the provider by the host that replied, or else by words that only its servers use; nil if unknown.
func (c *Catalogue) provider(host string, seen reading) *Provider {
	if p := c.byHost.of(host); p != nil {
		return p
	}
	for _, p := range c.providers.list {
		if p.marks >= 0 && seen.matches(p.marks) {
			return p
		}
	}
	return nil
}

// weighEvent lets the way in which the attempt ended have its say: trouble that lasted to the deadline is the end of the
// retries, and a notice that delivery goes on tells of no end.
func (c *Catalogue) weighEvent(v *Verdict, rule *Rule, r Reply, ctx Context) {
	ended := ctx.Event
	switch {
	case ended == EventDeadline && r.Code/100 == 4 && rule == nil:
		v.Reason, _ = c.Reason("expired")
	case ended == EventDelayed && (v.Reason.ID == "expired" || v.Reason.ID == "unspecified" && r.Code == 0):
		v.Reason, _ = c.Reason("delayed")
		v.Meaning = v.Reason.Meaning
	case v.Reason.ID == "no_error" && ended == EventReply && r.Code == 250 && r.Enhanced.IsZero() && ctx.Stage == "":
		delivered, _ := c.Reason("delivered")
		when := Text{EN: "If this is the reply to the end of the message.", JA: "本文の送信後の応答である場合です。"}
		v.Other = &Alternative{delivered, when}
	}
}

// rule is the rule that decides; nil for none. barred is the reason of a rule whose words are there, and which cannot be at this
// stage.
func (c *Catalogue) rule(r Reply, stage Stage, provider *Provider, seen reading) (decides *Rule, barred string) {
	groups := [...][]*Rule{c.own, nil, c.alone, c.general}
	if provider != nil {
		groups[1] = provider.Rules
	}
	for i, rules := range groups {
		for _, rule := range rules {
			if !rule.fits(r, stage, seen) {
				continue
			}
			if i == 0 || rule.possible(r, stage) {
				return rule, ""
			}
			barred = cmp.Or(barred, rule.Reason)
		}
	}
	return nil, barred
}

func (rule *Rule) fits(r Reply, stage Stage, seen reading) bool {
	if rule.match >= 0 && !seen.possible(rule.match) {
		return false
	}
	possible, met := rule.on.holds(r)
	if !possible || rule.match < 0 && !met || !rule.at(stage) {
		return false
	}
	return rule.match < 0 || seen.matches(rule.match)
}

func (rule *Rule) at(stage Stage) bool {
	return rule.Stage == nil || slices.Contains(rule.Stage, stage)
}

// apply takes over what a rule says.
func (c *Catalogue) apply(v *Verdict, rule *Rule) {
	v.Rule, v.Certainty = rule.ID, rule.certainty(c)
	v.Reason, _ = c.Reason(rule.Reason)
	v.Meaning = Text{EN: rule.EN, JA: rule.JA}
	if v.Meaning.IsZero() {
		v.Meaning = v.Reason.Meaning
	}
	if v.Provider == "" {
		v.Provider = rule.Provider
	}
	if rule.Other != nil {
		other, _ := c.Reason(rule.Other.Reason)
		v.Other = &Alternative{other, Text{EN: rule.Other.EN, JA: rule.Other.JA}}
	}
}

// certainty is what the rule itself says, or else the certainty of its best source.
func (rule *Rule) certainty(c *Catalogue) Certainty {
	if rule.Certainty != "" {
		return rule.Certainty
	}
	best := Unconfirmed
	for id := range strings.FieldsSeq(rule.From) {
		if s, ok := c.Source(id); ok {
			best = best.OrBetter(s.Certainty)
		}
	}
	return best
}

// fallback is for words that no rule knows: what the codes say, or the way in
// which the attempt ended.
func (c *Catalogue) fallback(v *Verdict, r Reply, ctx Context, barred string) {
	id, certainty := c.byStatus(r)
	v.told = id != "" && id != "unspecified"
	if b, ok := c.Basic(r.Code); ok && (id == "" || id == "unspecified") {
		id = b.Reason
	}
	if byEvent := ctx.Event.reason(); byEvent != "" && (id == "" || id == "unspecified") {
		id = byEvent
	}
	if r.wentWell() {
		id = "no_error"
		if ctx.Event == EventDelivered || ctx.Event == EventReply && r.TookMessage(ctx.Stage) {
			id = "delivered"
		}
	} else if atStage := ctx.Stage.reason(cmp.Or(barred, id), r); atStage != "" {
		id, certainty = atStage, Inferred
	}
	if id == "" || id == "unspecified" {
		id, certainty = "unspecified", Unconfirmed
	}
	v.Reason, _ = c.Reason(id)
	v.Meaning, v.Certainty = v.Reason.Meaning, certainty
}

// byStatus is the id of the reason that the enhanced status code of a reply names; "" for none.
func (c *Catalogue) byStatus(r Reply) (string, Certainty) {
	if r.saysLittle() {
		return "", Documented
	}
	if s, ok := c.Status(r.Enhanced); ok && !r.Enhanced.IsZero() {
		return s.Reason, Documented // X.0.0 says nothing: unspecified
	}
	if s, ok := c.Status(Enhanced{r.Enhanced.Class, r.Enhanced.Subject, 0}); ok && r.Enhanced.Subject != 0 {
		return s.Reason, Inferred // the subject alone is known
	}
	return "", Documented
}

// reason is the id of the reason that an event suggests where no server replied; "" for none.
func (e Event) reason() string {
	switch e {
	case EventNoRoute:
		return "domain_unknown"
	case EventDeadline:
		return "expired"
	case EventTimeout:
		return "connection_failed"
	case EventDelivered:
		return "delivered"
	case EventComplaint:
		return "complaint"
	case EventAnswered:
		return "auto_reply"
	}
	return ""
}

// permanent weighs a rule that denies it, the reply's first digit
// (RFC 5321 §4.2.1), and what the reason usually is.
func permanent(v Verdict, rule *Rule, r Reply, ended Event) Tri {
	switch {
	case ended == EventDelayed:
		return No
	case ended == EventDeadline && v.Reason.ID == "expired":
		return Yes // whatever put it off each time
	}
	if rule != nil && rule.Permanent != nil && *rule.Permanent == No {
		return No
	}
	class := r.class()
	switch {
	case class == 2, class == 3:
		return Unknown
	case class == 4:
		return No
	case rule != nil && rule.Permanent != nil:
		return *rule.Permanent
	case v.Reason.Permanent != Unknown:
		return v.Reason.Permanent
	case class == 5:
		return Yes
	}
	return Unknown
}

// nextSteps is the action and the remedies of the rule, or else of the reason. What is put off for now is sent again.
func (c *Catalogue) nextSteps(v Verdict, rule *Rule) (Action, []Remedy) {
	action, ids := v.Reason.Action, v.Reason.Remedies
	if rule != nil && rule.Remedies != nil {
		ids = rule.Remedies
	}
	if rule != nil && rule.Action != "" {
		action = rule.Action
	} else if v.Permanent == No && (action == ActionCorrectAddress || v.Reason.ID == "unspecified") {
		action = ActionWait
	}
	if v.Permanent == Yes { // nobody tries again by itself
		ids = replaced(ids, "wait_retry", "wait_resend")
	}
	return action, c.remediesOf(ids)
}

// replaced is a list with another word in the place of one.
func replaced(list []string, word, other string) []string {
	i := slices.Index(list, word)
	if i < 0 {
		return list
	}
	list = slices.Clone(list)
	list[i] = other
	return list
}

// remediesOf are the remedies of these ids, as far as there are such.
func (c *Catalogue) remediesOf(ids []string) []Remedy {
	steps := make([]Remedy, 0, len(ids))
	for _, id := range ids {
		if r, ok := c.Remedy(id); ok {
			steps = append(steps, r)
		}
	}
	return steps
}

// namesList reports whether a refusal names a list that is not known here, or a page about it.
func namesList(text string) bool {
	for _, w := range [...]string{"using ", "://", "www.", "rbl", "dnsbl"} {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// namedBlocklist is the blocklist that a refusal names.
func (c *Catalogue) namedBlocklist(r Reason, seen reading) *Blocklist {
	switch r.Class {
	case ClassPolicyBlock, ClassSpamContent, ClassRateLimited, ClassSystemError, ClassUnspecified:
	default:
		return nil
	}
	for _, b := range c.blocklists.list {
		if b.match >= 0 && seen.matches(b.match) {
			return b
		}
	}
	return nil
}
