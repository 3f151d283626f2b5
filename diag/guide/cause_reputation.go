package guide

import (
	"slices"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
)

var reverseDNS = &Cause{
	ID: "reverse-dns", Fault: FaultOurs, Looks: lookSender, Answers: refusal,
	Reasons: []string{"reverse_dns", "helo", "ip_reputation", "policy", "unspecified", "spam"},
	Steps:   []string{"fix_ptr"},
	Check:   codes.Todoku("check", "domain", "DOMAIN", "--ip", "IP"),
	Title:   codes.Text{EN: "reverse DNS missing or wrong", JA: "逆引きの不備"},
	Says:    codes.Text{EN: "{ip} has no name in reverse DNS that leads back to it", JA: "{ip} に、正引きと一致する逆引きがないこと"},
	Sound:   codes.Text{EN: "Reverse DNS of the sending address: set up", JA: "逆引き(PTR): 設定済み"},
	judge: func(e *evidence) Outcome {
		if !e.IP.IsValid() {
			return open(nil, needIP())
		}
		r, f := seenBy[*check.PTRFacts](e)
		if r == nil {
			return open(nil, needFrom())
		}
		rules := []*diag.Rule{check.PTRNone, check.PTRMismatch, check.PTRName}
		if slices.Contains(e.reasons, "reverse_dns") { // the error names just this
			rules = append(rules, check.PTRGeneric)
		}
		ip := codes.Str("ip", e.IP.String())
		if faults := r.Found(rules...); len(faults) > 0 {
			return confirmed(ip).found(faults...)
		}
		for _, a := range f.Addresses {
			if a.Address == e.IP.Unmap().String() && len(a.Confirmed) > 0 {
				return excluded().because("dns", codes.Text{EN: "{ip} → {name}, which leads back", JA: "{ip} → {name}(正引きと一致)"}, ip, codes.Str("name", a.Confirmed[0]))
			}
		}
		return open(r.Err)
	},
}

// The paces that count as much and as little, in sendings to one domain.
const (
	muchInAnHour = 100
	littleInADay = 10
)

var sendingTooFast = &Cause{
	ID: "sending-too-fast", Fault: FaultOurs, Session: true, Looks: lookTraffic, Answers: refusal,
	Reasons: []string{"rate_limited", "too_many_recipients", "ip_reputation", "policy", "unspecified"},
	Steps:   []string{"slow_down", "countermeasure_wait"},
	Check:   codes.Todoku("history", "list", "--domain", "THEIRS"),
	Title:   codes.Text{EN: "too many mails in a short time", JA: "短時間の大量送信"},
	Says:    codes.Text{EN: "too many mails went to {to} in a short time", JA: "短時間に {to} へ多数のメールを送信したこと"},
	judge: func(e *evidence) Outcome {
		if e.toDomain() == "" {
			return open(nil, needTo())
		}
		for i := range e.visits {
			if v := &e.visits[i]; v.Err == nil && v.Reply.Code >= 400 && (v.Verdict.Reason.ID == "rate_limited" ||
				v.Verdict.Reason.ID == "too_many_recipients") {
				return confirmed(codes.Str("to", e.toDomain())).because("smtp", says(), spoke(v)...)
			}
		}
		if e.traffic == nil || e.noCount != nil {
			return open(e.noCount, needHistory())
		}
		data := []codes.Datum{codes.Num("hour", e.traffic.Hour), codes.Num("day", e.traffic.Day),
			codes.Num("put_off", e.traffic.PutOff), codes.Str("to", e.toDomain())}
		switch {
		case e.traffic.Hour >= muchInAnHour || e.traffic.PutOff >= littleInADay:
			return confirmed(data...).because("history", codes.Text{EN: "{hour} sendings to {to} within an hour, {put_off} put off that day", JA: "1時間に {to} へ{hour}通送信、当日の一時拒否は{put_off}通"}, data...)
		case e.traffic.Day == 0:
			return open(nil, needHistory()).because("history", codes.Text{EN: "the history has no sending to {to} that day", JA: "履歴に当日の {to} への送信がありません"}, data...)
		case e.traffic.Day <= littleInADay:
			return excluded().because("history", codes.Text{EN: "{day} sendings to {to} that day", JA: "当日の {to} への送信は{day}通です"}, data...)
		}
		return open(nil).because("history", codes.Text{EN: "{day} sendings to {to} that day, {hour} within an hour: thresholds are not public", JA: "当日の {to} への送信は{day}通、1時間では最大{hour}通です(基準は非公開)"}, data...)
	},
}
