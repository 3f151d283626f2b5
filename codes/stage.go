package codes

import (
	"slices"
	"strings"
)

// ofRecipient are the reasons that nobody can give before the recipient was named.
var ofRecipient = []string{
	"user_unknown", "address_syntax", "mailbox_moved", "mailbox_disabled", "mailbox_full", "recipient_refuses", "list_restricted",
	"domain_unknown",
}

// beforeRcpt reports whether the recipient has not been named at a stage.
func (s Stage) beforeRcpt() bool {
	switch s {
	case StageConnect, StageEHLO, StageSTARTTLS, StageAuth, StageMail:
		return true
	}
	return false
}

// reason is what a refusal at a stage means whose codes suggest the reason id; "" where the stage says nothing more.
func (s Stage) reason(id string, r Reply) string {
	class := r.class()
	if class < 4 || !s.beforeRcpt() {
		return ""
	}
	ofOther := slices.Contains(ofRecipient, id)
	unknown := id == "" || id == "unspecified"
	switch {
	case s == StageAuth && (ofOther || unknown || id == "policy"):
		return "login_required"
	case s == StageMail && ofOther:
		return "sender_refused"
	case s == StageConnect && class == 5 && (unknown || id == "no_mail_host"): // RFC 5321 §3.1: the server is there, for others
		return "policy"
	case ofOther:
		return "policy"
	}
	return ""
}

// class is the first digit of the codes of a reply, 0 without any.
func (r Reply) class() int {
	if r.Code != 0 {
		return r.Code / 100
	}
	return r.Enhanced.Class
}

// wentWell reports whether a reply is no refusal.
func (r Reply) wentWell() bool {
	class := r.class()
	return (class == 2 || class == 3) && r.Enhanced.Class < 4
}

// possible reports whether a rule can speak of a reply at a stage at all: a rule about refusals not of what went well, and
// none about the recipient before the recipient was named.
func (rule *Rule) possible(r Reply, stage Stage) bool {
	if r.wentWell() {
		return rule.on.meets(r.Code)
	}
	return r.class() == 0 || !stage.beforeRcpt() || rule.Stage != nil || !slices.Contains(ofRecipient, rule.Reason)
}

// OfProgram reports whether a rule is about what a sending program says itself, with no reply of a server.
func (rule Rule) OfProgram() bool { return rule.on.none }

// saysLittle reports whether the enhanced code of a reply is one that servers put on anything: X.1.0 and X.2.1 of a temporary
// refusal. 450 4.2.1 is the mailbox's.
func (r Reply) saysLittle() bool {
	return r.Enhanced == (Enhanced{4, 1, 0}) || r.Enhanced == (Enhanced{4, 2, 1}) && r.Code != 450 && r.Code != 452 && r.Code != 0
}

// tookWords say that a server has the whole message, in lower case.
var tookWords = [...]string{
	"queued", "accepted for delivery", "mail accepted", "message received", "mail received", "id=", " qp ",
	"delivered", "message saved", "message ok", "mail queue",
}

// TookMessage reports whether a reply says that the server has the whole message: it answers the end of the message, or it says so
// in words. A plain "250 Ok" answers every command.
func (r Reply) TookMessage(stage Stage) bool {
	if r.Code != 250 && r.Code != 251 || stage != "" && stage != StageBody {
		return false
	}
	if stage == StageBody || r.Enhanced == (Enhanced{2, 0, 0}) || r.Enhanced == (Enhanced{2, 6, 0}) {
		return true
	}
	low := strings.ToLower(r.Text())
	_, rest, named := strings.Cut(low, "message ") // "message 1abc accepted"
	return named && strings.Contains(rest, "accepted") ||
		slices.ContainsFunc(tookWords[:], func(w string) bool { return strings.Contains(low, w) })
}
