package check

import "todoku/diag/spf"

// SPFFacts is what the SPF check saw (RFC 7208). Slices are never nil.
type SPFFacts struct {
	Domain      string          `json:"domain"` // whose record it is
	Record      string          `json:"record"` // "" when there is none
	Result      string          `json:"result"` // of the first evaluation; without one: none, permerror or temperror where the record itself decides, else ""
	Explanation string          `json:"explanation"`
	Lookups     int             `json:"lookups"`      // of the whole tree, also beyond the limit
	VoidLookups int             `json:"void_lookups"` // of the whole tree
	Includes    int             `json:"includes"`     // include terms, nested ones counted
	Mechanism   string          `json:"mechanism"`    // that decided the first evaluation
	TTL         uint32          `json:"ttl"`
	Services    []string        `json:"services"` // who is known to send by what the tree includes
	Tree        []*spf.Node     `json:"tree"`
	Evaluations []SPFEvaluation `json:"evaluations"`
	Cut         bool            `json:"cut"`     // the tree is larger than we look: the counts are lower bounds
	Cheaper     []SPFStep       `json:"cheaper"` // how the record gets under the limit, step by step; empty unless it is over
}

// SPFEvaluation is check_host() for one address.
type SPFEvaluation struct {
	IP          string   `json:"ip"`
	MailFrom    string   `json:"mail_from"`
	HELO        string   `json:"helo"`
	Result      string   `json:"result"`
	Mechanism   string   `json:"mechanism"` // "default" when nothing matched
	Domain      string   `json:"domain"`    // whose record held the mechanism
	Trail       []string `json:"trail"`     // the terms that led to the result, from the outside in
	Explanation string   `json:"explanation"`
	Lookups     int      `json:"lookups"`
	VoidLookups int      `json:"void_lookups"`
	Problem     string   `json:"problem"` // why it is permerror or temperror
}

// SPFStep is one change that makes a record cheaper and keeps its meaning.
type SPFStep struct {
	Action string `json:"action"` // "merge", "drop", "flatten"
	Term   string `json:"term"`
	Saves  int    `json:"saves"`
	Record string `json:"record"` // after this step
}

// IsFacts marks the type.
func (*SPFFacts) IsFacts() {}
