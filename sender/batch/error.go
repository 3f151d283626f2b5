package batch

import "todoku/sender/history"

// InvalidError says that an address is marked invalid.
type InvalidError struct{ history.Validity }

// Error names the address, in English.
func (e *InvalidError) Error() string { return e.Address + " is marked invalid" }

// Fault is why a list or a mail cannot be sent again.
type Fault string

// The faults of a list.
const (
	ListBusy        Fault = "list_busy"        // another process is sending it
	NoList          Fault = "no_list"          // the history has none of this id
	OtherMail       Fault = "other_mail"       // the list of this id has another mail
	Unfinished      Fault = "unfinished"       // a list has these recipients, another mail, and was not sent to its end
	OtherRecipients Fault = "other_recipients" // a list has this mail and some of these recipients, but not the same ones
	AmbiguousID     Fault = "ambiguous"        // several ids of lists or sendings begin with it
)

// The faults of a single mail.
const (
	NoSending   Fault = "no_sending"   // the history has none of this id
	NotKept     Fault = "not_kept"     // the history has not kept the mail, which was too large
	SendingBusy Fault = "sending_busy" // another process works on it
	EndUnknown  Fault = "end_unknown"  // it has no result: the server may have taken it
	Perhaps     Fault = "perhaps"      // it is perhaps delivered
	Taken       Fault = "taken"        // the server took it already: Code
	Refused     Fault = "refused"      // it was sent already and refused: Code
)

// ResumeError says why a list or a mail of the history is not sent again.
type ResumeError struct {
	Fault Fault
	ID    string // of the list or the sending, or what was given for it
	Code  string // the delivery code that it has
}

// Error is the id and the fault, for logs; cmd/send has words for users.
func (e *ResumeError) Error() string { return e.ID + ": " + string(e.Fault) }
