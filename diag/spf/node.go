package spf

// Node is one term of a record's tree that costs a look-up or has a record of
// its own below it (RFC 7208 §4.6.4).
type Node struct {
	Term     string  `json:"term"`     // as written: "include:_spf.example.test"
	Domain   string  `json:"domain"`   // what the term looks up, expanded and in ASCII; empty where a macro needs a message
	Cost     int     `json:"cost"`     // look-ups of this term alone: 0 or 1
	Running  int     `json:"running"`  // look-ups up to and including this term and all below it
	Result   string  `json:"result"`   // "ok", "void", "loop", "none", "permerror", "temperror", "unexpanded", "repeated", "cut"
	Children []*Node `json:"children"` // terms of the included record, never nil

	Kind   Kind    `json:"-"`
	At     string  `json:"-"` // the domain whose record holds the term
	Voids  int     `json:"-"` // void look-ups of this term alone
	Source *Source `json:"-"` // of include and redirect: what is published there, nil when it was not looked at
	Err    error   `json:"-"` // of temperror
}

// The results of a node.
const (
	NodeOK         = "ok"
	NodeVoid       = "void"       // nothing is there: a void look-up
	NodeLoop       = "loop"       // the record includes itself, through this term
	NodeNone       = "none"       // the target has no SPF record: a permerror for the record that names it
	NodePermError  = "permerror"  // the target's record is faulty, or there are several; an mx with too many hosts
	NodeTempError  = "temperror"  // a question stayed without an answer
	NodeUnexpanded = "unexpanded" // a macro needs a message
	NodeRepeated   = "repeated"   // the same record was looked into further up; it counts again
	NodeCut        = "cut"        // beyond the bounds of Walk: not looked at
)
