package report

import (
	"maps"
	"slices"

	"todoku/cmd/report/page"
	"todoku/diag/sources"
)

type receivedGroupJSON struct {
	Class    string       `json:"class"`
	Perhaps  bool         `json:"perhaps_ours"`
	Sure     string       `json:"sure"`
	Operator operatorJSON `json:"operator"`
	Reasons  []reasonJSON `json:"reasons"`
	receivedSum
	Days         int            `json:"days"`
	First        string         `json:"first"`
	Last         string         `json:"last"`
	Reporters    int            `json:"reporters"`
	AddressCount int            `json:"address_count"`
	Addresses    []addressSeen  `json:"addresses"`
	Signatures   []signerJSON   `json:"signatures"`
	Envelopes    []envelopeJSON `json:"envelopes"`
	From         []fromJSON     `json:"from"`
	Loss         lossJSON       `json:"loss"`
	Steps        []mendJSON     `json:"steps"`
}

type operatorJSON struct {
	Kind     string `json:"kind"`
	Provider string `json:"provider"`
	Name     string `json:"name"`
	By       string `json:"named_by"`
}

type reasonJSON struct {
	ID    string `json:"id"`
	Mails int64  `json:"mails"`
	Text  string `json:"text"`
}

type addressSeen struct {
	Address string `json:"address"`
	Mails   int64  `json:"mails"`
	Fail    int64  `json:"fail"`
	Host    string `json:"host"`
	Term    string `json:"spf_term"`
	Error   string `json:"error"`
}

type signerJSON struct {
	Domain   string `json:"domain"`
	Selector string `json:"selector"`
	Result   string `json:"result"`
	Mails    int64  `json:"mails"`
}

type envelopeJSON struct {
	Domain string `json:"domain"`
	Result string `json:"result"`
	Mails  int64  `json:"mails"`
}

type fromJSON struct {
	Domain string `json:"domain"`
	Mails  int64  `json:"mails"`
}

type lossJSON struct {
	Lost       int64 `json:"lost"`
	Already    int64 `json:"already"`
	Harder     int64 `json:"harder"`
	Overridden int64 `json:"overridden"`
	Mended     int64 `json:"mended"`
}

type mendJSON struct {
	Kind     string   `json:"kind"`
	Operator string   `json:"operator"`
	Domain   string   `json:"domain"`
	Selector string   `json:"selector"`
	Include  string   `json:"include"`
	Mails    int64    `json:"mails"`
	Text     string   `json:"text"`
	Line     string   `json:"line"`
	Argv     []string `json:"argv"`
}

type outcomeJSON struct {
	Policy     policyJSON  `json:"policy"`
	Pct        int         `json:"pct"`
	Verdict    string      `json:"verdict"`
	Sure       string      `json:"sure"`
	Doubts     []doubtJSON `json:"doubts"`
	Days       int         `json:"days"`
	OursMails  int64       `json:"ours_mails"`
	LostPerDay float64     `json:"ours_lost_a_day"`
	Ours       lossJSON    `json:"ours"`
	Perhaps    lossJSON    `json:"perhaps_ours"`
	Unknown    lossJSON    `json:"unknown"`
	Forwarders lossJSON    `json:"forwarders"`
	Forgers    lossJSON    `json:"forgers"`
	Steps      []mendJSON  `json:"steps"`
}

type doubtJSON struct {
	ID    string   `json:"id"`
	N     int64    `json:"n"`
	Names []string `json:"names"`
	Text  string   `json:"text"`
}

