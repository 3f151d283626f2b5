package guide

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/dnsbl"
	"todoku/diag/resolve"
)

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
		return e.judgeLists()
	},
}

// seenList is what one list says, and how it came to be asked.
type seenList struct {
	dnsbl.Listing
	named bool        // the reply names the list
	part  *dnsbl.List // the part of the list that the reply means
}

// entries are the entries of the part that the reply means.
func (l *seenList) entries() []dnsbl.Entry {
	if l.part == nil {
		return l.Entries
	}
	return slices.DeleteFunc(slices.Clone(l.Entries), func(en dnsbl.Entry) bool { return !l.part.Means(en) })
}

// weighs reports whether an entry is a reason to refuse. What the owner of a network says of it (PBL) is one for a server that
// refuses by the list, or by the repute of the address; an entry that few refuse by is one where the reply names the list.
func (e *evidence) weighs(l *seenList, en dnsbl.Entry) bool {
	switch en.Sense {
	case dnsbl.Bad:
		return true
	case dnsbl.Policy:
		return l.named || slices.Contains(e.reasons, "blocklisted") || slices.Contains(e.reasons, "ip_reputation")
	case dnsbl.Minor:
		return l.named
	}
	return false
}

// judgeLists weighs what the lists say. An entry of a list without its entry for tests counts here: the refusal speaks for it too.
// That such a list has none says nothing: it may be private, or not answer us.
func (e *evidence) judgeLists() Outcome {
	var clean, other, closed []string
	var mute []*seenList
	for i := range e.lists {
		l := &e.lists[i]
		var dead *dnsbl.Dead
		switch entries := l.entries(); {
		case errors.As(l.Err, &dead) && dead.End == dnsbl.Closed:
			closed = append(closed, l.Zone)
		case errors.As(l.Err, &dead) && dead.End == dnsbl.NoFamily:
			clean = append(clean, l.Zone)
		case l.Err != nil:
			mute = append(mute, l)
		case l.Untested && len(l.Entries) == 0:
			l.Err = &dnsbl.Dead{Zone: l.Zone, End: dnsbl.Empty}
			mute = append(mute, l)
		case slices.ContainsFunc(entries, func(en dnsbl.Entry) bool { return e.weighs(l, en) }):
			return l.confirms()
		case l.Has(dnsbl.Bad, dnsbl.Policy, dnsbl.Minor):
			other = append(other, l.Zone)
		default:
			clean = append(clean, l.Zone)
		}
	}
	o := excluded()
	if len(mute) > 0 {
		o = unheard(mute)
	}
	if len(other) > 0 {
		o = o.because("dns", codes.Text{EN: "{zones} has an entry of another kind, which is no reason for this refusal",
			JA: "{zones} に別の種類の登録がありますが、この拒否の理由にはなりません"}, codes.List("zones", other))
	}
	if len(closed) > 0 {
		o = o.because("dns", codes.Text{EN: "{zones} is closed and lists nobody: a receiver that still asks it has to remove it",
			JA: "{zones} は閉鎖されており、登録はありません。受信側でこのリストの参照をやめる必要があります"}, codes.List("zones", closed))
	}
	if len(clean) > 0 && len(mute) == 0 {
		o = o.because("dns", codes.Text{EN: "not on {zones}", JA: "{zones} には登録されていません"}, codes.List("zones", clean))
	}
	return o
}

// unheard is the outcome where lists gave no answer: why, and where people can look it up themselves.
func unheard(lists []*seenList) Outcome {
	var zones []string
	for _, l := range lists {
		zones = append(zones, l.Zone)
	}
	err := lists[len(lists)-1].Err
	why := codes.Failure("error", err)
	var worded interface{ Says() codes.Text }
	if errors.As(err, &worded) {
		why = codes.Words("error", worded.Says())
	}
	o := open(nil).because("dns", codes.Text{EN: "{zones} gave no answer that counts ({error})", JA: "{zones} から有効な回答が得られません({error})"},
		codes.List("zones", zones), why)
	var pages []string
	for _, l := range lists {
		if page := l.List.Page; page != "" && !slices.Contains(pages, page) {
			pages = append(pages, page)
			o = o.because("dns", codes.Text{EN: "look it up there: {page}", JA: "照会できるページ: {page}"}, codes.Str("page", page))
		}
	}
	return o
}

