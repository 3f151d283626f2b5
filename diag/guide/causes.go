package guide

// Causes lists every cause in the order of the guide: the address, the
// recipient's side, the countermeasures in their order, then what goes beyond
// the document.
func Causes() []*Cause {
	return []*Cause{
		addressWrong, recipientDomain, mailboxFull, mailboxDisabled,
		spfNone, spfBroken, spfIP, dkimNone, dkimBroken, dmarcNone, dmarcUnaligned,
		reverseDNS, blocklisted, sendingTooFast, greylisted,
		tooLarge, tlsTrouble, content, recipientRefuses,
		recipientServer, forwarding, relay, ownNetwork, dnsTrouble, queue,
	}
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
