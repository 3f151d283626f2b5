package dkim

import "slices"

// Result is the word of RFC 8601 §2.7.1 for one signature.
type Result string

// The results. A mail without a signature has none of them: its list is empty, which RFC 8601 calls "none".
const (
	Pass      Result = "pass"
	Fail      Result = "fail"      // it can be judged and does not hold
	PermError Result = "permerror" // it cannot be judged by a fault of its own or of its key
	TempError Result = "temperror" // DNS did not answer
	Neutral   Result = "neutral"   // a bound of ours was reached, so that it was not judged
)

// order is the order in which reasons are told: syntax, version, algorithm, canonicalization, identity, expiry, key, body
// hash, signature.
var order = [...]Reason{MalformedSignature, MissingTag, DuplicateTag, UnsupportedVersion, UnsupportedAlgorithm, WeakHash,
	UnsupportedCanon, UnsupportedQuery, FromNotSigned, IdentityOutside, IdentityDiffers, Expired, LengthExceedsBody,
	DNSTemporary, NoKey, BadKeyRecord, KeyRevoked, KeyTooSmall, KeyAlgorithmMismatch, HashNotAllowedByKey,
	ServiceNotAllowedByKey, BodyHashMismatch, SignatureMismatch}

// Result is what a signature with this as its first reason gives. Two compare the mail with what was signed, and find it another
// one: that is "fail" (RFC 8601: it failed the verification test). All others are permanent errors: what RFC 6376 §6.1.1 and
// §6.1.2 find in the field or in its key before they look at the mail. An expired signature is among them, since §6.1.1 drops it
// before its key is asked for, and so is an l= that is larger than the body: the hash that it asks for cannot be computed (§3.5
// forbids such a value). Silence of DNS says nothing of the signature.
func (r Reason) Result() Result {
	switch r {
	case "":
		return Pass
	case DNSTemporary:
		return TempError
	case BodyHashMismatch, SignatureMismatch:
		return Fail
	}
	return PermError
}

// addReason puts a reason into a list in its order, once.
func addReason(list []Reason, r Reason) []Reason {
	if r == "" || slices.Contains(list, r) {
		return list
	}
	at := len(list)
	for at > 0 && slices.Index(order[:], list[at-1]) > slices.Index(order[:], r) {
		at--
	}
	return slices.Insert(list, at, r)
}
