package check

import (
	"context"
	"slices"
	"strings"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/mx"
	"todoku/diag/resolve"
)

// mends offers the mended set at a finding, once: it mends all of them together.
func (j *mxJudge) mends(f *diag.Finding) {
	if !j.offered {
		f.Records = append(f.Records, j.offer...)
		j.offered = true
	}
}

// usual offers an MX record with a usual name that has addresses.
func (j *mxJudge) usual(ctx context.Context, f *diag.Finding) {
	if j.Writing() || j.route.Answer.Status == resolve.NoName {
		return
	}
	if host := usualHost(ctx, j.Pass); host != "" {
		f.Publish(j.Domain(), "MX", "10 "+fqdn(host))
	}
}

func (j *mxJudge) judgeRoute(ctx context.Context) {
	d, route := j.Domain(), j.route
	switch {
	case route.Null && len(route.Hosts) > 0:
		j.mends(j.Report(MXConflictingNull, d, codes.List("hosts", names(route.Hosts))).Saw(route.Answer))
	case route.Null:
		if nulls := route.Answer.Records; len(nulls) > 1 || nulls[0].Pref != 0 { // RFC 7505 §3
			j.mends(j.Report(MXNullForm, d, codes.Num("records", len(nulls)), codes.Num("preference", int(nulls[0].Pref))).Saw(route.Answer))
		}
		j.Report(MXNull, d).Saw(route.Answer)
	case route.Implicit:
		host := route.Hosts[0]
		j.usual(ctx, j.Report(MXImplicit, d, codes.List("addresses", addressStrings(host))).Saw(host.Addresses.V4))
	case len(route.Hosts) == 0: // an address that could not be looked up stands in Hosts with its error
		status := "nodata"
		if route.Answer.Status == resolve.NoName {
			status = "nxdomain"
		}
		j.usual(ctx, j.Report(MXNone, d, codes.Str("status", status), codes.Str("domain", d)).Saw(route.Answer))
	}
	if len(route.Repeated) > 0 {
		j.mends(j.Report(MXDuplicate, d, codes.List("hosts", route.Repeated)).Saw(route.Answer))
	}
}

func names(hosts []mx.Host) []string {
	out := make([]string, len(hosts))
	for i, h := range hosts {
		out[i] = h.Name
	}
	return out
}

// judgeHost tells what is wrong with a host: first how it is written, then what follows of that.
func (j *mxJudge) judgeHost(m *mxHost) {
	host, preference := codes.Str("host", m.Name), codes.Num("preference", int(m.Pref))
	written, _ := m.written()
	switch {
	case m.literal():
		j.mends(j.Report(MXIPLiteral, m.Name, codes.Str("host", written.String()), preference).Saw(j.route.Answer))
		return
	case m.verifies() && slices.ContainsFunc(j.route.Hosts, func(h mx.Host) bool { return h.Takes() || h.Addresses.Err() != nil }):
		j.mends(j.Report(MXVerification, m.Name, host, preference).Saw(j.route.Answer))
		return
	case m.local():
		j.mends(j.Report(MXLocalName, m.Name, host, preference).Saw(j.route.Answer))
		return
	case m.reading.Doubled || m.added != "":
		meant := strings.TrimSuffix(m.Name, "."+j.Domain())
		if m.added != "" {
			meant = strings.TrimSuffix(m.Name, "."+m.added)
		}
		j.mends(j.Report(MXDotMissing, m.Name, host, codes.Str("meant", meant), codes.Str("added", strings.TrimPrefix(m.Name,
			meant+"."))).Saw(j.route.Answer))
	case m.reading.Bad:
		j.mends(j.Report(MXHostName, m.Name, host, preference).Saw(j.route.Answer))
	}
	if alias := m.Addresses.Alias(); alias != "" {
		j.mends(j.Report(MXCNAME, m.Name, host, codes.Str("alias", alias)).Saw(j.route.Answer))
	}
	if !m.Takes() {
		if m.Addresses.Err() == nil {
			j.mends(j.Report(MXNoAddress, m.Name, host, preference).Saw(m.Addresses.V4).Saw(m.Addresses.V6))
		}
		return
	}
	j.judgeAddresses(m)
}

// judgeAddresses tells the addresses that nobody can reach.
func (j *mxJudge) judgeAddresses(m *mxHost) {
	var bad []string
	for _, ip := range m.Addresses.Addrs() {
		if !mx.Reachable(ip) {
			bad = append(bad, ip.String())
		}
	}
	if len(bad) == 0 {
		return
	}
	f := j.Report(MXPrivateAddress, m.Name, codes.Str("host", m.Name), codes.List("addresses", bad))
	for _, a := range []resolve.Answer{m.Addresses.V4, m.Addresses.V6} {
		if anyUnreachable(a) {
			f.Saw(a)
		}
	}
}

func anyUnreachable(a resolve.Answer) bool {
	return slices.ContainsFunc(a.Records, func(r resolve.Record) bool { return !mx.Reachable(r.Addr) })
}

// judgeFamilies tells that mail comes over IPv6 only: hosts have IPv6 addresses that can be reached, and none of IPv4.
func (j *mxJudge) judgeFamilies() {
	var over6 []string
	for i := range j.route.Hosts {
		h := &j.route.Hosts[i]
		if h.Addresses.Err4 != nil || slices.ContainsFunc(h.Addresses.V4.Records, func(r resolve.Record) bool { return mx.Reachable(r.Addr) }) {
			return
		}
		if slices.ContainsFunc(h.Addresses.V6.Records, func(r resolve.Record) bool { return mx.Reachable(r.Addr) }) {
			over6 = append(over6, h.Name)
		}
	}
	if len(over6) > 0 && j.route.Cut == 0 {
		f := j.Report(MXIPv6Only, j.Domain(), codes.List("hosts", over6))
		for _, h := range j.route.Hosts {
			f.Saw(h.Addresses.V6)
		}
	}
}

// fqdn is a name as a zone file has it.
func fqdn(name string) string { return strings.TrimSuffix(name, ".") + "." }
