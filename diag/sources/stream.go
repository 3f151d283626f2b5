package sources

import (
	"net/netip"
	"strconv"
	"strings"

	"todoku/diag/resolve"
	"todoku/sender/aggregate"
)

// stream is mails that are alike: the same source, the same domains, the same results.
type stream struct {
	key       streamKey
	mails     int64
	done      [3]int64 // mails by what was done with them: nothing, quarantine, reject
	days      days
	reporters uint64 // a bit for each of the first 63; the last one is all others
}

// streamKey is what mails have in common.
type streamKey struct {
	source   netip.Addr
	domain   uint32 // of Tally.list
	from     uint32 // the domain of the From header
	spf      uint32 // the results, as packed writes them
	dkim     uint32
	said     said
	override override
}

// said is what the reporter concluded, and on which policy.
type said uint16

const (
	saidDKIM   said = 1 << iota // DKIM passes and is aligned
	saidSPF                     // SPF passes and is aligned
	strictDKIM                  // adkim=s
	strictSPF                   // aspf=s
	wasQuarantine
	wasReject
)

// override is why a receiver did something else than the policy asks for (RFC 7489 App. C, RFC 9990 §3.1.1.8).
type override uint8

const (
	forwarded override = 1 << iota
	mailingList
	trustedForwarder
	sampledOut // by pct, or by t=y
	arcPassed
	localPolicy
	otherOverride
)

// onPolicy is what a report says of the policy, as far as the streams keep it.
func onPolicy(p aggregate.Policy) said {
	var s said
	if p.ADKIM == "s" {
		s |= strictDKIM
	}
	if p.ASPF == "s" {
		s |= strictSPF
	}
	return s
}

// strengthThen is what a policy asked for mail from a domain, for all of it: where some of it was spared (t=y, RFC 9989 §4.7;
// pct, RFC 7489 §6.6.4) the next lower word. Nobody knows whether a subdomain was there then, so the weaker of sp and np counts.
func strengthThen(p aggregate.Policy, domain, from string) int {
	n := disposed(policyFor(p, domain, from))
	if from != domain && p.NP != "" {
		n = min(n, disposed(p.NP))
	}
	if pct, err := strconv.Atoi(p.Pct); p.Testing == "y" || err == nil && pct < 100 {
		n = max(0, n-1)
	}
	return n
}

// wants reports whether a row counts: of a report about a domain above the one that is asked for only some do.
func (t *Tally) wants(c *current, row *aggregate.Row) bool {
	o := t.options.Domain
	return o == "" || resolve.Within(c.domain.name, o) || resolve.Within(nameOf(row.HeaderFrom), o)
}

// addRow counts a row of the current report.
func (t *Tally) addRow(c *current, row *aggregate.Row) {
	if !t.wants(c, row) {
		return
	}
	d, rep := c.domain, c.by
	t.counts.Rows++
	if row.Count <= 0 {
		return
	}
	d.mails = sum(d.mails, row.Count)
	bit := uint64(1) << 63
	if rep != nil {
		rep.mails = sum(rep.mails, row.Count)
		bit = rep.bit
	}
	key, ok := t.keyOf(c, row)
	s := t.streams[key]
	if !ok || s == nil && len(t.streams) >= MaxStreams {
		d.beyond = sum(d.beyond, row.Count)
		t.counts.Beyond = sum(t.counts.Beyond, row.Count)
		return
	}
	if s == nil {
		s = &stream{key: key}
		t.streams[key] = s
		d.streams = append(d.streams, s)
	}
	s.mails = sum(s.mails, row.Count)
	at := disposed(row.Disposition)
	s.done[at] = sum(s.done[at], row.Count)
	s.days.add(c.middle)
	s.reporters |= bit
}

// disposed is what was done with mails: 0 nothing, 1 quarantine, 2 reject.
func disposed(word string) int {
	switch word {
	case "quarantine":
		return 1
	case "reject":
		return 2
	}
	return 0
}

// keyOf is what the mails of a row have in common with others; false where there are too many different ones.
func (t *Tally) keyOf(c *current, row *aggregate.Row) (k streamKey, ok bool) {
	from := nameOf(row.HeaderFrom)
	if from == "" {
		from = c.domain.name
	}
	k = streamKey{source: row.Source.Unmap().WithZone(""), domain: c.domain.id, said: onPolicy(c.policy)}
	if row.DKIM == "pass" {
		k.said |= saidDKIM
	}
	if row.SPF == "pass" {
		k.said |= saidSPF
	}
	switch strengthThen(c.policy, c.domain.name, from) {
	case 1:
		k.said |= wasQuarantine
	case 2:
		k.said |= wasReject
	}
	for _, o := range row.Overrides {
		k.override |= overrideOf(o)
	}
	var room [3]bool
	k.from, room[0] = t.texts.id([]byte(from))
	t.scratch = packSPF(t.scratch[:0], row)
	k.spf, room[1] = t.texts.id(t.scratch)
	t.scratch = packDKIM(t.scratch[:0], row.DKIMResults)
	k.dkim, room[2] = t.texts.id(t.scratch)
	return k, room == [3]bool{true, true, true}
}

// policyFor is the word of a policy of a domain for mail from it or from a domain below it.
func policyFor(p aggregate.Policy, domain, from string) string {
	if from != domain && p.SP != "" {
		return p.SP
	}
	return p.P
}

// overrideOf reads the type of an override.
func overrideOf(o aggregate.Override) override {
	switch o.Type {
	case "forwarded":
		return forwarded
	case "mailing_list":
		return mailingList
	case "trusted_forwarder":
		return trustedForwarder
	case "sampled_out", "policy_test_mode": // the policy of that time spared it (t=y, RFC 9990)
		return sampledOut
	case "local_policy":
		switch said := strings.ToLower(o.Comment[:min(len(o.Comment), 256)]); {
		case strings.Contains(said, "arc=pass"):
			return arcPassed
		case strings.Contains(said, "arc="): // a chain that did not help
			return otherOverride
		}
		return localPolicy
	case "":
		return 0
	}
	return otherOverride
}
