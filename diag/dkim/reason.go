package dkim

import "slices"

// Reason says why a signature does not count; "" where it does. Reasons are stable words of the JSON output.
type Reason string

// The reasons, in the order in which they are told where a signature has several: syntax, version, algorithm,
// canonicalization, identity, expiry, key, body hash, signature.
const (
	MalformedSignature     Reason = "malformed_signature"
	MissingTag             Reason = "missing_tag"
	DuplicateTag           Reason = "duplicate_tag"
	UnsupportedVersion     Reason = "unsupported_version"
	UnsupportedAlgorithm   Reason = "unsupported_algorithm"
	WeakHash               Reason = "weak_hash" // RFC 8301 §3.1
	UnsupportedCanon       Reason = "unsupported_canonicalization"
	UnsupportedQuery       Reason = "unsupported_query"
	FromNotSigned          Reason = "from_not_signed"
	IdentityOutside        Reason = "i_not_in_d"
	IdentityDiffers        Reason = "i_not_equal_d" // the key has t=s
	Expired                Reason = "expired"
	LengthExceedsBody      Reason = "l_exceeds_body"
	DNSTemporary           Reason = "dns_temporary"
	NoKey                  Reason = "no_key"
	BadKeyRecord           Reason = "bad_key_record"
	KeyRevoked             Reason = "key_revoked"
	KeyTooSmall            Reason = "key_too_small" // RFC 8301 §3.2
	KeyAlgorithmMismatch   Reason = "key_algorithm_mismatch"
	HashNotAllowedByKey    Reason = "hash_not_allowed_by_key"
	ServiceNotAllowedByKey Reason = "service_not_allowed_by_key"
	BodyHashMismatch       Reason = "body_hash_mismatch"
	SignatureMismatch      Reason = "signature_mismatch"
)

// Unfit is the first of the reasons for which the key must not verify a signature with this algorithm over a mail, "" where it
// may (RFC 6376 §6.1.2): KeyRevoked, KeyAlgorithmMismatch, BadKeyRecord, KeyTooSmall, HashNotAllowedByKey,
// ServiceNotAllowedByKey.
func (k *Key) Unfit(alg Algorithm) Reason {
	if list := k.unfit(alg); len(list) > 0 {
		return list[0]
	}
	return ""
}

func (k *Key) unfit(alg Algorithm) (list []Reason) {
	switch {
	case k.Revoked:
		list = append(list, KeyRevoked)
	case k.Type != alg.KeyType():
		list = append(list, KeyAlgorithmMismatch)
	case k.public == nil:
		list = append(list, BadKeyRecord)
	case k.Type == "rsa" && k.Bits < MinBits:
		list = append(list, KeyTooSmall)
	}
	if len(k.Hashes) > 0 && !slices.Contains(k.Hashes, alg.hash()) {
		list = append(list, HashNotAllowedByKey)
	}
	if len(k.Services) > 0 && !slices.Contains(k.Services, "*") && !slices.Contains(k.Services, "email") {
		list = append(list, ServiceNotAllowedByKey)
	}
	return list
}
