package bimi

import "time"

// CertKind names a fault of a mark certificate; kinds are stable.
type CertKind string

// What receivers that verify refuse.
const (
	CertNone          CertKind = "no-certificate" // no certificate in PEM; Value says what it looks like
	CertPrivateKey    CertKind = "private-key"    // the file holds a private key
	CertUnreadable    CertKind = "unreadable"     // a block that is no certificate
	CertNoMark        CertKind = "no-mark"        // certificates, but none for a mark
	CertSeveral       CertKind = "several"        // more than one mark certificate
	CertExpired       CertKind = "expired"
	CertNotYet        CertKind = "not-yet"
	CertUsage         CertKind = "usage"        // the leaf lacks the extended key usage
	CertIssuerUsage   CertKind = "issuer-usage" // its issuer lacks it
	CertDomain        CertKind = "domain"       // names other domains
	CertIncomplete    CertKind = "incomplete"   // an issuer is missing in the file
	CertChain         CertKind = "chain"        // the chain does not hold
	CertUntrusted     CertKind = "untrusted"    // the chain does not end at one of the given roots
	CertNoLogo        CertKind = "no-logo"      // no logotype extension
	CertLogoBroken    CertKind = "logo-broken"  // one that cannot be read
	CertLogoElsewhere CertKind = "logo-elsewhere"
	CertLogoHash      CertKind = "logo-hash"    // the hash beside the logo is another one
	CertLogoDiffers   CertKind = "logo-differs" // from that at l=
	CertLogoFault     CertKind = "logo-fault"   // it breaks SVG Tiny PS
)

// What the profile of the certificates asks for, and receivers may pass over.
const (
	CertOrder     CertKind = "order"     // the mark certificate is not the first, or an issuer stands before what it signed
	CertDuplicate CertKind = "duplicate" // a certificate stands twice
	CertNoSCT     CertKind = "no-sct"
	CertNoCRL     CertKind = "no-crl"
	CertMarkType  CertKind = "mark-type" // the subject names no kind of mark that is known
)

// Breaks reports whether receivers that verify refuse the certificate for it.
func (k CertKind) Breaks() bool {
	switch k {
	case CertOrder, CertDuplicate, CertNoSCT, CertNoCRL, CertMarkType:
		return false
	}
	return true
}

// CertFault is one thing wrong with a mark certificate.
type CertFault struct {
	Kind     CertKind
	Value    string // what stands there: a subject, names, an error
	Expected string // what should
	At       time.Time
}
