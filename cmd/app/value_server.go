package app

import (
	"strings"

	"todoku/codes"
	"todoku/diag/resolve"
)

// servers is --resolver, which may be repeated or take several values with
// commas between. It shows itself without secrets.
type servers struct{ into *[]string }

func (s *servers) Type() string { return "ADDR" }

func (s *servers) String() string {
	if s.into == nil {
		return ""
	}
	shown := make([]string, len(*s.into))
	for i, v := range *s.into {
		shown[i] = resolve.ShownServer(v)
	}
	return strings.Join(shown, ",")
}

func (s *servers) Set(text string) error {
	for _, server := range eachServer(text) {
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

// eachServer splits at commas; one in the query of a URL belongs to the query,
// unless another URL or address follows.
func eachServer(text string) []string {
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
