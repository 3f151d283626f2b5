package paste

import "todoku/codes"

// Record is what a log or a service says beside the words of a server.
type Record struct {
	Format string         // "postfix" or "exim", who wrote the words; others are recognised by the words
	Status codes.Enhanced // beside the words
	Event  codes.Event    // how the attempt ended, as the record says
	Ended  bool           // no further attempt follows
	Server string         // the one that spoke, where it is known
}

// Words reads the words of a record: "host h[a] said: 550 … (in reply to RCPT TO command)", "550 5.1.1 …". It reads at most MaxSize
// octets of them, and never fails.
func Words(words string, r Record) Found {
	text := cleanRecord(bounding(words))
	var p pasted
	switch r.Format {
	case "postfix":
		p = newPasted(text)
		p.readPostfixNotice()
	case "exim":
		p = newPasted(text)
		p.readEximNotice()
	default:
		p = read(text)
	}
	if p.found.Format = r.Format; p.replies == nil {
		p.textBeforeReply, p.replies = findReplies(p.words)
	}
	fill(&p.found.Context.Event, r.Event)
	if r.Server != "" {
		p.found.Server = r.Server
	}
	p.status, p.ended = r.Status, p.ended || r.Ended
	return p.result(codes.Enhanced{})
}
