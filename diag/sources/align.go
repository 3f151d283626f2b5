package sources

import (
	"strings"

	"todoku/diag/dmarc"
	"todoku/diag/resolve"
)

// orgs finds organisational domains: by the tree walk (RFC 9989 §4.10.2), or where DNS says nothing by the public suffix list.
type orgs struct {
	dns   resolve.Resolver // nil: the public suffix list
	walks map[string]*dmarc.Walk
	names []string // of the walks, in the order in which they are made
}

// maxWalks bounds the tree walks of a run.
const maxWalks = 3000

func newOrgs(dns resolve.Resolver) *orgs {
	return &orgs{dns: dns, walks: map[string]*dmarc.Walk{}}
}

// org is the organisational domain of a name. byList: it is that of the public suffix list.
func (o *orgs) org(name string) (org string, byList bool) {
	if w := o.walks[name]; w != nil && w.Err == nil && w.Policy != nil {
		return w.Org, false
	}
	return dmarc.Registered(name), true
}

// need notes that the organisational domain of a name will be asked for.
func (o *orgs) need(name string) {
	if o.dns == nil || len(o.names) == maxWalks || o.walks[name] != nil || name == "" {
		return
	}
	o.names = append(o.names, name)
	o.walks[name] = &dmarc.Walk{Domain: name}
}

// walk makes the walks that are needed, as long as k has patience.
func (o *orgs) walk(k *asker) {
	found := make([]*dmarc.Walk, len(o.names))
	sideBySide(len(o.names), func(i int) {
		if k.ended() {
			found[i] = &dmarc.Walk{Domain: o.names[i], Err: notAsked("_dmarc."+o.names[i], resolve.TypeTXT)}
			return
		}
		found[i] = dmarc.Discover(k.ctx, o.dns, o.names[i])
		k.note(found[i].Err)
	})
	for i, name := range o.names {
		o.walks[name] = found[i]
	}
}

// related reports whether two names may have the same organisational domain: they share more than a top-level domain.
func related(a, b string) bool {
	if a == b {
		return true
	}
	return a != "" && b != "" && strings.Contains(shared(a, b), ".")
}

// shared is the longest domain that two names are at or below.
func shared(a, b string) string {
	for at := a; at != ""; _, at, _ = strings.Cut(at, ".") {
		if b == at || strings.HasSuffix(b, "."+at) {
			return at
		}
	}
	return ""
}

// aligned reports whether a domain is aligned with that of the From header (RFC 9989 §4.4).
func (o *orgs) aligned(from, domain string, strict bool) bool {
	switch {
	case domain == "" || from == "":
		return false
	case domain == from:
		return true
	case strict || !related(from, domain):
		return false
	}
	return o.same(from, domain)
}

// same reports whether two names have one organisational domain. Both are found in the same way.
func (o *orgs) same(a, b string) bool {
	orgA, listA := o.org(a)
	orgB, listB := o.org(b)
	if listA != listB {
		orgA, orgB = dmarc.Registered(a), dmarc.Registered(b)
	}
	return orgA == orgB
}