func asReceivedGroup(g *sources.Group, o Options) receivedGroupJSON {
	out := receivedGroupJSON{Class: string(g.Class), Perhaps: g.Perhaps, Sure: string(g.Sure),
		Operator: operatorJSON{string(g.Operator.Kind), g.Operator.ID, operatorText(g.Operator).In(o.Lang), string(g.Operator.By)},
		Reasons:  []reasonJSON{}, receivedSum: asSum(g.Sum), Days: g.Days, First: dayJSON(g.First), Last: dayJSON(g.Last), Reporters: g.Reporters,
		AddressCount: g.AllAddress, Addresses: []addressSeen{}, Signatures: []signerJSON{}, Envelopes: []envelopeJSON{}, From: []fromJSON{},
		Loss: lossJSON(g.Loss), Steps: []mendJSON{}}
	for _, r := range g.Reasons {
		out.Reasons = append(out.Reasons, reasonJSON{string(r.ID), r.Mails, r.ID.Says().In(o.Lang)})
	}
	for _, a := range g.Addresses {
		ip := ""
		if a.IP.IsValid() {
			ip = a.IP.String()
		}
		out.Addresses = append(out.Addresses, addressSeen{ip, a.Mails, a.Fail, a.Host, a.Term, a.Error})
	}
	for _, s := range g.Signers {
		out.Signatures = append(out.Signatures, signerJSON(s))
	}
	for _, e := range g.Envelopes {
		out.Envelopes = append(out.Envelopes, envelopeJSON(e))
	}
	for _, f := range g.From {
		out.From = append(out.From, fromJSON(f))
	}
	for _, m := range g.Mends {
		out.Steps = append(out.Steps, asMend(g, m, o))
	}
	return out
}

func asMend(g *sources.Group, m sources.Mend, o Options) mendJSON {
	c := o.SameWorld(m.Command)
	return mendJSON{string(m.Kind), operatorText(g.Operator).In(o.Lang), m.Domain, m.Selector, m.Include, m.Mails,
		fill(mendText(m), mendData(m), o.Lang), page.Command(c), c.Argv()}
}

func asOutcome(d *sources.Domain, o Options) outcomeJSON {
	w := d.WhatIf
	out := outcomeJSON{Policy: asPolicy(w.Policy), Pct: w.Pct, Verdict: string(w.Verdict), Sure: string(w.Sure),
		Doubts: []doubtJSON{}, Days: w.Days,
		OursMails: w.OursMails, LostPerDay: w.PerDay(w.Ours.Lost), Ours: lossJSON(w.Ours), Perhaps: lossJSON(w.Perhaps),
		Unknown: lossJSON(w.Unknown), Forwarders: lossJSON(w.Forwarders), Forgers: lossJSON(w.Forgers), Steps: []mendJSON{}}
	for _, x := range w.Doubts {
		out.Doubts = append(out.Doubts, doubtJSON{string(x.ID), x.N, notNil(x.Names), doubtText(x).In(o.Lang)})
	}
	for _, s := range w.Steps {
		out.Steps = append(out.Steps, asMend(s.Group, s.Mend, o))
	}
	return out
}

type receivedTLS struct {
	Domain     string            `json:"domain"`
	First      string            `json:"first"`
	Last       string            `json:"last"`
	Reports    int64             `json:"reports"`
	Successful int64             `json:"successful"`
	Failed     int64             `json:"failed"`
	Policies   []string          `json:"policies"`
	Reporters  []tlsReporterJSON `json:"reporters"`
	Failures   []tlsFailureJSON  `json:"failures"`
	More       int64             `json:"more_failures"`
}

type tlsReporterJSON struct {
	Org        string `json:"org"`
	Reports    int64  `json:"reports"`
	Successful int64  `json:"successful"`
	Failed     int64  `json:"failed"`
}

type tlsFailureJSON struct {
	Type     string   `json:"type"`
	Host     string   `json:"host"`
	Sessions int64    `json:"sessions"`
	Code     string   `json:"code"`
	Text     string   `json:"text"`
	Line     string   `json:"line"`
	Argv     []string `json:"argv"`
}

func asReceivedTLS(d *sources.TLSDomain, o Options) receivedTLS {
	out := receivedTLS{Domain: d.Name, First: timeJSON(d.First), Last: timeJSON(d.Last), Reports: d.Reports, Successful: d.Successful,
		Failed: d.Failed, Policies: notNil(d.Policies), Reporters: []tlsReporterJSON{}, Failures: []tlsFailureJSON{}, More: d.More}
	for _, r := range d.Reporters {
		out.Reporters = append(out.Reporters, tlsReporterJSON(r))
	}
	for _, f := range d.Failures {
		c := o.SameWorld(f.Command)
		out.Failures = append(out.Failures, tlsFailureJSON{f.Type, f.Host, f.Sessions, f.Code, f.Says().In(o.Lang), page.Command(c), c.Argv()})
	}
	return out
}

// sortedKeys are the keys of a map in their order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
