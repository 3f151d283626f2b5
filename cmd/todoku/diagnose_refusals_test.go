package main

import (
	"slices"
	"strings"
	"testing"

	"todoku/cmd/app"
	"todoku/cmd/report"
)

// refusal is an error as people paste it, a world with one defect, and the
// cause that is there.
type refusal struct{ text, world, cause string }

const (
	toTaken   = " --to user@takes.test"
	goodWorld = "--from news@healthy.test --ip 192.0.2.7 --selector s1 --signer healthy.test" + toTaken
	noSPF     = "--from news@no-spf.test --ip 192.0.2.7" + toTaken
	twoSPF    = "--from news@two-spf.test --ip 192.0.2.7" + toTaken
	otherIP   = "--from news@spf-ip.test --ip 192.0.2.7" + toTaken
	noDKIM    = "--from news@no-dkim.test --ip 192.0.2.7" + toTaken
	revoked   = "--from news@dkim-revoked.test --ip 192.0.2.7 --selector s1 --signer dkim-revoked.test" + toTaken
	noDMARC   = "--from news@no-dmarc.test --ip 192.0.2.7" + toTaken
	unaligned = "--from news@dmarc-misaligned.test --mail-from bounce@esp.test --signer esp.test --ip 203.0.113.1" + toTaken
	noPTR     = "--from news@no-ptr.test --ip 192.0.2.8" + toTaken
	badPTR    = "--from news@ptr-mismatch.test --ip 192.0.2.9" + toTaken
	listed    = "--from news@healthy.test --ip 192.0.2.66 --selector s1 --signer healthy.test --blocklist bl.lab.test" + toTaken
	wrongTo   = "--from news@healthy.test --ip 192.0.2.7 --to nobody@takes.test"
	noDomain  = "--from news@healthy.test --ip 192.0.2.7 --to user@mistyped.test"
)

func refusals() []refusal {
	return []refusal{
		// Gmail
		{"550-5.7.26 This mail has been blocked because the sender is unauthenticated. Gmail requires all senders to " +
			"authenticate with either SPF or DKIM. - gsmtp", otherIP, "spf-ip"},
		{"550-5.7.26 Unauthenticated email from x is not accepted due to domain's DMARC policy. - gsmtp", unaligned, "dmarc-unaligned"},
		{"421-4.7.27 Your email has been rate limited because SPF authentication didn't pass for this message. - gsmtp", noSPF, "spf-none"},
		{"550-5.7.27 Your email has been blocked because SPF authentication didn't pass. - gsmtp", twoSPF, "spf-broken"},
		{"550-5.7.30 Your email has been blocked because DKIM authentication didn't pass. - gsmtp", noDKIM, "dkim-none"},
		{"421-4.7.30 rate limited because DKIM does not pass. - gsmtp", revoked, "dkim-broken"},
		{"550-5.7.25 The IP address sending this message does not have a PTR record setup. - gsmtp", noPTR, "reverse-dns"},
		{"421-4.7.23 The sending IP doesn't match the IP address of the hostname specified in the pointer (PTR) record. - gsmtp", badPTR,
			"reverse-dns"},
		{"550-5.1.1 The email account that you tried to reach does not exist. Please try double-checking the recipient's " +
			"email address for typos. - gsmtp", wrongTo, "address-wrong"},
		{"550 5.7.40 The sending domain doesn't have a DMARC record, or the record doesn't specify a DMARC policy. - gsmtp",
			noDMARC, "dmarc-none"},
		// Outlook.com and Microsoft 365
		{"550 5.7.515 Access denied, sending domain x does not meet the required authentication level. The sender's domain " +
			"in the 5322.From address doesn't pass SPF and DKIM [x.olc.protection.outlook.com]", otherIP, "spf-ip"},
		{"550 5.7.1 Unfortunately, messages from [192.0.2.66] weren't sent. Please contact your Internet service provider " +
			"since part of their network is on our block list (S3140). [x.prod.protection.outlook.com]", listed, "blocklisted"},
		{"550 5.7.23 The message was rejected because of Sender Policy Framework violation [x.mail.protection.outlook.com]", noSPF, "spf-none"},
		{"550 5.7.509 Access denied, sending domain x does not pass DMARC verification [x.mail.protection.outlook.com]",
			unaligned, "dmarc-unaligned"},
		{"550 5.4.1 Recipient address rejected: Access denied. [x.mail.protection.outlook.com]", wrongTo, "address-wrong"},
		{"550 5.7.25 Service unavailable, sending IPv6 address must have reverse DNS record [x.protection.outlook.com]", noPTR, "reverse-dns"},
		// Yahoo
		{"554 5.7.9 Message not accepted for policy reasons. See https://postmaster.yahooinc.com/error-codes", noDKIM, "dkim-none"},
		{"550 5.7.9 This mail has been blocked because the sender is unauthenticated. Yahoo requires all senders to " +
			"authenticate with either SPF or DKIM. See https://senders.yahooinc.com/", otherIP, "spf-ip"},
		{"554 delivery error: dd This user doesn't have a yahoo.com account (user@yahoo.com) [0] - mta1.mail.yahoo.com",
			wrongTo, "address-wrong"},
		{"553 5.7.1 [BL21] Connections will not be accepted from 192.0.2.66, because the ip is in Spamhaus's list; see " +
			"http://postmaster.yahoo.com/550-bl23.html", listed, "blocklisted"},
		// docomo, au, SoftBank
		{"550 Unknown user user@docomo.ne.jp (in reply to RCPT TO command)", wrongTo, "address-wrong"},
		{"550 5.7.1 SPF check failed for the sender (docomo)", noSPF, "spf-none"},
		{"550 <user@ezweb.ne.jp>: User unknown (in reply to RCPT TO command)", wrongTo, "address-wrong"},
		{"550 5.7.1 refused by DMARC policy (ezweb.ne.jp)", unaligned, "dmarc-unaligned"},
		{"550 Invalid recipient: <user@softbank.ne.jp> (in reply to RCPT TO command)", wrongTo, "address-wrong"},
		// Postfix
		{"host mx.takes.test[192.0.2.100] said: 550 5.1.1 <nobody@takes.test>: Recipient address rejected: User unknown in " +
			"virtual mailbox table (in reply to RCPT TO command)", wrongTo, "address-wrong"},
		{"host mx.takes.test[192.0.2.100] said: 450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2.8] " +
			"(in reply to RCPT TO command)", noPTR, "reverse-dns"},
		{"host mx.takes.test[192.0.2.100] said: 554 5.7.1 Service unavailable; Client host [192.0.2.66] blocked using " +
			"bl.lab.test; trap (in reply to RCPT TO command)", listed, "blocklisted"},
		{"host mx.takes.test[192.0.2.100] said: 550 5.7.23 <user@takes.test>: Recipient address rejected: Message rejected " +
			"due to: SPF fail - not authorized (in reply to RCPT TO command)", otherIP, "spf-ip"},
		{"status=bounced (Host or domain name not found. Name service error for name=mistyped.test type=A: Host not found)",
			noDomain, "recipient-domain"},
		{"42553", noSPF, "spf-none"},
		{"42550", wrongTo, "address-wrong"},
	}
}

