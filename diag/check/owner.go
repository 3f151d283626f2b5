package check

import (
	"strings"

	"golang.org/x/net/publicsuffix"

	"todoku/diag/dmarc"
	"todoku/diag/resolve"
)

// sameOwner reports whether whoever runs the DNS of a domain can make a record of a name: both belong to one organisation.
// Below the suffixes of the public suffix list, those of hosting services included (github.io), each name has its own owner.
func sameOwner(name, domain string) bool {
	return resolve.Within(name, dmarc.Registered(domain))
}

// fullName reports a name that looks whole: it ends in a known top-level domain, or in that of the domain.
func fullName(name, domain string) bool {
	last := topLevel(name)
	if last == topLevel(domain) {
		return true
	}
	_, known := publicsuffix.PublicSuffix(last)
	return known
}

func topLevel(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }
