package guide

// Causes lists every cause in the order of the guide: the address, the
// recipient's side, the countermeasures in their order, then what goes beyond
// the document.
func Causes() []*Cause {
	return []*Cause{
		addressWrong, recipientDomain, mailboxFull, mailboxDisabled,
		senderDomain, spfNone, spfBroken, spfIP, dkimNone, dkimBroken, dmarcNone, dmarcUnaligned,
		reverseDNS, blocklisted, sendingTooFast, greylisted,
		tooLarge, tlsTrouble, mailContent, recipientRefuses,
		recipientServer, forwarding, relay, ownNetwork, dnsTrouble, queue,
	}
}

// Look is what a cause has to have looked at beside the receiving server; several are joined by |.
type Look uint8

// The looks.
const (
	lookSender  Look = 1 << iota // the sender's own DNS: SPF, DKIM, DMARC, reverse DNS
	lookControl                  // the sender's own mail servers: whether SMTP gets out at all
	lookLists                    // blocklists of addresses
	lookLinks                    // blocklists of domains, for the links of the mail
	lookTraffic                  // how much was sent to the domain, in the history
)

// Answers says which cause of a pattern of the guide a cause is: the first or the second of pattern A, and so on; 0 is
// none of them. The patterns that are left out have no causes to choose from.
type Answers struct{ A, B, C, G int }

// refusal are the answers of what a server refuses mail for.
var refusal = Answers{A: 2, B: 2, C: 1}

// Of gives the number of the cause in a pattern, from 1 on; 0 where it is none of the pattern's.
func (a Answers) Of(pattern string) int {
	switch pattern {
	case "A":
		return a.A
	case "B":
		return a.B
	case "C":
		return a.C
	case "G":
		return a.G
	}
	return 0
}

// Remedies of codes that steps are made of by their meaning.
const (
	remedySPF   = "countermeasure_spf"
	remedyDKIM  = "countermeasure_dkim"
	remedyDMARC = "fix_dmarc"
	remedyWait  = "countermeasure_wait"
	remedyAsk   = "countermeasure_ask"
	remedyAdmin = "contact_recipient_admin"
	remedyOwnIT = "ask_it_department"
	remedyAllow = "ask_recipient_allow"

	remedyProvider = "contact_provider"

	remedySPFCovers = "check_spf_covers"  // has the words of remedySPF where there is a record
	remedySigned    = "check_dkim_signed" // has the words of remedyDKIM where there is a key
)

// Authentication reports whether it is about SPF or DKIM: waiting and the inquiry make sense only with both in place.
func (c *Cause) Authentication() bool { return c.Counter == remedySPF || c.Counter == remedyDKIM }

// CauseIDs are the ids of causes, as JSON has them; nil for none.
func CauseIDs(causes []*Cause) []string {
	var ids []string
	for _, c := range causes {
		ids = append(ids, c.ID)
	}
	return ids
}

// FindCause gives a cause by its id.
func FindCause(id string) *Cause {
	for _, c := range Causes() {
		if c.ID == id {
			return c
		}
	}
	return nil
}
