package bimi

import (
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"slices"
	"strings"
	"time"

	"todoku/diag/resolve"
)

// Claim is what a mark certificate is held against.
type Claim struct {
	Author   string // the domain of From
	Org      string // its organisational domain
	Selector string
	Now      time.Time
	Roots    *x509.CertPool // nil: nobody said whom to trust, and trust is not judged
	Logo     []byte         // the logo at l=, unpacked; nil: not known
}

// Trust is whether the chain of a certificate ends at a root that is trusted.
type Trust string

// The values.
const (
	Trusted    Trust = "trusted"
	Untrusted  Trust = "untrusted"
	TrustUnset Trust = "" // not judged: no roots, or something else is wrong before
)

// Judge holds the certificate against what is claimed (draft-fetch-validation-vmc-wchuang, "Validation of Verified Mark
// Certificate"). The faults are those of reading and those found now. Revocation is not looked up, and the signatures of
// certificate transparency are not verified.
func (e *Evidence) Judge(c Claim) (Trust, []CertFault) {
	if e.Leaf == nil {
		return TrustUnset, e.Faults
	}
	j := &Evidence{Leaf: e.Leaf, Path: e.Path, Logo: e.Logo, named: e.named, Faults: slices.Clone(e.Faults)}
	j.names(c)
	timely := j.times(c.Now)
	trust := j.chain(c, timely)
	if e.Logo != nil && c.Logo != nil && !Same(e.Logo, c.Logo) {
		j.fault(CertLogoDiffers, "", "")
	}
	return trust, j.Faults
}

// names compares the names of the certificate with the domain: the author's or the organisation's, alone or below the
// selector ("VMC Domain Verification").
func (e *Evidence) names(c Claim) {
	want := []string{c.Author, c.Org, c.Selector + "._bimi." + c.Author, c.Selector + "._bimi." + c.Org}
	if !slices.ContainsFunc(e.Leaf.DNSNames, func(n string) bool {
		ascii, err := resolve.ToASCII(n)
		return err == nil && slices.ContainsFunc(want, func(w string) bool { return strings.EqualFold(w, ascii) })
	}) {
		e.fault(CertDomain, strings.Join(e.Leaf.DNSNames, " "), c.Author)
	}
}

// times judges the validity of each certificate of the path.
func (e *Evidence) times(now time.Time) (ok bool) {
	ok = true
	for _, c := range e.Path {
		switch {
		case now.After(c.NotAfter):
			e.Faults = append(e.Faults, CertFault{Kind: CertExpired, Value: subject(c), At: c.NotAfter})
		case now.Before(c.NotBefore):
			e.Faults = append(e.Faults, CertFault{Kind: CertNotYet, Value: subject(c), At: c.NotBefore})
		default:
			continue
		}
		ok = false
	}
	return ok
}

// known reports whether an extension is one of mark certificates: those of the requirements for them are below the OID of
// the BIMI group, such as that of a pilot, which is critical.
func known(oid asn1.ObjectIdentifier) bool {
	group := asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 53087}
	return oid.Equal(oidLogotype()) || len(oid) > len(group) && oid[:len(group)].Equal(group)
}

// chain judges the path. Without roots its top stands for one: that the signatures below it hold can be known.
func (e *Evidence) chain(c Claim, timely bool) Trust {
	top := e.Path[len(e.Path)-1]
	ends := string(top.RawSubject) == string(top.RawIssuer)
	leaf := *e.Leaf
	leaf.UnhandledCriticalExtensions = slices.DeleteFunc(slices.Clone(leaf.UnhandledCriticalExtensions), known)
	options := x509.VerifyOptions{Roots: c.Roots, Intermediates: x509.NewCertPool(), CurrentTime: c.Now,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}
	for _, issuer := range e.Path[1:] {
		options.Intermediates.AddCert(issuer)
	}
	switch {
	case ends && len(e.Path) == 1: // it signed itself
		e.fault(CertUntrusted, subject(top), "")
		return Untrusted
	case !ends && !e.named: // the issuer is there, and its signature does not hold
		e.fault(CertChain, subject(top), "")
		return TrustUnset
	case len(e.Path) == 1 && c.Roots == nil:
		// The issuer of a mark certificate is never a root ("Terminology"), and has to be in the file ("Fetch Format").
		e.fault(CertIncomplete, subject(top), top.Issuer.String())
		return TrustUnset
	case !timely:
		return TrustUnset
	case c.Roots == nil:
		options.Roots = x509.NewCertPool()
		options.Roots.AddCert(top)
	}
	_, err := leaf.Verify(options)
	var stranger x509.UnknownAuthorityError
	switch {
	case err == nil && c.Roots == nil:
		return TrustUnset
	case err == nil:
		return Trusted
	case errors.As(err, &stranger) && len(e.Path) == 1:
		e.fault(CertIncomplete, subject(top), top.Issuer.String())
	case errors.As(err, &stranger):
		e.fault(CertUntrusted, top.Issuer.String(), "")
		return Untrusted
	default:
		e.fault(CertChain, err.Error(), "")
	}
	return TrustUnset
}