// confirms is the outcome where the list has an entry that is a reason to refuse.
func (l *seenList) confirms() Outcome {
	data := []codes.Datum{codes.Str("subject", l.Subject), codes.Str("zone", l.Zone), codes.Str("says", l.Reason)}
	says := codes.Text{EN: "{zone} lists {subject}. {says}", JA: "{zone} に {subject} が登録されています。{says}"}
	if l.List.ID == "" { // nothing is known of its codes
		return l.remedied(confirmed(data...).because("dns", says, data...).shown(diag.Seen(l.Answer)...))
	}
	data = append(data, codes.Str("list", l.List.Name), codes.Words("meaning", l.words()))
	says = codes.Text{EN: "{list} ({zone}) has {subject}: {meaning}. {says}", JA: "{list}({zone})に {subject} が登録されています({meaning})。{says}"}
	o := confirmed(data...).because("dns", says, data...).shown(diag.Seen(l.Answer)...)
	if page := l.List.RemovalPage(); page != "" {
		o = o.because("dns", codes.Text{EN: "look-up and removal: {page}", JA: "照会・解除の申請先: {page}"}, codes.Str("page", page))
	}
	return l.remedied(o)
}

// remedied puts the steps for what is listed: a domain has a removal of its own, and what the owner of a network says of it (PBL)
// is no sign of abuse, but asks for the provider's mail server.
func (l *seenList) remedied(o Outcome) Outcome {
	_, err := netip.ParseAddr(l.Subject)
	shown := l.Listing
	shown.Entries = l.entries()
	switch {
	case err != nil:
		o.steps = []string{"delist_domain", "investigate_compromise"}
	case shown.Has(dnsbl.Policy) && !shown.Has(dnsbl.Bad, dnsbl.Minor):
		o.steps = []string{"use_smarthost", "delist_ip"}
	}
	return o
}

// words are what the entries say.
func (l *seenList) words() (t codes.Text) {
	shown := l.Listing
	shown.Entries = l.entries()
	for _, s := range [...]dnsbl.Sense{dnsbl.Bad, dnsbl.Policy, dnsbl.Minor} {
		if t = shown.Meaning(s); !t.IsZero() {
			return t
		}
	}
	return t
}

// publicZones are the lists that are asked where the reply names none.
func (env Env) publicZones() []string {
	switch {
	case !env.Public:
		return nil
	case env.Lists != nil:
		return env.Lists
	}
	return dnsbl.Public()
}

// askLists asks the lists that the reply names, else the public ones. A list of domains is never asked about an address.
func (e *evidence) askLists(ctx context.Context) []seenList {
	type question struct {
		dnsbl.Source
		domain bool
	}
	var questions []question
	var out []seenList
	add := func(s dnsbl.Source, named bool, part *dnsbl.List) {
		d := e.fromDomain()
		switch {
		case s.Kind == dnsbl.Allow || s.Kind == dnsbl.Grade:
			return
		case !s.Closed.IsZero(), s.Takes(dnsbl.Addresses) && e.IP.IsValid():
			questions = append(questions, question{s, false})
		case named && d != "" && s.Takes(dnsbl.Domains):
			questions = append(questions, question{s, true})
		default:
			return
		}
		out = append(out, seenList{named: named, part: part})
	}
	zones, named := namedZones(e.Reply.Text()), true
	if b := e.Verdict.Blocklist; len(zones) == 0 && b != nil {
		if l, known := dnsbl.Named(b.ID); known {
			if s, askable := l.Source(); askable {
				add(s, true, l)
			}
		}
	}
	if len(zones) == 0 && len(out) == 0 {
		zones, named = e.env.publicZones(), false
	}
	for _, z := range zones {
		add(dnsbl.Find(z), named, nil)
	}
	for _, z := range e.env.Asked {
		if !slices.Contains(zones, z) {
			add(dnsbl.Find(z), named, nil)
		}
	}
	var wg sync.WaitGroup
	for i, q := range questions {
		wg.Go(func() {
			if q.domain {
				out[i].Listing = q.Domain(ctx, e.env.DNS, e.fromDomain())
			} else {
				out[i].Listing = q.Address(ctx, e.env.DNS, e.IP)
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
