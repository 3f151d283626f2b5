package app

import (
	"strings"

	"todoku/codes"
	"todoku/diag/resolve"
)

// resolverFlag is --resolver: several DNS servers, separated by commas or by repeating the flag. String hides the secrets
// in a URL.
type resolverFlag struct{ into *[]string }

func (s *resolverFlag) Type() string { return "ADDR" }

func (s *resolverFlag) String() string {
	if s.into == nil {
		return ""
	}
	shown := make([]string, len(*s.into))
	for i, v := range *s.into {
		shown[i] = resolve.ShownServer(v)
	}
	return strings.Join(shown, ",")
}

func (s *resolverFlag) Set(text string) error {
	for _, server := range splitServers(text) {
		if server == "" {
			return codes.Wrong(codes.Say(codes.Text{EN: "the value is empty", JA: "値が空です"}), codes.Message{})
		}
		if err := resolve.CheckServer(server); err != nil {
			return err
		}
		*s.into = append(*s.into, server)
	}
	return nil
}

// splitServers splits a text at commas. A comma in the query of a URL belongs to the query, unless a URL or an address
// follows it.
func splitServers(text string) []string {
	var out []string
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		last := len(out) - 1
		if last >= 0 && strings.Contains(out[last], "?") && resolve.CheckServer(part) != nil {
			out[last] += "," + part
			continue
		}
		out = append(out, part)
	}
	return out
}
