// Package typo knows the domains where many people have a mail address, and recognises misspelled forms of their names.
package typo

import "strings"

// wellKnown are mail domains of the big providers, the commonest first: of two
// that are equally near the first is meant.
func wellKnown() []string {
	return strings.Fields(`gmail.com yahoo.co.jp docomo.ne.jp ezweb.ne.jp au.com softbank.ne.jp i.softbank.jp icloud.com
		hotmail.com outlook.com outlook.jp hotmail.co.jp
		yahoo.com ymail.ne.jp rakuten.jp rakumail.jp nifty.com ocn.ne.jp biglobe.ne.jp so-net.ne.jp jcom.home.ne.jp
		jcom.zaq.ne.jp plala.or.jp dion.ne.jp uqmobile.jp ymobile.ne.jp vodafone.ne.jp
		me.com mac.com live.com live.jp msn.com aol.com googlemail.com gmx.de gmx.net web.de t-online.de orange.fr free.fr
		laposte.net wanadoo.fr yahoo.fr yahoo.de hotmail.fr
		mail.ru yandex.ru qq.com 163.com 126.com sina.com naver.com daum.net hanmail.net protonmail.com proton.me zoho.com
		fastmail.com comcast.net verizon.net att.net sbcglobal.net`)
}

// Suggest gives the well-known domain that a domain was probably meant to be.
// A well-known domain, and one that is near none, has no suggestion.
func Suggest(domain string) (string, bool) {
	domain = strings.ToLower(strings.TrimSuffix(domain, "."))
	best, fewest := "", 3
	for _, known := range wellKnown() {
		if domain == known {
			return "", false
		}
		// One slip in a short name, two in a long one.
		if d := slips(domain, known); d < fewest && d*6 <= len(known) {
			best, fewest = known, d
		}
	}
	return best, best != ""
}

// slips counts the octets left out, added, changed or swapped with their
// neighbour (optimal string alignment); beyond 2 it is not exact.
func slips(a, b string) int {
	if len(a)-len(b) > 2 || len(b)-len(a) > 2 {
		return 3
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			change := last[j]
			if a[i] != b[j] {
				change++
			}
			row[j+1] = min(change, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
