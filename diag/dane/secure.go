package dane

import (
	"context"
	"errors"
	"strings"
	"sync"

	"todoku/diag/resolve"
)

// Security is whether DNSSEC secures an answer (RFC 4033 §5).
type Security string

// The kinds of security.
const (
	Secure   Security = "secure"   // the resolver validated it, and may be believed
	Insecure Security = "insecure" // it is of a zone that is not signed, or not from the root on
	Unknown  Security = "unknown"  // the zone seems to be signed, and no resolver that may be believed said so
)

// maxAncestors bounds the names above a name that are asked about: the first delegations decide.
const maxAncestors = 5

// SecurityOf finds out whether an answer is secure. Where its AD bit does not say so, the names above it tell: a name is not
// signed where no name above it has a DS record (RFC 4035 §5.2), or where those that have one are known to be secure and the
// answer is not. name is the first name that is not signed, "" unless the answer is Insecure. An alias is as safe as the worst
// of its names (RFC 7672 §2.1.1). Only the resolver that gave the answer can say by its AD bit that the answer is not signed:
// of several resolvers one may validate, and another not.
func SecurityOf(ctx context.Context, r resolve.Resolver, a resolve.Answer) (is Security, name string, err error) {
	if a.Authentic {
		return Secure, "", nil
	}
	var errs []error
	is, name = Unknown, ""
	for _, n := range append([]string{a.Name}, a.Chain...) {
		switch found, err := chainOf(ctx, r, n, a.Server); {
		case err != nil:
			errs = append(errs, err)
		case found == noChain:
			return Insecure, n, nil
		case found == broken: // of several names it may be another one
			is, name = Insecure, n
		}
	}
	if is == Insecure {
		return is, name, nil
	}
	return Unknown, "", errors.Join(errs...)
}

// chain is what the DS records above a name say, of which an answer was not secure.
type chain int

const (
	untold  chain = iota // there are DS records, and nobody who may be believed validated them
	noChain              // the name is in no signed zone
	broken               // the resolver validated the DS records above, and yet the answer is not secure
)

// ancestors lists a name and those above it but for the top-level domain, the highest first.
func ancestors(name string) []string {
	var out []string
	for at := name; strings.Contains(at, "."); at = resolve.Parent(at) {
		out = append([]string{at}, out...)
	}
	return out[:min(len(out), maxAncestors)]
}

// chainOf asks for the DS records above a name, of which a server gave an answer that was not secure.
func chainOf(ctx context.Context, r resolve.Resolver, name, server string) (chain, error) {
	above := ancestors(name)
	ds, err := askAll(ctx, r, above, resolve.TypeDS)
	if err != nil {
		return untold, err
	}
	lowest := -1 // the lowest with a DS record
	for i, a := range ds {
		if a.Status == resolve.Found && len(a.Chain) == 0 {
			lowest = i
			if a.Authentic && a.Server == server { // the resolver validates: what is below and not secure is not signed
				return broken, nil
			}
		}
	}
	if lowest < 0 {
		return noChain, nil
	}
	// A zone of its own below, without a DS record, is not signed, whatever is above it.
	zones, err := askAll(ctx, r, above[lowest+1:], resolve.TypeSOA)
	if err != nil {
		return untold, err
	}
	for _, a := range zones {
		if a.Status == resolve.Found && len(a.Chain) == 0 {
			return noChain, nil
		}
	}
	return untold, nil
}

// Ahead asks for the DS records above the TLSA records of a host, which SecurityOf needs where these are not secure: so that they
// are known when it does. The answers are kept by the resolver, and what fails here fails there.
func Ahead(ctx context.Context, r resolve.Resolver, host string) {
	_, _ = askAll(ctx, r, ancestors(Prefix+host), resolve.TypeDS)
}

// askAll asks about several names at once.
func askAll(ctx context.Context, r resolve.Resolver, names []string, t resolve.Type) ([]resolve.Answer, error) {
	out, errs := make([]resolve.Answer, len(names)), make([]error, len(names))
	var wg sync.WaitGroup
	for i, n := range names {
		wg.Go(func() { out[i], errs[i] = r.Ask(ctx, n, t) })
	}
	wg.Wait()
	return out, errors.Join(errs...)
}
