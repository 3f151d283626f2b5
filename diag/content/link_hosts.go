package content

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/net/idna"
)

// shorteners are hosts and domains of services that hide the target of a link from its reader.
var shorteners = sync.OnceValue(func() map[string]bool {
	return set(`bit.ly bitly.com j.mp tinyurl.com goo.gl t.co ow.ly is.gd v.gd buff.ly rebrand.ly cutt.ly t.ly shorturl.at shorturl.asia
	tiny.cc rb.gy
		x.gd urx.nu urx3.nu onl.tw onl.sc onl.bz onl.la ux.nu bl.ink soo.gd s.id clck.ru qr.ae adf.ly tr.im u.to short.io ur0.cc ul.to 00m.in
		lnkd.in dlvr.it trib.al snip.ly shorte.st bc.vc 2no.co iplogger.org grabify.link`)
})

// trackers are registered domains of services that count clicks on the way to the target, and of gateways that write links anew.
var trackers = sync.OnceValue(func() map[string]bool {
	return set(`sendgrid.net list-manage.com mailchimp.com mandrillapp.com awstrack.me mjt.lu mailjet.com mailgun.org mailgun.net
	sparkpostmail.com
		sparkpostelite.com exacttarget.com exct.net rs6.net constantcontact.com createsend1.com cmail19.com cmail20.com createsend.com
		sendibt1.com
		sendibt2.com sendibt3.com sendinblue.com brevo.com klclick.com klclick1.com klclick2.com klclick3.com klaviyomail.com pardot.com
		mktoweb.com
		marketo.com hubspotlinks.com hubspotemail.net hubspotlinksstarter.com activehosted.com acemlnb.com benchmarkurl.com getresponse.com
		aweber.com clicks.aweber.com convertkit-mail.com convertkit-mail2.com ck.page customeriomail.com customer.io iterable.com braze.com
		sailthru.com responsys.net eloqua.com dotdigital-pages.com postmarkapp.com pstmrk.it mailerlite.com mlsend.com moosend.com omnisend.com
		elasticemail.com beehiiv.com substack.com smktg.jp bme.jp webcas.net cuenote.jp crmstyle.com safelinks.outlook.com outlook.com
		urldefense.com proofpoint.com mimecast.com mimecastprotect.com barracudanetworks.com linkprotect.cudasvc.com cudasvc.com fireeye.com
		trendmicro.com cisco.com ironport.com sophos.com hornetsecurity.com`)
})

// fileEnds are public suffixes that are ends of file names more often.
var fileEnds = sync.OnceValue(func() map[string]bool { return set("sh md py pl rs zip mov ps so cc cs app ai js ts") })

// tracksClicks reports whether the path of a URL is one of those that count clicks.
func tracksClicks(target string) bool {
	lower := strings.ToLower(target)
	for _, mark := range [...]string{"/click", "/ls/click", "/cl0/", "/track", "/trk", "/c/", "/e/c/", "/r/", "/l/", "/redirect",
		"/wf/click", "/lt.php",
		"url=http", "u=http", "redirect=http"} {
		if strings.Contains(lower, mark) {
			return true
		}
	}
	return false
}

// latinLike are letters of other scripts that readers take for Latin ones.
const latinLike = "аеорсухіјѕԁһԛԝӏɡαοενρτυικ"

// looksAlike reports whether a host has a label in which letters of two scripts that look alike are mixed, or whose letters
// all look like Latin ones and are none.
func looksAlike(host string) bool {
	if !strings.Contains(host, "xn--") {
		return false
	}
	name, err := idna.ToUnicode(host)
	if err != nil {
		return false
	}
	for label := range strings.SplitSeq(name, ".") {
		latin, other, alike := 0, 0, 0
		for _, r := range label {
			switch {
			case unicode.Is(unicode.Latin, r):
				latin++
			case unicode.Is(unicode.Cyrillic, r), unicode.Is(unicode.Greek, r):
				other++
			}
			if strings.ContainsRune(latinLike, r) {
				alike++
			}
		}
		if other > 0 && (latin > 0 || alike == other && other > 2 && isASCII(name[strings.LastIndexByte(name, '.'):])) {
			return true
		}
	}
	return false
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 })
}

// webAddresses finds the addresses of the web in a plain text. It gives the text without them, each replaced by one space.
func webAddresses(text string) (found []string, rest string) {
	var b strings.Builder
	for {
		i := schemeAt(text)
		if i < 0 {
			b.WriteString(text)
			return found, b.String()
		}
		b.WriteString(text[:i])
		b.WriteByte(' ')
		end := addressEnd(text[i:])
		found = append(found, text[i:i+end])
		text = text[i+end:]
	}
}

// schemeAt is where the next http:// or https:// stands; -1 for none.
func schemeAt(s string) int {
	for from := 0; ; {
		i := strings.Index(s[from:], "://")
		if i < 0 {
			return -1
		}
		i += from
		for _, scheme := range [...]string{"https", "http"} {
			if start := i - len(scheme); start >= 0 && strings.EqualFold(s[start:i], scheme) {
				return start
			}
		}
		from = i + 3
	}
}

// addressEnd is where an address ends that a text begins with. Marks of a sentence behind it are none of it; a placeholder in it
// may hold spaces.
func addressEnd(s string) int {
	end := strings.IndexFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("<>\"`「」『』（）【】、。，．！？　", r) || r > 0x3000 && r < 0xff00
	})
	if end < 0 {
		end = len(s)
	}
	if open := strings.LastIndex(s[:end], "{{"); open >= 0 && !strings.Contains(s[open:end], "}}") {
		if i := strings.Index(s[end:min(len(s), end+maxInside)], "}}"); i >= 0 {
			return end + i + 2
		}
	}
	address := strings.TrimRight(s[:end], ".,;:!?'*")
	if strings.HasSuffix(address, ")") && !strings.Contains(address, "(") {
		address = strings.TrimSuffix(address, ")")
	}
	return max(len(address), len("http://"))
}
