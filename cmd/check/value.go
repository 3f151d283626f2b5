package check

import (
	"strconv"
	"strings"

	"todoku/cmd/app"
	"todoku/codes"
	"todoku/diag/dmarc"
)

// parseWorkers takes the number of targets that are checked at the same time.
func parseWorkers(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 4096 {
		return 0, codes.Wrong(codes.Say(codes.Text{EN: "{value} is not a number from 1 to 4096", JA: "{value} は1から4096までの数ではありません"}, codes.Quoted("value", s)), codes.Message{})
	}
	return n, nil
}

// parseAuth makes a parser of RESULT:DOMAIN for the words of one mechanism
// (RFC 8601 §2.7).
func parseAuth(results ...string) func(string) (dmarc.AuthResult, error) {
	return func(s string) (dmarc.AuthResult, error) {
		result, domain, ok := strings.Cut(s, ":")
		if !ok {
			return dmarc.AuthResult{}, codes.Wrong(codes.Say(codes.Text{EN: "{value} has no domain", JA: "{value} にドメインがありません"}, codes.Quoted("value", s)),
				codes.Say(codes.Text{EN: "give RESULT:DOMAIN, such as pass:example.jp", JA: "pass:example.jp のように「結果:ドメイン」の形で指定してください"}))
		}
		if _, err := app.OneOf(results...)(strings.ToLower(result)); err != nil {
			return dmarc.AuthResult{}, err
		}
		ascii, err := app.ParseDomain(domain)
		return dmarc.AuthResult{Result: strings.ToLower(result), Domain: ascii}, err
	}
}
