package arc

import (
	"cmp"
	"slices"
)

// Reason says what is wrong with a chain. The words are those of the JSON output and never change.
type Reason string

// The reasons.
const (
	TooManySets         Reason = "too_many_sets"
	BadInstance         Reason = "bad_instance"     // i= is no number from 1 to 50, or stands at the wrong place
	MissingHeader       Reason = "missing_header"   // a set lacks one of its three fields
	DuplicateHeader     Reason = "duplicate_header" // a set has one of its fields twice
	InstanceGap         Reason = "instance_gap"     // a set is missing between others
	MissingTag          Reason = "missing_tag"      // a tag is missing or empty, or cannot be read
	DuplicateTag        Reason = "duplicate_tag"
	BadCV               Reason = "bad_cv"               // cv= is not what it must be in this set, or says that the chain was broken before
	BadAlgorithm        Reason = "bad_algorithm"        // a= is not rsa-sha256 or ed25519-sha256
	BadCanonicalization Reason = "bad_canonicalization" // c= of an AMS; of an AS where it is not relaxed
	SealHTag            Reason = "as_h_tag"             // an AS has h=, or the h= of an AMS names the AS
	NoKey               Reason = "no_key"               // no key that can be used
	KeyRevoked          Reason = "key_revoked"
	KeyTooSmall         Reason = "key_too_small"
	BodyHashMismatch    Reason = "ams_body_hash_mismatch"
	MessageMismatch     Reason = "ams_signature_mismatch"
	SealMismatch        Reason = "as_signature_mismatch"
)

// Reasons lists all reasons, in the order in which one signature or one set names its first.
func Reasons() []Reason {
	return []Reason{TooManySets, BadInstance, MissingHeader, DuplicateHeader, InstanceGap, SealHTag, MissingTag, DuplicateTag, BadCV,
		BadAlgorithm, BadCanonicalization, KeyRevoked, NoKey, KeyTooSmall, BodyHashMismatch, MessageMismatch, SealMismatch}
}

// Fault is one thing that is wrong, and where.
type Fault struct {
	Instance int  // of the set; 0: the field belongs to none
	Kind     Kind // the field; "" for the set as a whole
	Reason   Reason
	Tag      string // "i", "bh" …; "" where no tag is meant
	Text     string // what stands there, as it came, cut; for a key what is wrong with it, in the words of diag/dkim
	step     step
}

// Declared reports that the newest seal itself says that the chain was broken when it came there (cv=fail).
func (f Fault) Declared() bool { return f.step == stepDeclared }

// step is that of the algorithm in RFC 8617 §5.2 in which a fault is found. The first fault of a chain is that of the lowest
// step, in a step that of the lowest instance, in a set that of the lowest rank in Reasons. Step 6 goes down from the newest
// seal; as a seal covers those before it, the lowest one that is broken is where the chain was damaged.
type step uint8

const (
	stepCount     step = 1 // too many sets
	stepDeclared  step = 2 // the newest seal says cv=fail
	stepStructure step = 3 // which fields there are, what their texts show, and cv=
	stepMessage   step = 4 // the newest AMS, with its key
	stepSeals     step = 6 // all AS, with their keys
)

// sortFaults puts faults into the order in which they are told, each once.
func sortFaults(faults []Fault) []Fault {
	ranks := Reasons()
	slices.SortStableFunc(faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.step, b.step), cmp.Compare(a.Instance, b.Instance),
			cmp.Compare(slices.Index(ranks, a.Reason), slices.Index(ranks, b.Reason)))
	})
	return slices.CompactFunc(faults, func(a, b Fault) bool {
		return a.step == b.step && a.Instance == b.Instance && a.Kind == b.Kind && a.Reason == b.Reason && a.Tag == b.Tag
	})
}
