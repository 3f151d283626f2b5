package arc

import (
	"maps"
	"slices"

	"todoku/sender/mail"
)

// slot holds the fields of one instance, from the top of the mail.
type slot struct {
	instance int
	fields   map[Kind][]*part
}

// only is the field of a kind where there is exactly one; else nil.
func (s *slot) only(k Kind) *part {
	if len(s.fields[k]) != 1 {
		return nil
	}
	return s.fields[k][0]
}

// whole reports whether the set has each of its fields once (RFC 8617 §5.2 step 3A).
func (s *slot) whole() bool { return s.only(AAR) != nil && s.only(AMS) != nil && s.only(AS) != nil }

// collection is what stands in a mail: sets by instance, and the fields that belong to none.
type collection struct {
	slots []*slot
	stray []*part
}

// collect finds the ARC header fields of a mail (RFC 8617 §5.2 step 1).
func collect(raw mail.Raw) *collection {
	c, found := &collection{}, map[int]*slot{}
	for _, f := range raw.Fields {
		k := kindOf(f)
		if k == "" {
			continue
		}
		p := newPart(k, f)
		if p.instance == 0 {
			c.stray = append(c.stray, p)
			continue
		}
		s := found[p.instance]
		if s == nil {
			s = &slot{p.instance, map[Kind][]*part{}}
			found[p.instance] = s
		}
		s.fields[k] = append(s.fields[k], p)
	}
	for _, i := range slices.Sorted(maps.Keys(found)) {
		c.slots = append(c.slots, found[i])
	}
	return c
}

func kindOf(f mail.RawField) Kind {
	for _, k := range [...]Kind{AAR, AMS, AS} {
		if f.Is(k.Field()) {
			return k
		}
	}
	return ""
}

// structure tells what is wrong with the sets as such (RFC 8617 §5.2 steps 1 to 3).
func (c *collection) structure() []Fault {
	if n := len(c.slots); n > MaxSets {
		return []Fault{{Instance: c.slots[n-1].instance, Reason: TooManySets, step: stepCount}}
	}
	var out []Fault
	meant := map[place]bool{}
	for _, p := range c.stray {
		f := p.numbering
		f.Instance = c.meant(p.kind, meant)
		meant[place{f.Instance, p.kind}] = true
		out = append(out, f)
	}
	next := 1
	for i, s := range c.slots {
		if s.instance > MaxSets {
			out = append(out, Fault{Instance: s.instance, Reason: BadInstance, Tag: "i", step: stepStructure})
			continue
		}
		if s.instance > next {
			out = append(out, Fault{Instance: next, Reason: InstanceGap, step: stepStructure})
		}
		next = s.instance + 1
		out = append(out, s.structure(meant)...)
		out = append(out, s.chained(i == len(c.slots)-1)...)
	}
	return out
}

// place is that of a field in the chain.
type place struct {
	instance int
	kind     Kind
}

// meant is the first set that lacks a field of a kind: for it one without an instance was probably made. 0: none.
func (c *collection) meant(k Kind, taken map[place]bool) int {
	for _, s := range c.slots {
		if len(s.fields[k]) == 0 && !taken[place{s.instance, k}] {
			return s.instance
		}
	}
	return 0
}

// structure tells which fields a set lacks or has twice (step 3A). Of those for which one without an instance was meant,
// that is told already.
func (s *slot) structure(meant map[place]bool) (out []Fault) {
	for _, k := range [...]Kind{AAR, AMS, AS} {
		f := Fault{Instance: s.instance, Kind: k, step: stepStructure}
		switch n := len(s.fields[k]); {
		case n == 0 && !meant[place{s.instance, k}]:
			f.Reason = MissingHeader
		case n == 1:
			f.Reason, f.Tag, f.Text = s.fields[k][0].numbering.Reason, "i", s.fields[k][0].numbering.Text
		case n > 1:
			f.Reason = DuplicateHeader
		}
		if f.Reason != "" {
			out = append(out, f)
		}
	}
	return out
}

// chained tells whether cv= is what it must be: "none" in the first set, "pass" in the others (step 3C). In the newest set
// "fail" says that the chain was broken already when it came there (step 2).
func (s *slot) chained(newest bool) []Fault {
	p := s.only(AS)
	if p == nil {
		return nil
	}
	want := "pass"
	if s.instance == 1 {
		want = "none"
	}
	cv, there := p.tag("cv")
	f := Fault{Instance: s.instance, Kind: AS, Reason: BadCV, Tag: "cv", Text: short(cv), step: stepStructure}
	switch {
	case cv == want: // values of tags have their case (RFC 6376 §3.2)
		return nil
	case cv == "fail" && newest:
		f.step = stepDeclared
	case !there || cv == "":
		f.Reason = MissingTag
	}
	return []Fault{f}
}
