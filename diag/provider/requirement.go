package provider

import (
	"slices"
	"strconv"
	"strings"

	"todoku/codes"
)

// Breach is what becomes of a mail that does not meet a demand.
type Breach string

// The breaches.
const (
	Refused   Breach = "refused"   // a reply 5xx
	Deferred  Breach = "deferred"  // a reply 4xx
	Reset     Breach = "reset"     // the connection is cut without a reply
	Junk      Breach = "junk"      // taken, and put into the folder for spam
	Marked    Breach = "marked"    // taken, and shown with a warning
	Discarded Breach = "discarded" // taken, and shown to nobody
	Unhelped  Breach = "unhelped"  // taken; but the provider helps nobody who does so
	Untold    Breach = "untold"    // nothing is published
)

// Breaches lists them, the worst for the sender first.
func Breaches() []Breach {
	return []Breach{Refused, Reset, Deferred, Discarded, Junk, Marked, Unhelped, Untold}
}

// Accepts reports whether the mail is taken all the same, so that the sending result is ok.
func (b Breach) Accepts() bool {
	return slices.Contains([]Breach{Junk, Marked, Discarded, Unhelped}, b)
}

// ExpectedReply is what a provider answers to a mail that does not meet a demand. Text may hold {domain} and {DOMAIN} (that
// of From:), {envelope} (that of the envelope sender) and {ip} (the sending address).
type ExpectedReply struct {
	Code      int
	Enhanced  string `json:",omitempty"`
	Text      string
	Certainty codes.Certainty // documented, observed or inferred
}

// Is reports whether there is a reply.
func (r ExpectedReply) Is() bool { return r.Code > 0 }

// String is the reply as a server says it, on one line; "" for none.
func (r ExpectedReply) String() string {
	if !r.Is() {
		return ""
	}
	return strings.Join(strings.Fields(strconv.Itoa(r.Code)+" "+r.Enhanced+" "+r.Text), " ")
}

// DeliveryCode is what a sending that ends with this reply is recorded with: 42 and the reply code.
func (r ExpectedReply) DeliveryCode() string {
	if !r.Is() {
		return ""
	}
	return "42" + string([]byte{byte('0' + r.Code/100%10), byte('0' + r.Code/10%10), byte('0' + r.Code%10)})
}

// Filled is the reply with values in the places of its text.
func (r ExpectedReply) Filled(domain, envelope, ip string) ExpectedReply {
	r.Text = strings.NewReplacer("{domain}", domain, "{DOMAIN}", strings.ToUpper(domain), "{envelope}", envelope, "{ip}", ip).Replace(r.Text)
	return r
}

// Key is the id of a demand or a limit within its page: its own, else what it is about.
func (f Fact) Key() string {
	if f.ID != "" {
		return f.ID
	}
	return f.Needs
}

// Expected is the reply that a breach of a demand causes. Where the provider publishes none, it is inferred from the registry of
// enhanced codes (RFC 3463, RFC 7372) and the codes of RFC 5321 and RFC 3207. Without a reply its Code is 0.
func (f Fact) Expected() ExpectedReply {
	switch {
	case f.Reply.Is():
		return f.Reply
	case f.Breach != Refused && f.Breach != Deferred:
		return ExpectedReply{}
	}
	return usualReply(f.Needs)
}

// usualReply is what the standards have for a demand that is not met.
func usualReply(needs string) ExpectedReply {
	say := func(code int, enhanced, text string) ExpectedReply {
		return ExpectedReply{Code: code, Enhanced: enhanced, Text: text, Certainty: codes.Inferred}
	}
	switch needs {
	case "spf", "spf_from", "spf_not_fail":
		return say(550, "5.7.23", "SPF validation failed")
	case "dkim", "key_bits":
		return say(550, "5.7.20", "No passing DKIM signature found")
	case "dkim_alignment":
		return say(550, "5.7.22", "No valid author-matched DKIM signature found")
	case "spf_or_dkim":
		return say(550, "5.7.26", "Multiple authentication checks failed")
	case "dmarc", "dmarc_pass", "dmarc_policy", "alignment":
		return say(550, "5.7.1", "Rejected by DMARC policy")
	case "ptr", "ptr_named":
		return say(550, "5.7.25", "Reverse DNS validation failed")
	case "helo":
		return say(550, "5.7.1", "HELO name rejected")
	case "dns", "dns_mx":
		return say(550, "5.1.8", "Sender's domain not found")
	case "tls":
		return say(530, "5.7.0", "Must issue a STARTTLS command first")
	case "size":
		return say(552, "5.3.4", "Message size exceeds fixed maximum message size")
	case "line", "format", "address":
		return say(554, "5.6.0", "Message is malformed")
	}
	return say(550, "5.7.1", "Refused by policy")
}

// Decider is the check that decides a demand, "" for what cannot be seen from outside: complaints, consent, an imprint.
func (f Fact) Decider() string {
	switch f.Needs {
	case "spf", "spf_from", "spf_not_fail":
		return "spf"
	case "spf_or_dkim":
		return "spf dkim"
	case "dkim", "key_bits":
		return "dkim"
	case "dmarc", "dmarc_pass", "dmarc_policy", "alignment", "dkim_alignment":
		return "dmarc"
	case "ptr", "ptr_named", "helo":
		return "ptr"
	case "dns", "dns_mx":
		return "mx"
	case "one_click", "unsubscribe", "list_unsubscribe", "format", "address", "arc", "size", "line", "hops":
		return "headers"
	case "tls":
		return "smtp"
	}
	return ""
}

// Requirements lists what a page demands of a mail: the demands, and the limits that one mail alone can break.
func (p Page) Requirements() []Fact {
	var out []Fact
	for _, f := range p.Facts {
		if f.Topic == Demand || f.Topic == Limit && (f.Needs == "size" || f.Needs == "line") {
			out = append(out, f)
		}
	}
	return out
}
