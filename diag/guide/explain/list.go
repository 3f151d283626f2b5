package explain

import (
	"strconv"

	"todoku/codes"
	"todoku/diag/dnsbl"
)

// List names a list of what can be explained.
type List string

// The lists of the catalogue.
const (
	ListCodes      List = "codes"
	ListReplies    List = "replies"
	ListEnhanced   List = "enhanced"
	ListReasons    List = "reasons"
	ListPatterns   List = "patterns"
	ListRemedies   List = "remedies"
	ListProviders  List = "providers"
	ListWordings   List = "wordings"
	ListBlocklists List = "blocklists"
	ListTerms      List = "terms"
)

// Lists are all of them.
func Lists() []List {
	return []List{ListCodes, ListReplies, ListEnhanced, ListReasons, ListPatterns, ListRemedies, ListProviders,
		ListWordings, ListBlocklists, ListTerms}
}

// Entry is an entry of a list. Its id is what Explain takes.
type Entry struct {
	Kind  Kind
	ID    string
	Title codes.Text
	Note  string // what tells it from others of its kind: a section of an RFC, a class, a number of rules
}

// List gives the entries of a list in the order of the catalogue.
func (x Explainer) List(list List) []Entry {
	switch list {
	case ListCodes:
		return lineUp(x.Deliveries(), func(d *codes.Delivery) Entry {
			return Entry{Kind: KindDelivery, ID: d.ID, Title: d.Title, Note: string(d.Certainty)}
		})
	case ListReplies:
		return lineUp(x.Basics(), func(r *codes.Basic) Entry {
			return Entry{Kind: KindReplyCode, ID: strconv.Itoa(r.Code), Title: r.Title, Note: r.Ref}
		})
	case ListEnhanced:
		return lineUp(x.Statuses(), func(s *codes.Status) Entry {
			return Entry{Kind: KindEnhanced, ID: s.Code, Title: s.Title, Note: s.Ref}
		})
	case ListReasons:
		return lineUp(x.Reasons(), func(r *codes.Reason) Entry {
			return Entry{Kind: KindReason, ID: r.ID, Title: r.Title, Note: string(r.Class)}
		})
	case ListPatterns:
		return lineUp(x.Patterns(), func(p *codes.Pattern) Entry {
			return Entry{Kind: KindPattern, ID: p.ID, Title: p.Title}
		})
	case ListRemedies:
		return lineUp(x.Remedies(), func(r *codes.Remedy) Entry {
			return Entry{Kind: KindRemedy, ID: r.ID, Title: r.Text, Note: string(r.Owner)}
		})
	case ListProviders:
		return x.providers()
	case ListWordings:
		return lineUp(x.Rules(), func(r *codes.Rule) Entry {
			return Entry{Kind: KindWording, ID: r.ID, Title: codes.Text{EN: r.EN, JA: r.JA}, Note: r.Reason}
		})
	case ListBlocklists:
		return lineUp(dnsbl.Lists(), func(l *dnsbl.List) Entry {
			return Entry{Kind: KindBlocklist, ID: l.ID, Title: codes.Same(l.Name), Note: l.Page}
		})
	}
	return lineUp(x.Terms(), func(t *codes.Term) Entry {
		return Entry{Kind: KindTerm, ID: t.ID, Title: t.Title}
	})
}

func lineUp[T any](entries []*T, line func(*T) Entry) []Entry {
	out := make([]Entry, len(entries))
	for i, e := range entries {
		out[i] = line(e)
	}
	return out
}
