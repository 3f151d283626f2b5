package arc

import (
	"context"

	"todoku/diag/resolve"
	"todoku/sender/mail"
)

// Validate judges the chain of a mail (RFC 8617 §5.2). Beyond the algorithm it also says of each older AMS whether it still
// holds, which tells who changed the mail, and goes on behind the first fault, so that all are told. Each key is asked for
// once; of a mail with more than MaxSets sets none is. Of a mail with more fields than mail.Cut reads nothing can be told, since
// a field that was not read may be one of the chain or one that is signed: the result is Neutral. The expiry of an
// AMS (x=) makes no difference, as RFC 6376 §3.5 allows.
func Validate(ctx context.Context, dns resolve.Resolver, raw mail.Raw) Chain {
	if raw.Over > 0 {
		return Chain{Result: Neutral}
	}
	found := collect(raw)
	c := Chain{Result: None, Found: len(found.slots), Faults: found.structure()}
	if len(found.slots) > 0 && len(found.slots) <= MaxSets {
		j := newJudge(found.slots)
		j.judge(ctx, raw, askKeys(ctx, dns, j.names()))
		c.Sets = j.sets
		c.Faults = append(c.Faults, j.faults()...)
	}
	c.conclude(len(found.slots)+len(found.stray) > 0)
	return c
}

// conclude makes the result of the faults and of what is unknown.
func (c *Chain) conclude(some bool) {
	c.Faults = sortFaults(c.Faults)
	switch {
	case !some:
	case len(c.Faults) > 0:
		c.Result, c.Reason, c.FailedInstance = Fail, c.Faults[0].Reason, c.Faults[0].Instance
	default:
		c.Result = Pass
		for i := range c.Sets {
			s := &c.Sets[i]
			newest := i == len(c.Sets)-1
			switch {
			case newest && s.Message.State == Unknown:
				c.Result, c.Err = TempError, s.Message.Err
			case s.Seal.State == Unknown && c.Err == nil:
				c.Result, c.Err = TempError, s.Seal.Err
			}
		}
	}
}

// judge holds what is judged of sets: each AMS and AS that there is once.
type judge struct {
	slots    []*slot
	sets     []Set
	messages []*messageSignature // by index of sets; nil where the set has none or two
	seals    []*signed
}

func newJudge(slots []*slot) *judge {
	j := &judge{slots: slots, sets: make([]Set, len(slots)), messages: make([]*messageSignature, len(slots)),
		seals: make([]*signed, len(slots))}
	for i, s := range slots {
		set := &j.sets[i]
		set.Instance = s.instance
		if p := s.only(AAR); p != nil {
			set.AAR = p.value
			set.Server, set.Results = results(p.value)
		}
		if p := s.only(AMS); p != nil {
			j.messages[i] = newMessageSignature(p, &set.Message)
		}
		if p := s.only(AS); p != nil {
			set.CV, _ = p.tag("cv")
			j.seals[i] = newSeal(p, &set.Seal)
		}
	}
	return j
}

// names lists the keys that are needed, each once.
func (j *judge) names() []keyName {
	var out []keyName
	seen := map[keyName]bool{}
	add := func(s *signed) {
		if n := s.key(); s.usable() && !seen[n] {
			seen[n] = true
			out = append(out, n)
		}
	}
	for i := range j.slots {
		if m := j.messages[i]; m != nil {
			add(&m.signed)
		}
		if s := j.seals[i]; s != nil {
			add(s)
		}
	}
	return out
}

// judge verifies all signatures, the newest first. Those for which no time is left are unknown.
func (j *judge) judge(ctx context.Context, raw mail.Raw, keys map[keyName]keyAnswer) {
	header, bodies := newHeaderFields(raw), &bodyHashes{raw.Body, map[bodyForm]bodySum{}}
	sums := sealSums(j.slots)
	for i := len(j.slots) - 1; i >= 0; i-- {
		if err := context.Cause(ctx); err != nil {
			j.sets[i].Message.unknown(err)
			j.sets[i].Seal.unknown(err)
			continue
		}
		if m := j.messages[i]; m != nil && m.usable() {
			m.judge(header, keys[m.key()], bodies)
		}
		sum, there := sums[j.slots[i].instance]
		if s := j.seals[i]; s != nil && s.usable() && there {
			s.step = stepSeals
			s.verify(keys[s.key()], sum, SealMismatch)
		}
		for _, sig := range []*Signature{&j.sets[i].Message, &j.sets[i].Seal} {
			sig.Faults = sortFaults(sig.Faults)
		}
	}
}

// faults are those of all AS, of the newest AMS, and of each older one what its text shows: what cannot be read is no AMS, so
// that its set is not whole (RFC 8617 §5.2 step 3A). That an older one does not hold decides nothing (step 5).
func (j *judge) faults() (out []Fault) {
	for i := range j.sets {
		for _, f := range j.sets[i].Message.Faults {
			if f.step == stepStructure || i == len(j.sets)-1 {
				out = append(out, f)
			}
		}
		out = append(out, j.sets[i].Seal.Faults...)
	}
	return out
}

// results reads the value of an AAR behind its instance.
func results(value string) (server string, list []mail.AuthResult) {
	return mail.AuthServer(value), mail.ParseAuthResults(value)
}
