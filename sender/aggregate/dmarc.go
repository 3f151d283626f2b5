package aggregate

import (
	"strings"
)

// node is an element of an aggregate report that has elements within.
type node uint8

const (
	nodeRoot node = iota
	nodeFeedback
	nodeMetadata
	nodeRange
	nodePolicy
	nodeRecord
	nodeRow
	nodeEvaluated
	nodeReason
	nodeIdentifiers
	nodeAuth
	nodeDKIM
	nodeSPF
	nodeLeaf    // it has a text
	nodeIgnored // an extension: nothing in it is looked at
	nodeUnknown
)

// element is what may stand within a node.
type element struct {
	name string
	node node
	text func(*feedback) *string // of a leaf: where its text goes
	read func(*feedback, []byte) // of a leaf: reads its text, where text is nil
	how  reading
}

// reading is what is done with a text.
type reading uint8

const (
	asWritten reading = iota
	asWord            // lower case
	asDomain          // lower case, without a dot at its end
)

// elements of each node, in the order in which they mostly come (RFC 7489 Appendix C, RFC 9990 Appendix A, older drafts).
var elements = [...][]element{
	nodeRoot: {{name: "feedback", node: nodeFeedback}},
	nodeFeedback: {
		{name: "record", node: nodeRecord},
		{name: "version", node: nodeLeaf, text: func(f *feedback) *string { return &f.head.Version }},
		{name: "report_metadata", node: nodeMetadata},
		{name: "policy_published", node: nodePolicy},
		{name: "extension", node: nodeIgnored},
	},
	nodeMetadata: {
		{name: "org_name", node: nodeLeaf, text: func(f *feedback) *string { return &f.head.Org }},
		{name: "email", node: nodeLeaf, text: func(f *feedback) *string { return &f.head.Email }},
		{name: "extra_contact_info", node: nodeLeaf, text: func(f *feedback) *string { return &f.head.Contact }},
		{name: "report_id", node: nodeLeaf, text: func(f *feedback) *string { return &f.head.ID }},
		{name: "date_range", node: nodeRange},
		{name: "error", node: nodeLeaf, read: (*feedback).addError},
		{name: "version", node: nodeLeaf, text: func(f *feedback) *string { return &f.head.Version }}, // of drafts
		{name: "generator", node: nodeLeaf, text: func(f *feedback) *string { return &f.head.Generator }},
	},
	nodeRange: {
		{name: "begin", node: nodeLeaf, read: func(f *feedback, t []byte) { f.readTime(&f.head.Begin, t) }},
		{name: "end", node: nodeLeaf, read: func(f *feedback, t []byte) { f.readTime(&f.head.End, t) }},
	},
	nodePolicy: {
		{name: "domain", node: nodeLeaf, how: asDomain, text: func(f *feedback) *string { return &f.head.Policy.Domain }},
		{name: "adkim", node: nodeLeaf, how: asWord, text: func(f *feedback) *string { return &f.head.Policy.ADKIM }},
		{name: "aspf", node: nodeLeaf, how: asWord, text: func(f *feedback) *string { return &f.head.Policy.ASPF }},
		{name: "p", node: nodeLeaf, how: asWord, text: func(f *feedback) *string { return &f.head.Policy.P }},
		{name: "sp", node: nodeLeaf, how: asWord, text: func(f *feedback) *string { return &f.head.Policy.SP }},
		{name: "np", node: nodeLeaf, how: asWord, text: func(f *feedback) *string { return &f.head.Policy.NP }},
		{name: "pct", node: nodeLeaf, text: func(f *feedback) *string { return &f.head.Policy.Pct }},
		{name: "fo", node: nodeLeaf, text: func(f *feedback) *string { return &f.head.Policy.Fo }},
		{name: "testing", node: nodeLeaf, how: asWord, text: func(f *feedback) *string { return &f.head.Policy.Testing }},
		{name: "discovery_method", node: nodeLeaf, how: asWord, text: func(f *feedback) *string { return &f.head.Policy.Discovery }},
		{name: "version_published", node: nodeLeaf, text: func(f *feedback) *string { return &f.head.Policy.VersionReported }},
	},
	nodeRecord: {
		{name: "row", node: nodeRow},
		{name: "identifiers", node: nodeIdentifiers},
		{name: "auth_results", node: nodeAuth},
		{name: "identities", node: nodeIdentifiers}, // of drafts
		{name: "extension", node: nodeIgnored},
	},
	nodeRow: {
		{name: "source_ip", node: nodeLeaf, read: (*feedback).readSource},
		{name: "count", node: nodeLeaf, read: (*feedback).readCount},
		{name: "policy_evaluated", node: nodeEvaluated},
	},
	nodeEvaluated: {
		{name: "disposition", node: nodeLeaf, how: asWord, text: func(f *feedback) *string { return &f.row.Disposition }},
		{name: "dkim", node: nodeLeaf, how: asWord, text: func(f *feedback) *string { return &f.row.DKIM }},
		{name: "spf", node: nodeLeaf, how: asWord, text: func(f *feedback) *string { return &f.row.SPF }},
		{name: "reason", node: nodeReason},
	},
	nodeReason: {
		{name: "type", node: nodeLeaf, how: asWord, text: func(f *feedback) *string { return &f.reason.Type }},
		{name: "comment", node: nodeLeaf, text: func(f *feedback) *string { return &f.reason.Comment }},
	},
	nodeIdentifiers: {
		{name: "header_from", node: nodeLeaf, how: asDomain, text: func(f *feedback) *string { return &f.row.HeaderFrom }},
		{name: "envelope_from", node: nodeLeaf, how: asDomain, text: func(f *feedback) *string { return &f.row.EnvelopeFrom }},
		{name: "envelope_to", node: nodeLeaf, how: asDomain, text: func(f *feedback) *string { return &f.row.EnvelopeTo }},
	},
	nodeAuth: {
		{name: "dkim", node: nodeDKIM},
		{name: "spf", node: nodeSPF},
	},
	nodeDKIM: {
		{name: "domain", node: nodeLeaf, how: asDomain, text: func(f *feedback) *string { return &f.dkim.Domain }},
		{name: "selector", node: nodeLeaf, text: func(f *feedback) *string { return &f.dkim.Selector }},
		{name: "result", node: nodeLeaf, how: asWord, text: func(f *feedback) *string { return &f.dkim.Result }},
		{name: "human_result", node: nodeLeaf, text: func(f *feedback) *string { return &f.dkim.Human }},
	},
	nodeSPF: {
		{name: "domain", node: nodeLeaf, how: asDomain, text: func(f *feedback) *string { return &f.spf.Domain }},
		{name: "scope", node: nodeLeaf, how: asWord, text: func(f *feedback) *string { return &f.spf.Scope }},
		{name: "result", node: nodeLeaf, how: asWord, text: func(f *feedback) *string { return &f.spf.Result }},
		{name: "human_result", node: nodeLeaf, text: func(f *feedback) *string { return &f.spf.Human }},
	},
	nodeUnknown: nil,
}

// within is the element of a name in a node; nil for none.
func within(n node, name []byte) *element {
	list := elements[n]
	for i := range list {
		if list[i].name == string(name) {
			return &list[i]
		}
	}
	for i := range list {
		if strings.EqualFold(list[i].name, string(name)) {
			return &list[i]
		}
	}
	return nil
}
