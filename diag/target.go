package diag

import (
	"strings"

	"todoku/diag/resolve"
)

// DomainTarget makes a target of a domain name as people write it. The error
// says what is wrong with the name.
func DomainTarget(name string) (Target, error) {
	ascii, err := resolve.ToASCII(name)
	if err != nil {
		return Target{}, err
	}
	return Target{Kind: "domain", Name: resolve.ToUnicode(ascii), ASCII: ascii}, nil
}

// Local is the part before the @ as it was written; "" where there is no @.
func (t Target) Local() string { return t.Name[:max(strings.LastIndexByte(t.Name, '@'), 0)] }

// AddressTarget makes a target of an address. The error says what is wrong with
// its domain; the local part is for the check to judge.
func AddressTarget(address string) (Target, error) {
	at := strings.LastIndexByte(address, '@')
	ascii, err := resolve.ToASCII(address[at+1:])
	if err != nil {
		return Target{}, err
	}
	return Target{Kind: "address", Name: address[:at+1] + resolve.ToUnicode(ascii), ASCII: ascii}, nil
}
