package ns

import (
	"slices"
	"strconv"

	"todoku/diag/resolve"
)

// Group is servers that say the same to one question.
type Group struct {
	Values  []string         // as in a zone file, sorted; "CNAME target" for an alias; none: there are no such records
	Records []resolve.Record // of the first of them
	Servers []*Server
}

// Compare sorts the servers by what they answer to a question of the survey, in the order of the servers. keep says which
// records count; nil: all. Who gives no answer of its own is in no group.
func (s *Survey) Compare(i int, keep func(resolve.Record) bool) []Group {
	return s.groups(func(v *Server) Reply { return v.Replies[i] }, keep)
}

// CompareOwn sorts the servers by the NS records of the zone that they have.
func (s *Survey) CompareOwn() []Group {
	return s.groups(func(v *Server) Reply { return v.NS }, nil)
}

func (s *Survey) groups(of func(*Server) Reply, keep func(resolve.Record) bool) []Group {
	var out []Group
	for _, v := range s.Servers {
		r := of(v)
		if !v.authoritative() || r.Err != nil || !r.Said.Answered() {
			continue
		}
		values := Values(r.Said, keep)
		i := slices.IndexFunc(out, func(g Group) bool { return slices.Equal(g.Values, values) })
		if i < 0 {
			out = append(out, Group{Values: values, Records: r.Said.Records})
			i = len(out) - 1
		}
		out[i].Servers = append(out[i].Servers, v)
	}
	return out
}

// Values are the records that a server gives, sorted, each once: of an alias its target, as what is there is not the zone's.
func Values(s resolve.Said, keep func(resolve.Record) bool) []string {
	if len(s.Chain) > 0 {
		return []string{"CNAME " + s.Chain[0]}
	}
	var out []string
	for _, r := range s.Records {
		if keep == nil || keep(r) {
			out = append(out, Value(r))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Value is the data of a record in one line.
func Value(r resolve.Record) string {
	switch {
	case r.Addr.IsValid():
		return r.Addr.String()
	case r.Pref > 0 && r.Host != "":
		return strconv.Itoa(int(r.Pref)) + " " + r.Host
	case r.Host != "":
		return r.Host
	}
	return r.Text
}

// Newest is the latest serial number that a server has, and whether all have the same.
func (s *Survey) Newest() (serial uint32, same, known bool) {
	same = true
	for _, v := range s.Servers {
		n, ok := v.Serial()
		if !ok || !v.authoritative() {
			continue
		}
		if known && n != serial {
			same = false
		}
		if !known || Newer(n, serial) {
			serial, known = n, true
		}
	}
	return serial, same, known
}

// NewerThan reports whether a server has a later version of the zone than another.
func (v *Server) NewerThan(other *Server) bool {
	a, ok := v.Serial()
	b, known := other.Serial()
	return ok && known && Newer(a, b)
}
