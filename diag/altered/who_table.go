package altered

import (
	"strings"

	"todoku/sender/mail"
)

// program is what a field that a program puts into mails tells.
type program struct {
	field string // how its name begins, in lower case
	name  string // of the program or service; "" where the field does not say it
	list  bool   // it runs mailing lists
}

// programs are fields that name who put them there. Those of lists come with the mail to all of its readers; the others are put
// in by gateways on the way.
var programs = []program{
	{"x-mailman-", "Mailman", true},
	{"x-beenthere", "Mailman", true},
	{"x-sympa-", "Sympa", true},
	{"x-google-group-id", "Google Groups", true},
	{"x-ezmlm", "ezmlm", true},
	{"x-mlserver", "fml", true},
	{"x-ml-name", "fml", true},
	{"x-ml-count", "fml", true},
	{"x-mlmmj-", "mlmmj", true},
	{"list-id", "", true},
	{"x-proofpoint-", "Proofpoint", false},
	{"x-mimecast-", "Mimecast", false},
	{"x-barracuda-", "Barracuda", false},
	{"x-tm-as-", "Trend Micro", false},
	{"x-tmase-", "Trend Micro", false},
	{"x-tm-", "Trend Micro", false},
	{"x-ironport-", "Cisco Secure Email (IronPort)", false},
	{"x-fireeye", "Trellix (FireEye)", false},
	{"x-sophos-", "Sophos", false},
	{"x-symantec-", "Symantec", false},
	{"x-brightmail-", "Symantec", false},
	{"x-cloudmark-", "Cloudmark", false},
	{"x-forefront-antispam-report", "Exchange Online Protection", false},
	{"x-ms-exchange-", "Exchange", false},
	{"x-mailscanner", "MailScanner", false},
	{"x-mailcontrol-", "Forcepoint", false},
	{"x-guardianwall", "GUARDIANWALL", false},
	{"x-m-filter", "m-FILTER", false},
	{"x-virus-scanned", "amavis", false},
	{"x-spam-", "SpamAssassin", false},
	{"x-rspamd-", "rspamd", false},
	{"x-fortimail-", "FortiMail", false},
	{"x-feas", "FortiMail", false},
	{"x-hornetsecurity", "Hornetsecurity", false},
}

// programOf is the program that put a field into the mail; one without a field for none.
func programOf(f mail.RawField) program {
	name := strings.ToLower(f.Name)
	for _, p := range programs {
		if strings.HasPrefix(name, p.field) {
			if name == "x-virus-scanned" && !strings.Contains(strings.ToLower(f.Value()), "amavis") {
				return program{}
			}
			return p
		}
	}
	return program{}
}

// linkHosts are the hosts to which services rewrite links.
var linkHosts = []struct{ host, name string }{
	{"safelinks.protection.outlook.com", "Microsoft Defender Safe Links"},
	{"urldefense.proofpoint.com", "Proofpoint"},
	{"urldefense.com", "Proofpoint"},
	{"urldefense.us", "Proofpoint"},
	{"linkprotect.cudasvc.com", "Barracuda"},
	{"secure-web.cisco.com", "Cisco Secure Email (IronPort)"},
	{"mimecast.com", "Mimecast"},
	{"clicktime.symantec.com", "Symantec"},
	{"trendmicro.com", "Trend Micro"},
	{"sophos.com", "Sophos"},
	{"fireeye.com", "Trellix (FireEye)"},
	{"hornetsecurity.com", "Hornetsecurity"},
}

// byLink names the service behind a rewritten link.
func byLink(link string) Author {
	at := strings.Index(link, "http")
	if at < 0 {
		return Author{}
	}
	host := hostOf(link[at:])
	for _, l := range linkHosts {
		if host == l.host || strings.HasSuffix(host, "."+l.host) {
			return Author{Name: l.name, Basis: ByLink}
		}
	}
	return Author{}
}
