package check

import (
	"slices"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/dnsbl"
)

// DNSBLFacts is what lists say of a domain's addresses and names.
type DNSBLFacts struct {
	Subjects []string       `json:"subjects"` // what was to be looked up
	Asked    int            `json:"asked"`    // how many questions about them
	Lists    []DNSBLList    `json:"lists"`
	Listings []DNSBLListing `json:"listings"`

	answered map[string]bool // the subjects that a list spoke of
	passed   []string        // the addresses of a kind that a list does not hold (IPv4, IPv6)
	local    []string        // the first of the addresses that are none of the internet
}

// DNSBLList is a list that was to be asked.
type DNSBLList struct {
	ID        string     `json:"id"` // "": it is not known here
	Name      string     `json:"name"`
	Zone      string     `json:"zone"` // without the key of a subscriber
	Kind      dnsbl.Kind `json:"kind"`
	Asked     int        `json:"asked"`      // how many subjects
	Answered  bool       `json:"answered"`   // what it says counts
	Refused   dnsbl.Why  `json:"refused"`    // why it does not answer us, or ""
	Closed    dnsbl.End  `json:"closed"`     // why its answers do not count, or ""
	OneFamily bool       `json:"one_family"` // it holds IPv4 only, or IPv6 only, and was to be asked about the other
}

// DNSBLListing is an entry, good or bad.
type DNSBLListing struct {
	Subject   string      `json:"subject"`
	List      string      `json:"list"` // id
	Zone      string      `json:"zone"`
	Code      string      `json:"code"`  // 127.0.0.2
	Entry     string      `json:"entry"` // the list's own word for it, or ""
	Meaning   string      `json:"meaning"`
	Sense     dnsbl.Sense `json:"sense"`
	Says      string      `json:"says"` // the list's own words for the subject
	Page      string      `json:"page"` // where removal is asked for
	Receivers []string    `json:"receivers"`

	name  string
	words codes.Text
}

// Looked reports whether a blocklist answered for a subject. That a list of good senders has no entry says nothing.
func (f *DNSBLFacts) Looked() bool {
	return len(f.Listings) > 0 || slices.ContainsFunc(f.Lists, func(l DNSBLList) bool { return l.Answered && !l.rates() })
}

// count takes over of which subjects a list spoke.
func (f *DNSBLFacts) count(subjects []string) {
	for _, s := range subjects {
		f.answered[s] = true
	}
}

// leftOut are the addresses of a kind that none of the lists holds.
func (f *DNSBLFacts) leftOut() (out []string) {
	for _, s := range f.passed {
		if !f.answered[s] && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// Unseen implements diag.Unseen: what a list has that does not answer now, is not known.
func (f *DNSBLFacts) Unseen(rule, _ string) bool {
	return rule != DNSBLRefused.ID && rule != DNSBLListClosed.ID && slices.ContainsFunc(f.Lists, func(l DNSBLList) bool {
		return l.Refused != "" || l.Closed != "" && l.Closed != dnsbl.Closed && l.Closed != dnsbl.OtherKind
	})
}

// rates reports whether it is no blocklist: a list of good senders, or of grades.
func (l DNSBLList) rates() bool { return l.Kind == dnsbl.Allow || l.Kind == dnsbl.Grade }

// dead reports whether the answers of a list do not count.
func (f *DNSBLFacts) dead() bool {
	return slices.ContainsFunc(f.Lists, func(l DNSBLList) bool { return l.Closed != "" || l.OneFamily })
}

// maxListings bounds the entries that people are shown.
const maxListings = 20

// Lines shows the lists that have no entry in one line, and each entry.
func (f *DNSBLFacts) Lines() []diag.Line {
	switch {
	case len(f.Lists) == 0:
		return []diag.Line{diag.None(codes.Text{EN: "no list was asked; --blocklist ZONE or --all asks", JA: "リストには問い合わせていません(--blocklist ZONE または --all で問い合わせます)"})}
	case len(f.Subjects) == 0:
		return []diag.Line{diag.None(codes.Text{EN: "no address or domain to look up", JA: "照会するアドレスやドメインがありません"})}
	}
	out := append(f.listingLines(), f.listLines()...)
	switch {
	case len(out) > 0:
	case f.Asked == 0 && !f.dead() && len(f.local) > 0:
		out = append(out, diag.Line{Says: codes.Text{EN: "lists hold addresses of the internet only, unlike {address}",
			JA: "リストの対象はインターネットのアドレスだけです({address} は対象外)"}, Data: codes.Data{codes.Str("address", f.local[0])}, Absent: true})
	case f.Asked == 0 && !f.dead():
		out = append(out, diag.None(codes.Text{EN: "these lists hold addresses: give the sending ones with --ip ADDR",
			JA: "IPアドレスのリストです。送信元IPアドレスを --ip ADDR で指定してください"}))
	default:
		out = append(out, diag.None(codes.Text{EN: "no list gave an answer that counts", JA: "有効な回答をしたリストはありません"}))
	}
	return out
}

// listingLines are the entries, each with its page and with what the list says of it.
func (f *DNSBLFacts) listingLines() (out []diag.Line) {
	for i, l := range f.Listings {
		if i == maxListings {
			return append(out, diag.More(len(f.Listings)-i))
		}
		line := diag.Show("{subject}  {list}: {meaning}", codes.Str("subject", l.Subject), codes.Str("list", l.name),
			codes.Words("meaning", l.words))
		if l.Page != "" && l.Sense != dnsbl.Good && l.Sense != dnsbl.Neutral {
			line = line.AndShow("  {page}", codes.Str("page", l.Page))
		}
		if out = append(out, line); l.Says != "" && (i == 0 || f.Listings[i-1].Says != l.Says) {
			out = append(out, diag.Show("{says}", codes.Str("says", l.Says)).By(2))
		}
	}
	return out
}

// listLines name the lists without an entry: those that have none, and those whose answers do not count.
func (f *DNSBLFacts) listLines() (out []diag.Line) {
	has := map[string]bool{}
	for _, l := range f.Listings {
		has[l.Zone] = true
	}
	var clean, silent, dead []string
	for _, l := range f.Lists {
		switch {
		case has[l.Zone]:
		case l.Answered && l.rates():
			silent = append(silent, l.Name)
		case l.Answered:
			clean = append(clean, l.Name)
		case l.Closed == dnsbl.Empty:
			dead = append(dead, l.Name)
		}
	}
	if len(clean) > 0 {
		out = append(out, diag.Say(codes.Text{EN: "not on {lists} ({n} looked up)", JA: "登録なし: {lists}(照会{n}件)"},
			codes.List("lists", clean), codes.Num("n", len(f.answered))))
	}
	if len(silent) > 0 {
		out = append(out, diag.Say(codes.Text{EN: "not known to {lists}", JA: "情報なし: {lists}"}, codes.List("lists", silent)))
	}
	if len(dead) > 0 {
		out = append(out, diag.Say(codes.Text{EN: "not counted, without the entry for tests that every list has: {lists}",
			JA: "テスト用の登録がないため使用せず: {lists}"}, codes.List("lists", dead)))
	}
	return out
}
