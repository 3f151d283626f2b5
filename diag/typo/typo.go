// Package typo knows the domains where many people have a mail address, and recognises misspelled forms of their names.
package typo

import (
	"cmp"
	"slices"
	"strings"

	"todoku/codes"
)

// wellKnown are mail domains of the big providers, the commonest first: of two
// that are equally near the first is meant.
func wellKnown() []string {
	return strings.Fields(`gmail.com yahoo.co.jp docomo.ne.jp ezweb.ne.jp au.com softbank.ne.jp i.softbank.jp icloud.com
		hotmail.com outlook.com outlook.jp hotmail.co.jp
		yahoo.com ymail.ne.jp rakuten.jp rakumail.jp nifty.com ocn.ne.jp biglobe.ne.jp so-net.ne.jp jcom.home.ne.jp
		jcom.zaq.ne.jp plala.or.jp dion.ne.jp uqmobile.jp ymobile.ne.jp vodafone.ne.jp disney.ne.jp
		me.com mac.com live.com live.jp msn.com aol.com googlemail.com gmx.de gmx.net web.de t-online.de orange.fr free.fr
		laposte.net wanadoo.fr yahoo.fr yahoo.de hotmail.fr
		mail.ru yandex.ru qq.com 163.com 126.com sina.com naver.com daum.net hanmail.net protonmail.com proton.me zoho.com
		fastmail.com comcast.net verizon.net att.net sbcglobal.net`)
}

// genuine are domains of the same providers and of others that look like a slip for a well-known one and are none.
func genuine() []string {
	return strings.Fields(`ymail.com rocketmail.com gmx.com gmx.at gmx.ch mail.com email.com hey.com live.fr live.de live.co.uk
		outlook.fr outlook.de outlook.es outlook.kr outlook.co.id hotmail.de hotmail.co.uk hotmail.it hotmail.es
		yahoo.co.uk yahoo.co.in yahoo.co.id yahoo.it yahoo.es yahoo.ca yahoo.com.br yahoo.com.au yahoo.com.tw yahoo.com.hk
		softbank.jp softbank.co.jp g.softbank.co.jp nttdocomo.com rakuten.co.jp rakuten.com mail.rakuten.com
		rakuten.ne.jp nifty.ne.jp biglobe.co.jp disney.co.jp
		disney.com vodafone.com vodafone.co.uk vodafone.de orange.com free.com web.com mail.jp
		jcom.co.jp naver.jp naver.co.jp aol.jp aol.co.jp msn.co.jp me.jp mac.jp qq.jp proton.com zoho.jp zoho.eu zoho.in yandex.com
		d.vodafone.ne.jp h.vodafone.ne.jp t.vodafone.ne.jp c.vodafone.ne.jp r.vodafone.ne.jp k.vodafone.ne.jp n.vodafone.ne.jp
		s.vodafone.ne.jp q.vodafone.ne.jp`)
}

// mixedUp are the ends of names that people in Japan take one for the other. A name that differs from a well-known one only in
// such an end is a slip, however many letters that takes.
func mixedUp() []string {
	return strings.Fields("com jp co.jp ne.jp or.jp net ne co com.jp jp.com co.com cojp nejp")
}

// Suggest gives the well-known domain that a domain was probably meant to be.
// A well-known domain, and one that is near none, has no suggestion.
func Suggest(domain string) (string, bool) {
	domain = strings.ToLower(strings.TrimSuffix(domain, "."))
	all, ends := wellKnown(), mixedUp()
	if slices.Contains(all, domain) || slices.Contains(genuine(), domain) {
		return "", false
	}
	known := cmp.Or(anotherEnd(domain, all, ends), moreBehind(domain, all, ends), nearest(domain, all))
	return known, known != ""
}

// anotherEnd gives the first well-known domain that begins like a domain and has another of the ends that are mixed up: of
// the same country if there is one.
func anotherEnd(domain string, all, ends []string) string {
	found := ""
	for _, known := range all {
		if !sameButEnd(domain, known, ends) {
			continue
		}
		if strings.HasSuffix(domain, ".jp") == strings.HasSuffix(known, ".jp") {
			return known
		}
		if found == "" {
			found = known
		}
	}
	return found
}

// sameButEnd reports whether two domains differ only in ends that are mixed up.
func sameButEnd(domain, known string, mixed []string) bool {
	for _, end := range mixed {
		if name, ends := strings.CutSuffix(domain, "."+end); ends {
			if rest, ok := strings.CutPrefix(known, name+"."); ok && slices.Contains(mixed, rest) {
				return true
			}
		}
	}
	return false
}

// moreBehind gives the well-known domain behind which a second end stands: gmail.com.com, docomo.ne.jp.jp.
func moreBehind(domain string, all, ends []string) string {
	for _, known := range all {
		if more, ok := strings.CutPrefix(domain, known+"."); ok && slices.Contains(ends, more) {
			return known
		}
	}
	return ""
}

// nearest gives the well-known domain from which the fewest slips lead to a domain: one in a short name, two in a long one.
func nearest(domain string, all []string) string {
	best, fewest := "", 3
	for _, known := range all {
		if apart := len(domain) - len(known); apart > 2 || apart < -2 {
			continue
		}
		if d := codes.Slips(domain, known); d < fewest && d*6 <= len(known) {
			best, fewest = known, d
		}
	}
	return best
}
