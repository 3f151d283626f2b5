// Package arc validates an Authenticated Received Chain (ARC, RFC 8617): what the servers that a mail passed say of it, each
// in a set of three header fields, sealed one over the other.
//
// Validate follows the algorithm of §5.2. It makes no seals and prints nothing. What DNS did not answer is ignorance: the
// result is then temperror, never pass and never fail.
package arc

import (
	"slices"
	"time"

	"todoku/sender/mail"
)

// Result is the status of a chain (RFC 8617 §4.4); temperror and neutral are those of RFC 8601 §2.7.1.
type Result string

// The results.
const (
	None      Result = "none" // no ARC header field at all
	Pass      Result = "pass"
	Fail      Result = "fail"
	TempError Result = "temperror" // nothing is known to be wrong, but a key could not be looked up
	Neutral   Result = "neutral"   // the mail has more fields than were read, so that it was not judged
)

// Kind is one of the three header fields of a set, by its short name in RFC 8617 §2.
type Kind string

// The kinds. "" stands for a set as a whole.
const (
	AAR Kind = "aar" // ARC-Authentication-Results
	AMS Kind = "ams" // ARC-Message-Signature
	AS  Kind = "as"  // ARC-Seal
)

// Field is the name of the header field.
func (k Kind) Field() string {
	switch k {
	case AAR:
		return "ARC-Authentication-Results"
	case AMS:
		return "ARC-Message-Signature"
	case AS:
		return "ARC-Seal"
	}
	return ""
}

// MaxSets is how many sets a mail may have (RFC 8617 §4.2.1, §5.2).
const MaxSets = 50

// Chain is what Validate found.
type Chain struct {
	Result         Result
	FailedInstance int     // the set of the first fault; 0: none, or it belongs to no set
	Reason         Reason  // of the first fault; "" unless Result is Fail
	Faults         []Fault // that make the chain fail, in the order of steps
	Sets           []Set   // by instance, at most MaxSets
	Found          int     // instances that were seen, also beyond MaxSets
	Err            error   // why a key could not be looked up, where the result is TempError
}

// Set is one ARC set: what one server says.
type Set struct {
	Instance int
	CV       string            // what the seal says of the chain before it: "none", "pass", "fail", as written; "" without one
	AAR      string            // value behind "i=N;" on one line, as it came
	Server   string            // the authserv-id of AAR: who looked
	Results  []mail.AuthResult // of AAR
	Message  Signature         // the AMS
	Seal     Signature         // the AS
}

// State says whether a signature holds.
type State string

// The states.
const (
	Unjudged State = ""        // it is missing, twice there, or nothing follows from it
	Holds    State = "holds"   // it verifies
	Broken   State = "broken"  // it does not verify
	Unknown  State = "unknown" // its key could not be looked up
)

// Signature is the AMS or the AS of a set.
type Signature struct {
	State     State
	Domain    string    // d=
	Selector  string    // s=
	Algorithm string    // a=
	Time      time.Time // t=; zero without one
	Canon     string    // c= of an AMS, in full: "relaxed/simple"; "" of an AS
	Headers   []string  // h= of an AMS
	KeyBits   int       // 0: no key was read
	Faults    []Fault   // why it is Broken
	Err       error     // why it is Unknown
}

// OldestPass is the value of RFC 8617 §5.2 step 5: 0 where all message signatures hold, else the lowest instance from which on
// all hold. ok is false where the newest one does not hold, or where this cannot be told because a key is unknown.
func (c *Chain) OldestPass() (instance int, ok bool) {
	for i := len(c.Sets) - 1; i >= 0; i-- {
		switch c.Sets[i].Message.State {
		case Holds:
		case Broken:
			if i == len(c.Sets)-1 {
				return 0, false
			}
			return c.Sets[i+1].Instance, true
		default:
			return 0, false
		}
	}
	return 0, len(c.Sets) > 0
}

// Changed is the newest set after which the mail was changed; 0: none.
func (c *Chain) Changed() int {
	for i := len(c.Sets) - 1; i >= 0; i-- {
		if c.Sets[i].Message.changed() {
			return c.Sets[i].Instance
		}
	}
	return 0
}

func (s *Signature) changed() bool {
	return slices.ContainsFunc(s.Faults, func(f Fault) bool { return f.Reason == BodyHashMismatch || f.Reason == MessageMismatch })
}
