package report

import (
	"strconv"
	"strings"

	"todoku/cmd/report/page"
	"todoku/diag/sources"
)

// receivedCSV prints the groups of all domains for a spreadsheet, one a row.
func receivedCSV(w *page.Out, o Options) page.Printer[*sources.Result] {
	return receivedRows{page.NewTable(w, o.ByteOrderMark, []string{"domain", "class", "perhaps_ours", "sure", "operator", "provider", "mails",
		"pass", "fail", "dkim_aligned", "spf_aligned", "delivered", "quarantined", "rejected", "lost", "days", "first", "last", "reporters",
		"address_count", "addresses", "hosts", "signatures", "envelopes", "reasons"}), o}
}

type receivedRows struct {
	*page.Table
	o Options
}

func (p receivedRows) Put(r *sources.Result) error {
	for _, d := range r.Domains {
		for _, g := range d.Groups {
			if err := p.Table.Put(receivedCells(d, asReceivedGroup(g, p.o))); err != nil {
				return err
			}
		}
	}
	return nil
}

func receivedCells(d *sources.Domain, g receivedGroupJSON) []string {
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	var ips, hosts, signed, envelopes, reasons []string
	for _, a := range g.Addresses {
		ips = append(ips, a.Address)
		if a.Host != "" {
			hosts = append(hosts, a.Host)
		}
	}
	for _, s := range g.Signatures {
		signed = append(signed, s.Domain+":"+s.Selector+":"+s.Result)
	}
	for _, e := range g.Envelopes {
		envelopes = append(envelopes, e.Domain+":"+e.Result)
	}
	for _, r := range g.Reasons {
		reasons = append(reasons, r.ID)
	}
	join := func(list []string) string { return strings.Join(list, " ") }
	return []string{d.Name, g.Class, strconv.FormatBool(g.Perhaps), g.Sure, g.Operator.Name, g.Operator.Provider, number(g.Mails),
		number(g.Pass),
		number(g.Fail), number(g.DKIM), number(g.SPF), number(g.Delivered), number(g.Quarantine), number(g.Refused), number(g.Loss.Lost),
		strconv.Itoa(g.Days), g.First, g.Last, strconv.Itoa(g.Reporters), strconv.Itoa(g.AddressCount), join(ips), join(hosts), join(signed),
		join(envelopes), join(reasons)}
}
