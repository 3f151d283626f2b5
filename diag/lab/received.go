package lab

import (
	"fmt"
	"strings"
	"time"
)

// ReceivedFile is a report as a receiver sends it.
type ReceivedFile struct{ Name, Text string }

// Received are the reports that dmarc-watch.test has of four weeks, to try out what they tell: DMARC aggregate reports of
// three receivers and a report about TLS. These send with its name:
//
//   - its own server, as it should be;
//   - a sending service that signs with a key of its own, and that SPF does not name: somebody forgot to set it up;
//   - a university that forwards;
//   - forgers, from many addresses.
func Received() []ReceivedFile {
	first := time.Date(2026, 10, 26, 0, 0, 0, 0, time.UTC)
	var out []ReceivedFile
	for day := range 28 {
		begin := first.AddDate(0, 0, day)
		for i, org := range []string{"google.com", "Enterprise Outlook", "Yahoo"} {
			id := fmt.Sprintf("%d-%d", begin.Unix(), i)
			out = append(out, ReceivedFile{fmt.Sprintf("%s!%s!%s.xml", strings.Fields(org)[0], receivedDomain, id),
				receivedReport(org, id, begin, receivedRows(day, i))})
		}
	}
	return append(out, ReceivedFile{"tls.json", receivedTLS})
}

const receivedDomain = "dmarc-watch.test"

// receivedTLS is a report about TLS to the domain (RFC 8460 §4.4).
const receivedTLS = `{"organization-name": "google.com", "contact-info": "smtp-tls-reporting@google.com", "report-id": "2026-11-22-1",
 "date-range": {"start-datetime": "2026-11-22T00:00:00Z", "end-datetime": "2026-11-22T23:59:59Z"},
 "policies": [{"policy": {"policy-type": "no-policy-found", "policy-domain": "` + receivedDomain + `"},
  "summary": {"total-successful-session-count": 410, "total-failure-session-count": 7},
  "failure-details": [{"result-type": "starttls-not-supported",
   "receiving-mx-hostname": "mx2.` + receivedDomain + `", "failed-session-count": 7}]}]}
`

// receivedRows are the mails of a day, as one of the receivers saw them.
func receivedRows(day, by int) []string {
	rows := []string{
		receivedRow(sender, 420+10*by, "pass pass", receivedDomain, "pass", receivedDomain, "s1", "pass"),
		receivedRow("203.0.113.88", 60+by, "fail fail", "em7.sendgrid.net", "pass", "sendgrid.net", "s1", "pass"),
		receivedRow("203.0.113.33", 4, "pass fail", receivedDomain, "fail", receivedDomain, "s1", "pass"),
	}
	if day%5 == by {
		for i := range 12 {
			rows = append(rows, receivedRow(fmt.Sprintf("198.18.%d.%d", day, 10*by+i), 7, "fail fail", receivedDomain, "fail", "", "", ""))
		}
	}
	return rows
}

// receivedRow is a record of a report: the mails, what DMARC said of DKIM and SPF, and the results of both.
func receivedRow(ip string, mails int, said, envelope, spf, signer, selector, dkim string) string {
	byDKIM, bySPF, _ := strings.Cut(said, " ")
	signature := ""
	if signer != "" {
		signature = fmt.Sprintf("<dkim><domain>%s</domain><selector>%s</selector><result>%s</result></dkim>", signer, selector, dkim)
	}
	return fmt.Sprintf(" <record><row><source_ip>%s</source_ip><count>%d</count>"+
		"<policy_evaluated><disposition>none</disposition><dkim>%s</dkim><spf>%s</spf></policy_evaluated></row>\n"+
		"  <identifiers><header_from>%s</header_from></identifiers>\n"+
		"  <auth_results>%s<spf><domain>%s</domain><scope>mfrom</scope><result>%s</result></spf></auth_results></record>\n",
		ip, mails, byDKIM, bySPF, receivedDomain, signature, envelope, spf)
}

// receivedReport is a report about a day (RFC 7489 App. C).
func receivedReport(org, id string, begin time.Time, rows []string) string {
	return fmt.Sprintf("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feedback>\n <version>1.0</version>\n"+
		" <report_metadata><org_name>%s</org_name><email>dmarc@reporter.test</email><report_id>%s</report_id>"+
		"<date_range><begin>%d</begin><end>%d</end></date_range></report_metadata>\n"+
		" <policy_published><domain>%s</domain><adkim>r</adkim><aspf>r</aspf><p>none</p></policy_published>\n%s</feedback>\n",
		org, id, begin.Unix(), begin.Add(24*time.Hour-time.Second).Unix(), receivedDomain, strings.Join(rows, ""))
}
