// Package typo knows the domains where many people have a mail address, and recognises misspelled forms of their names.
package typo

import (
	"cmp"
	"math/bits"
	"strings"
	"sync"

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

// table is what is known, made once: a list of domains may have a hundred thousand names.
type table struct {
	all     []string
	at      map[string]int // of all: the place of a name in it
	letters []uint64       // of all: which letters each has
	genuine map[string]bool
	ends    []string         // that are mixed up
	begins  map[string][]int // of all, by what stands before an end that is mixed up, in the order of all
}

var known = sync.OnceValue(func() *table {
	t := &table{all: wellKnown(), at: map[string]int{}, genuine: map[string]bool{}, ends: mixedUp(), begins: map[string][]int{}}
	for i, name := range t.all {
		t.at[name] = i
		t.letters = append(t.letters, lettersOf(name))
		for _, end := range t.ends {
			if begin, has := cutEnd(name, end); has {
				t.begins[begin] = append(t.begins[begin], i)
			}
		}
	}
	for _, name := range genuine() {
		t.genuine[name] = true
	}
	return t
})

// cutEnd takes an end and the dot before it off a name.
func cutEnd(name, end string) (begin string, has bool) {
	n := len(name) - len(end)
	if n < 1 || name[n-1] != '.' || name[n:] != end {
		return "", false
	}
	return name[:n-1], true
}

// Suggest gives the well-known domain that a domain was probably meant to be.
// A well-known domain, and one that is near none, has no suggestion.
func Suggest(domain string) (string, bool) {
	domain = strings.ToLower(strings.TrimSuffix(domain, "."))
	t := known()
	if _, is := t.at[domain]; is || t.genuine[domain] {
		return "", false
	}
	meant := cmp.Or(t.anotherEnd(domain), t.moreBehind(domain), t.nearest(domain))
	return meant, meant != ""
}

// anotherEnd gives the first well-known domain that begins like a domain and has another of the ends that are mixed up: of
// the same country if there is one.
func (t *table) anotherEnd(domain string) string {
	first, ofCountry := -1, -1
	for _, end := range t.ends {
		begin, has := cutEnd(domain, end)
		if !has {
			continue
		}
		for _, i := range t.begins[begin] {
			if first < 0 || i < first {
				first = i
			}
			if strings.HasSuffix(domain, ".jp") == strings.HasSuffix(t.all[i], ".jp") && (ofCountry < 0 || i < ofCountry) {
				ofCountry = i
			}
		}
	}
	switch {
	case ofCountry >= 0:
		return t.all[ofCountry]
	case first >= 0:
		return t.all[first]
	}
	return ""
}

// moreBehind gives the well-known domain behind which a second end stands: gmail.com.com, docomo.ne.jp.jp.
func (t *table) moreBehind(domain string) string {
	found := -1
	for _, end := range t.ends {
		if begin, has := cutEnd(domain, end); has {
			if i, is := t.at[begin]; is && (found < 0 || i < found) {
				found = i
			}
		}
	}
	if found < 0 {
		return ""
	}
	return t.all[found]
}

// nearest gives the well-known domain from which the fewest slips lead to a domain: one in a short name, two in a long one.
func (t *table) nearest(domain string) string {
	best, fewest := "", 3
	letters := lettersOf(domain)
	for i, name := range t.all {
		if apart := len(domain) - len(name); apart > 2 || apart < -2 {
			continue
		}
		// A slip takes one letter away, or brings one in, or both.
		if bits.OnesCount64(letters^t.letters[i]) > 2*(fewest-1) {
			continue
		}
		if d := codes.Slips(domain, name); d < fewest && d*6 <= len(name) {
			best, fewest = name, d
		}
	}
	return best
}

// lettersOf tells which letters a name has.
func lettersOf(name string) (set uint64) {
	for i := range len(name) {
		set |= 1 << (name[i] & 63)
	}
	return set
}