// senderSide are the causes that lie with the sender.
func senderSide(cause string) bool {
	for _, p := range []string{"spf-", "dkim-", "dmarc-", "reverse-dns", "blocklisted", "sending-too-fast", "content",
		"too-large", "own-network"} {
		if strings.HasPrefix(cause, p) {
			return true
		}
	}
	return false
}

// TestRefusals: the defect of the world is confirmed and nothing else; the same
// words in a healthy world confirm nothing of the sender's side, and in a silent
// one nothing at all.
func TestRefusals(t *testing.T) {
	t.Parallel()
	schema := schemaNamed(t, report.DiagnosisSchemaName)
	for _, r := range refusals() {
		t.Run(r.cause, func(t *testing.T) {
			t.Parallel()
			world := append([]string{"--lab", "diagnose", r.text}, strings.Fields(r.world)...)
			d, status := diagnoseLine(t, schema, "", world...)
			if got := d.confirmed(); !slices.Equal(got, []string{r.cause}) || status != app.ExitOK {
				t.Errorf("%s\n%s (%s, %s): confirmed %v, exit %d: %s", r.text, r.world, d.Reason, d.Provider, got, status, d.Answer)
			}
			d, _ = diagnoseLine(t, schema, "", append([]string{"--lab", "diagnose", r.text}, strings.Fields(goodWorld)...)...)
			for _, c := range d.confirmed() {
				if senderSide(c) {
					t.Errorf("healthy: %s: confirmed %s: %s", r.text, c, d.Answer)
				}
			}
			silent := append(world[1:], "--resolver", "127.0.0.1:9", "--no-smtp")
			d, status = diagnoseLine(t, schema, "", silent...)
			for _, c := range d.Causes {
				if c.Status != "open" {
					t.Errorf("silent: %s: %s is %s", r.text, c.ID, c.Status)
				}
			}
			if status != app.ExitUnknown {
				t.Errorf("silent: %s: exit %d", r.text, status)
			}
		})
	}
}
