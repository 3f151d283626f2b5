package spf

// Node is one term of a record's tree that costs a look-up or has a record of
// its own below it (RFC 7208 §4.6.4).
type Node struct {
	Term     string  `json:"term"`     // as written: "include:_spf.example.test"
	Domain   string  `json:"domain"`   // what the term looks up, expanded and in ASCII; empty where a macro needs a message
	Cost     int     `json:"cost"`     // look-ups of this term alone: 0 or 1
	Running  int     `json:"running"`  // look-ups up to and including this term and all below it
	Result   string  `json:"result"`   // "ok", "void", "loop", "none", "permerror", "temperror", "unexpanded", "repeated"
	Children []*Node `json:"children"` // terms of the included record, never nil
}
