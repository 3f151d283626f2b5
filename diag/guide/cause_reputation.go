package guide

import (
	"context"
	"slices"
	"strings"
	"sync"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/dnsbl"
	"todoku/diag/resolve"
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

var blocklisted = &Cause{
	ID: "blocklisted", Fault: FaultOurs, Looks: lookLists, Answers: refusal,
	Reasons: []string{"blocklisted", "ip_reputation", "domain_reputation", "policy", "unspecified", "spam"},
	Steps:   []string{"delist_ip", "investigate_compromise"},
	Check:   codes.Todoku("diagnose", "--last", "--verify"),
	Title:   codes.Text{EN: "on a blocklist", JA: "ブロックリストへの登録"},
	Says:    codes.Text{EN: "{subject} is on the blocklist {zone}", JA: "{subject} がブロックリスト {zone} に登録されていること"},
	Sound:   codes.Text{EN: "Public blocklists: not listed on those that we asked", JA: "公開されているブロックリスト: 確認した範囲では登録なし"},
	judge: func(e *evidence) Outcome {
		if len(e.lists) == 0 {
			if !e.IP.IsValid() {
				return open(nil, needIP())
			}
			return open(nil).because("dns", codes.Text{EN: "no list was asked", JA: "問い合わせたリストはありません"})
		}
		var clean, mute []string
		var err error
		for _, l := range e.lists {
			switch {
			case l.Listed:
				data := []codes.Datum{codes.Str("subject", l.Subject), codes.Str("zone", l.Zone), codes.Str("says", l.Reason)}
				return confirmed(data...).because("dns", codes.Text{EN: "{zone} lists {subject}. {says}", JA: "{zone} に {subject} が登録されています。{says}"}, data...).shown(diag.Seen(l.Answer)...)
			case l.Err != nil:
				mute, err = append(mute, l.Zone), l.Err
			default:
				clean = append(clean, l.Zone)
			}
		}
		if len(mute) > 0 {
			return open(nil).because("dns", codes.Text{EN: "{zones} gave no answer ({error})", JA: "{zones} から応答が得られません({error})"}, codes.List("zones", mute), codes.Failure("error", err))
		}
		return excluded().because("dns", codes.Text{EN: "not on {zones}", JA: "{zones} には登録されていません"}, codes.List("zones", clean))
	},
}

// askLists asks the lists that the reply names, else the public ones.
func (e *evidence) askLists(ctx context.Context) []dnsbl.Listing {
	zones, named := namedZones(e.Reply.Text()), true
	if l := e.Verdict.Blocklist; len(zones) == 0 && l != nil && l.Zone != "" {
		zones = []string{l.Zone}
	}
	if len(zones) == 0 {
		zones, named = e.env.Lists, false
	}
	for _, z := range e.env.Asked {
		if !slices.Contains(zones, z) {
			zones = append(slices.Clip(zones), z)
		}
	}
	var out []dnsbl.Listing
	if e.IP.IsValid() {
		for _, z := range zones {
			out = append(out, dnsbl.Listing{Zone: z, Subject: e.IP.String()})
		}
	}
	domains := len(out)
	if d := e.fromDomain(); named && d != "" && !e.IP.IsValid() {
		for _, z := range zones {
			out = append(out, dnsbl.Listing{Zone: z, Subject: d})
		}
	}
	var wg sync.WaitGroup
	for i := range out {
		wg.Go(func() {
			if i < domains {
				out[i] = dnsbl.Address(ctx, e.env.DNS, out[i].Zone, e.IP)
			} else {
				out[i] = dnsbl.Domain(ctx, e.env.DNS, out[i].Zone, out[i].Subject)
			}
		})
	}
	wg.Wait()
	return out
}

// namedZones are the names of lists in a reply: host names behind "using",
// "by", "at", "on", "in", "from" that no address or link holds.
func namedZones(text string) []string {
	var out []string
	words := strings.Fields(strings.ToLower(text))
	for i, w := range words {
		if strings.ContainsAny(w, "/@") {
			continue
		}
		w = strings.Trim(w, ".,;:()[]<>'\"")
		if i == 0 || strings.Count(w, ".") < 1 || !listLike(w) {
			continue
		}
		switch words[i-1] {
		case "using", "by", "at", "on", "in", "from", "via", "see", "list", "blocklist", "blacklist", "rbl", "dnsbl":
			if name, err := resolve.ToASCII(w); err == nil && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

// listLike tells the name of a list from an address and from a plain host.
func listLike(w string) bool {
	if strings.Trim(w, "0123456789.") == "" {
		return false
	}
	for _, part := range [...]string{"bl", "rbl", "dnsbl", "block", "black", "spam", "zen", "dul", "list", "barracuda",
		"abus", "reputation", "psbl", "dbl", "sbl", "xbl", "pbl", "css", "bad", "deny"} {
		if strings.Contains(w, part) {
			return true
		}
	}
	return false
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
