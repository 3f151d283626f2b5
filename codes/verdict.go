package codes

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Class is one of twelve coarse classes of reasons, the same in every output.
type Class string

// The twelve classes. Authentication, reputation, blocklists and reverse DNS
// are a policy block.
const (
	ClassUserUnknown      Class = "user_unknown"
	ClassMailboxDisabled  Class = "mailbox_disabled"
	ClassMailboxFull      Class = "mailbox_full"
	ClassHostUnknown      Class = "host_unknown"
	ClassNetworkOrExpired Class = "network_or_expired"
	ClassTooLarge         Class = "too_large"
	ClassSpamContent      Class = "spam_content"
	ClassPolicyBlock      Class = "policy_block"
	ClassRateLimited      Class = "rate_limited"
	ClassRelayDenied      Class = "relay_denied"
	ClassSystemError      Class = "system_error"
	ClassUnspecified      Class = "unspecified"
)

// Tri is yes, no, or not known.
type Tri int8

// The three. Of Verdict.Permanent, Unknown means that it may be either.
const (
	Unknown Tri = iota
	No
	Yes
)

// UnmarshalYAML reads yes, no or either.
func (t *Tri) UnmarshalYAML(n *yaml.Node) error {
	switch n.Value {
	case "yes":
		*t = Yes
	case "no":
		*t = No
	case "either":
		*t = Unknown
	default:
		return fmt.Errorf("line %d: %q is not yes, no or either", n.Line, n.Value)
	}
	return nil
}

// Action is what the sending side has to do, in one word.
type Action string

// The actions.
const (
	ActionNone             Action = "none"
	ActionCorrectAddress   Action = "correct_address"
	ActionWait             Action = "wait_and_resend"
	ActionSlowDown         Action = "slow_down"
	ActionFixDNS           Action = "fix_dns"
	ActionFixSender        Action = "fix_sending_system" // relay, TLS, HELO, AUTH, envelope sender
	ActionChangeMessage    Action = "change_message"     // size, content, form
	ActionContactRecipient Action = "contact_recipient"  // the person, by another way
	ActionContactAdmin     Action = "contact_recipient_admin"
	ActionContactList      Action = "contact_list_owner" // of a blocklist or a mailing list
)

// Certainty says what a statement rests on.
type Certainty string

// The certainties, best first.
const (
	Documented  Certainty = "documented"  // the operator's, the platform's or the RFC's own document
	Observed    Certainty = "observed"    // seen in replies, or in maintained rule sets
	General     Certainty = "general"     // common knowledge of the field
	Unconfirmed Certainty = "unconfirmed" // nothing found that confirms it
	Inferred    Certainty = "inferred"    // follows from a rule, written down nowhere
)

// OrBetter is the better of two certainties of sources. Any other value of the second, "" too, counts for nothing.
func (c Certainty) OrBetter(other Certainty) Certainty {
	rank := [...]Certainty{Documented, Observed, General, Unconfirmed}
	if i := slices.Index(rank[:], other); i >= 0 && i < slices.Index(rank[:], c) {
		return other
	}
	return c
}

// Reason is why a mail was not taken: finer than a class, coarse enough to act on.
type Reason struct {
	ID        string
	Class     Class
	Title     Text // two or three words
	Meaning   Text // a sentence
	Permanent Tri  // Unknown: the reply's first digit decides
	Action    Action
	Remedies  []string // ids, in the order to follow
	Delivery  string   // the delivery code of a case without a reply code, "" for none
}

// Event is how an attempt ended when that was not by a reply of the server.
type Event string

// The events. EventReply is the usual one: the reply decides.
const (
	EventReply     Event = ""
	EventNoRoute   Event = "no_route"  // no such domain, no MX, null MX, or DNS could not be asked
	EventDeadline  Event = "deadline"  // retried until the deadline, or never connected
	EventTimeout   Event = "timeout"   // no answer in time, at Context.Stage
	EventDelayed   Event = "delayed"   // a notice that delivery goes on: nothing final
	EventBounced   Event = "bounced"   // accepted first, came back later
	EventDelivered Event = "delivered" // the server took the message
	EventComplaint Event = "complaint" // the recipient called the mail spam (RFC 5965): it has arrived
	EventAnswered  Event = "answered"  // a program of the mailbox answered (RFC 3834): it has arrived
)

// Context is what is known beside the reply. All of it may be empty.
type Context struct {
	Host  string        // the MX or remote host that spoke
	Stage Stage         // where in the session
	Event Event         // how the attempt ended
	After time.Duration // how long the server took to answer, or the message waited
	Relay bool          // it is the sender's own relay, which did not know the recipient yet
	Lack  Lack          // for which nothing was sent; "" where a server decided
}

// Verdict is what a reply means.
type Verdict struct {
	Reason     Reason
	Delivery   Delivery // ID is "" where the case has no delivery code
	Provider   string   // id of the provider, "" where unknown
	Rule       string   // id of the rule that decided, "" where the registry or nothing did
	Meaning    Text     // of this very reply
	Permanent  Tri
	Action     Action
	Remedies   []Remedy // in the order to follow
	RetryAfter time.Duration
	Certainty  Certainty
	Blocklist  *Blocklist   // named in the text, else nil
	Other      *Alternative // what the same words may also mean, else nil

	told bool // the reply tells the reason by its words or its enhanced code
}

// WorthLater reports whether a mail that was refused for good is worth another try after some time: what was wrong is a
// state of the receiving side, not the mail.
func (v Verdict) WorthLater() bool {
	switch {
	case v.Permanent != Yes:
		return false
	case v.Action == ActionWait:
		return true
	case v.Delivery.Pattern != "B":
		return false
	}
	return slices.Contains([]Class{ClassUnspecified, ClassSystemError, ClassMailboxFull, ClassNetworkOrExpired}, v.Reason.Class)
}

// Alternative is the second reading of an ambiguous wording.
type Alternative struct {
	Reason Reason
	When   Text // how to tell the two apart
}

// Pattern is the pattern of the guide by which a verdict is worked through, "" where it tells no pattern. Where the words
// of the reply tell the reason, the reason decides; else the delivery code does. What was delivered and is asked about did
// not arrive; what came back later is a pattern of its own.
func (v Verdict) Pattern() string {
	d := v.Delivery
	switch {
	case d.Result == "ok":
		return "D"
	case d.ID == DeliveryBounced, d.ID == DeliveryNoRoute:
		return d.Pattern
	case !v.told:
		return d.pattern()
	case v.Permanent == No:
		return "B"
	}
	switch v.Reason.Class {
	case ClassUserUnknown, ClassMailboxDisabled, ClassPolicyBlock, ClassSpamContent, ClassRelayDenied:
		if d.Pattern == "G" { // the reply itself says that the address cannot work
			return "G"
		}
		return "A"
	case ClassHostUnknown:
		return "G"
	case ClassMailboxFull, ClassTooLarge, ClassRateLimited, ClassSystemError, ClassNetworkOrExpired:
		return "B"
	}
	return d.pattern()
}

// pattern is the pattern of a code. One without is worked through as a refusal, or as trouble of the server where it is
// temporary.
func (d Delivery) pattern() string {
	switch {
	case d.ID == "" || d.Pattern != "":
		return d.Pattern
	case strings.HasPrefix(d.ID, "424"):
		return "B"
	}
	return "A"
}
