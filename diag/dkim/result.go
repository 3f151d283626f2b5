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
	UnsupportedCanon, UnsupportedQuery, FromNotSigned, IdentityOutside, IdentityDiffers, Expired, DNSTemporary, NoKey, BadKeyRecord,
	KeyRevoked, KeyTooSmall, KeyAlgorithmMismatch, HashNotAllowedByKey, ServiceNotAllowedByKey, LengthExceedsBody, BodyHashMismatch,
	SignatureMismatch}

// Result is what a signature with this as its first reason gives. Three compare the mail with what was signed, and find it
// another one: that is "fail" (RFC 8601: "failed the verification test"). All others are found without a look at the mail's
// content, in the field or its key (RFC 6376 §6.1.1, §6.1.2); an expired signature is among them, since RFC 6376 drops it before
// its key is asked for. Silence of DNS says nothing of the signature.
func (r Reason) Result() Result {
	switch r {
	case "":
		return Pass
	case DNSTemporary:
		return TempError
	case LengthExceedsBody, BodyHashMismatch, SignatureMismatch:
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
