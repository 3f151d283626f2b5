package diag

import "todoku/diag/resolve"

// DomainTarget makes a target of a domain name as people write it. The error
// says what is wrong with the name.
func DomainTarget(name string) (Target, error) {
	ascii, err := resolve.ToASCII(name)
	if err != nil {
		return Target{}, err
	}
	return Target{Kind: "domain", Name: resolve.ToUnicode(ascii), ASCII: ascii}, nil
}
