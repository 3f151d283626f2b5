package dkim_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"todoku/diag/dkim"
)

// generated is one case: a healthy mail with one thing changed, and what has to come out. want is "pass", or the first reason.
type generated struct {
	name   string
	change func(*recipe)
	want   string
}

// cases are mails of all kinds: healthy ones in each form, and one for each single fault.
func cases() []generated {
	all := healthyCases()
	for _, list := range [][]generated{changedCases(), tagCases(), valueCases(), identityCases(), timeCases(),
		lengthCases(), keyCases(), orderCases()} {
		all = append(all, list...)
	}
	return all
}

func healthyCases() (list []generated) {
	for _, canon := range []string{"simple", "relaxed", "simple/simple", "simple/relaxed", "relaxed/simple", "relaxed/relaxed"} {
		for _, eol := range []string{"\r\n", "\n"} {
			for _, alg := range []string{"rsa-sha256", "ed25519-sha256"} {
				list = append(list, generated{fmt.Sprintf("healthy %s %s %q", canon, alg, eol), func(r *recipe) {
					if r.set("c", canon).eol = eol; alg != "rsa-sha256" {
						r.with(keys().ed, alg)
					} else {
						r.with(keys().rsa, alg)
					}
				}, "pass"})
			}
		}
	}
	body := func(s string) func(*recipe) { return func(r *recipe) { r.body = s } }
	for i, b := range []string{"", "\n", "\n\n\n", " ", " \t\n", "a", "a\n\n", "a\r\rb\n", "\n\na\n", "a \n \n",
		"日本語のメール\n", strings.Repeat("x", 2000) + "\n",
		strings.Repeat("line  of  text \n", 2000), "\x00\x01\xff\n", "=C3=A9=\n\n.\n..\n", "-- \nsig\n"} {
		for _, canon := range []string{"simple/simple", "relaxed/relaxed"} {
			list = append(list, generated{fmt.Sprintf("healthy body %d %s", i, canon), func(r *recipe) { body(b)(r); r.set("c", canon) }, "pass"})
		}
	}
	return append(list,
		generated{"no c=", func(r *recipe) { r.drop("c") }, "pass"},
		generated{"b= first", func(r *recipe) { r.last = ";\n x_other=1" }, "pass"},
		generated{"b= with a semicolon", func(r *recipe) { r.last = "; " }, "pass"},
		generated{"b= folded", func(r *recipe) {
			r.fold = func(b string) string { return "\n\t" + b[:20] + "\n\t" + b[20:60] + " " + b[60:] }
		}, "pass"},
		generated{"b= folded, simple", func(r *recipe) {
			r.set("c", "simple").fold = func(b string) string { return "\n " + b[:20] + " \n " + b[20:] }
		}, "pass"},
		generated{"bh= folded", func(r *recipe) { r.signatureOf(); r.set("bh", r.get("bh")[:10]+"\n "+r.get("bh")[10:]) }, "pass"},
		generated{"unknown tag", func(r *recipe) { r.set("y", "any thing").set("zz_9", "") }, "pass"},
		generated{"h= with blanks", func(r *recipe) { r.set("h", " from : TO\n\t: Subject ") }, "pass"},
		generated{"only From", func(r *recipe) { r.set("h", "From") }, "pass"},
		generated{"oversigned", func(r *recipe) { r.set("h", "From:From:To:Subject:Subject:Cc:Reply-To") }, "pass"},
		generated{"signed twice in h=", func(r *recipe) {
			r.fields = append(r.fields, "Subject: two")
			r.set("h", "from:subject:subject:subject")
		}, "pass"},
		generated{"fields out of order in h=", func(r *recipe) { r.set("h", "Message-ID:Date:From") }, "pass"},
		generated{"blank fold", func(r *recipe) { r.fields[2] = "Subject: a\n \n\tb" }, "pass"},
		generated{"blank before the colon", func(r *recipe) { r.fields[2] = "Subject : a" }, "pass"},
		generated{"empty field", func(r *recipe) { r.fields[2] = "Subject:" }, "pass"},
		generated{"raw UTF-8", func(r *recipe) { r.fields[2] = "Subject: 茶会 と  菓子" }, "pass"},
		generated{"q=", func(r *recipe) { r.set("q", "dns/txt") }, "pass"},
		generated{"q= with another first", func(r *recipe) { r.set("q", "dkim/http : dns/txt") }, "pass"},
		generated{"z=", func(r *recipe) { r.set("z", "From:News=20<news@example.test>|Subject:old=3B") }, "pass"},
		generated{"capitals in d= and s=", func(r *recipe) { r.set("d", "Example.TEST").set("s", "S1") }, "pass"},
		generated{"U-label in d=", func(r *recipe) {
			r.zone["s1._domainkey.xn--r8jz45g.test"] = r.zone["s1._domainkey.example.test"]
			r.set("d", "例え.test").set("i", "某@例え.test")
		}, "pass"},
		generated{"selector with dots", func(r *recipe) {
			r.zone["a.b_c._domainkey.example.test"] = r.zone["s1._domainkey.example.test"]
			r.set("s", "a.b_c")
		}, "pass"},
		generated{"field named in other case", func(r *recipe) { r.after = replace("DKIM-Signature", "dkim-SIGNATURE") }, "pass"},
		generated{"no blank lines in the mail", func(r *recipe) {
			r.body = ""
			r.after = func(m string) string { return strings.TrimSuffix(m, "\r\n") }
		}, "pass"},
		generated{"mbox line before", func(r *recipe) {
			r.after = func(m string) string { return "From news@example.test Mon Dec 29\r\n" + m }
		}, "pass"},
	)
}

// changedCases: what may and what must not be changed on the way.
func changedCases() (list []generated) {
	add := func(name, canon string, after func(string) string, want string) {
		list = append(list, generated{name + " " + canon, func(r *recipe) { r.set("c", canon).after = after }, want})
	}
	type how struct{ simple, relaxed string }
	const bad, badBody, ok = "signature_mismatch", "body_hash_mismatch", "pass"
	for name, c := range map[string]struct {
		after  func(string) string
		header how // by canonicalization of the header, or of the body
		body   bool
	}{
		"word of the body":       {replace("tea \r\n", "beer \r\n"), how{badBody, badBody}, true},
		"blank in the body":      {replace("there  is", "there is"), how{badBody, ok}, true},
		"blank at a line's end":  {replace("tea \r\n", "tea\r\n"), how{badBody, ok}, true},
		"blank at a line's head": {replace("\r\nat five", "\r\n at five"), how{badBody, badBody}, true},
		"lines at the end":       {func(m string) string { return m + "\r\n\r\n" }, how{ok, ok}, true},
		"blank line inside":      {replace("five.\r\n", "five.\r\n\r\n"), how{badBody, badBody}, true},
		"footer":                 {func(m string) string { return m + "--\r\nlist\r\n" }, how{badBody, badBody}, true},
		"body gone":              {func(m string) string { return m[:strings.Index(m, "\r\n\r\n")+4] }, how{badBody, badBody}, true},
		"bare LF":                {func(m string) string { return strings.ReplaceAll(m, "\r\n", "\n") }, how{ok, ok}, true},
		"word of the subject":    {replace("cakes", "pies"), how{bad, bad}, false},
		"subject on one line":    {replace("and\r\n\tcakes", "and cakes"), how{bad, ok}, false},
		"subject's blanks":       {replace("Tea  and", "Tea and"), how{bad, ok}, false},
		"subject's name":         {replace("Subject: Tea", "SUBJECT: Tea"), how{bad, ok}, false},
		"blank after the colon":  {replace("To: you", "To:you"), how{bad, ok}, false},
		"blank joined":           {replace("Mon, 29", "Mon,29"), how{bad, bad}, false},
		"subject gone":           {replace("Subject: Tea  and\r\n\tcakes\r\n", ""), how{bad, bad}, false},
		"one more subject below": {replace("X-Free: any", "Subject: other"), how{bad, bad}, false},
		"one more subject above": {replace("From: News", "Subject: other\r\nFrom: News"), how{ok, ok}, false},
		"From changed":           {replace("news@example.test>", "boss@example.test>"), how{bad, bad}, false},
		"unsigned field changed": {replace("X-Free: any", "X-Free: other"), how{ok, ok}, false},
		"order of fields":        {replace("X-Free: any\r\n", ""), how{ok, ok}, false},
		"Received above": {func(m string) string {
			return "Received: by b.test; Mon, 29 Dec 2025 10:00:01 +0900\r\n" + m
		}, how{ok, ok}, false},
		"tag of the signature":   {replace("s=s1;", "s=s1; x="+strconv.Itoa(now+9)+";"), how{bad, bad}, false},
		"blank in the signature": {replace("a=rsa", "a= rsa"), how{bad, bad}, false},
		"fold of the signature":  {replace(";\r\n\t a=", ";\r\n\ta="), how{bad, ok}, false},
		"other signature": {func(m string) string {
			return m[:strings.Index(m, " b=")+13] + "AAAA" + m[strings.Index(m, " b=")+17:]
		}, how{bad, bad}, false},
	} {
		if c.body {
			add(name, "relaxed/simple", c.after, c.header.simple)
			add(name, "simple/relaxed", c.after, c.header.relaxed)
		} else {
			add(name, "simple/relaxed", c.after, c.header.simple)
			add(name, "relaxed/simple", c.after, c.header.relaxed)
		}
	}
	return append(list,
		generated{"second From, oversigned", func(r *recipe) {
			r.set("h", "From:From:To").after = replace("From: News", "From: Boss <boss@example.test>\r\nFrom: News")
		}, bad},
		generated{"Cc added, oversigned", func(r *recipe) { r.set("h", "From:Cc").after = replace("X-Free", "Cc: a@b.test\r\nX-Free") }, bad},
		generated{"signed by another key", func(r *recipe) { r.key = keys().other }, bad},
		generated{"signed by another ed25519 key", func(r *recipe) {
			r.with(keys().ed, "ed25519-sha256").txt("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
		}, bad},
		generated{"b= too short", func(r *recipe) { r.fold = func(b string) string { return b[:100] } }, bad},
		generated{"bh= of another length", func(r *recipe) { r.set("bh", "AAAA") }, badBody},
		generated{"body and header", func(r *recipe) {
			r.after = func(m string) string {
				return strings.NewReplacer("at five", "at six", "Tea  and", "Beer and").Replace(m)
			}
		}, badBody},
	)
}

func tagCases() (list []generated) {
	for _, tag := range []string{"v", "a", "d", "s", "h"} {
		list = append(list, generated{"no " + tag + "=", func(r *recipe) { r.drop(tag) }, "missing_tag"},
			generated{"empty " + tag + "=", func(r *recipe) { r.set(tag, "") }, "malformed_signature"})
	}
	list = append(list,
		generated{"no bh=", func(r *recipe) { r.after = func(m string) string { return strings.Replace(m, " bh=", " xh=", 1) } }, "missing_tag"},
		generated{"no b=", func(r *recipe) { r.after = func(m string) string { return strings.Replace(m, " b=", " xb=", 1) } }, "missing_tag"},
		generated{"empty bh=", func(r *recipe) { r.set("bh", "-") }, "malformed_signature"},
		generated{"empty b=", func(r *recipe) { r.fold = func(string) string { return "" } }, "malformed_signature"},
		generated{"b= no base64", func(r *recipe) { r.fold = func(b string) string { return "*" + b[1:] } }, "malformed_signature"},
		generated{"b= without padding", func(r *recipe) {
			r.fold = func(b string) string { return strings.TrimRight(b, "=") }
		}, "malformed_signature"},
		generated{"bh= no base64", func(r *recipe) { r.set("bh", "not*base64") }, "malformed_signature"},
	)
	for tag, value := range map[string]string{"d": "example.test", "bh": "AAAA", "h": "From", "x_any": "2", "t": "1", "a": "rsa-sha256"} {
		list = append(list, generated{"two " + tag + "=", func(r *recipe) {
			if r.get(tag) == "" && tag != "bh" {
				r.set(tag, "1")
			}
			r.tags = append(r.tags, [2]string{tag, value})
		}, "duplicate_tag"})
	}
	for _, tag := range []string{"c", "i", "l", "q", "t", "x"} {
		list = append(list, generated{"empty " + tag + "=", func(r *recipe) { r.set(tag, "") }, "malformed_signature"})
	}
	for _, broken := range []string{"; ;", ";;", "; word;", "; =1;", "; 1a=2;", "; a-b=2;", "; n=\x01;", "; n=\xff;"} {
		list = append(list, generated{fmt.Sprintf("list %q", broken), func(r *recipe) { r.last = broken }, "malformed_signature"})
	}
	return list
}

func valueCases() (list []generated) {
	for tag, wants := range map[string]map[string][]string{
		"v": {"unsupported_version": {"2", "1.0", "0.5", "DKIM1"}},
		"a": {"weak_hash": {"rsa-sha1"}, "key_algorithm_mismatch": {"ed25519-sha256"},
			"unsupported_algorithm": {"rsa-sha512", "dsa-sha256", "rsa", "ed25519", "rsa-md5"}},
		"c": {"unsupported_canonicalization": {"strict", "nofws/simple", "simple/nofws", "relaxed/relaxed/relaxed", "relaxed/"}},
		"q": {"unsupported_query": {"http", "dns", "dns/mx"}},
		"h": {"from_not_signed": {"To:Subject", "Subject", "Fromm:To"}, "malformed_signature": {"From::To", "From:", "From:T o", ":"}},
		"d": {"no_key": {"other.test"}, "malformed_signature": {"example", "exa mple.test", "example..test", ".example.test",
			"example.test.", "-a.test", "a@example.test", strings.Repeat("a", 64) + ".test"}},
		"s": {"no_key": {"none"}, "malformed_signature": {"a b", "a..b", "a/b"}},
		"l": {"malformed_signature": {"-1", "x", "1 0", strings.Repeat("1", 77)}},
		"t": {"malformed_signature": {"x", "-5", "1.5"}, "pass": {strconv.Itoa(now + 9999)}},
		"z": {"pass": {"|||", "no colon"}},
	} {
		for want, values := range wants {
			for _, value := range values {
				list = append(list, generated{tag + "=" + value[:min(len(value), 20)], func(r *recipe) { r.set(tag, value) }, want})
			}
		}
	}
	return list
}

func identityCases() (list []generated) {
	for want, values := range map[string][]string{
		"pass":                {"@example.test", "news@example.test", "a=40b@example.test", "a=20b@EXAMPLE.test", "a@b@example.test"},
		"pass below":          {"@sub.example.test", "a@b.c.example.test"},
		"i_not_in_d":          {"@other.test", "@xexample.test", "@example.test.evil.test", "a@test"},
		"malformed_signature": {"@-test", "example.test", "@", "a=4@example.test", "a=ZZ@example.test", "@example..test"},
	} {
		want, below := strings.CutSuffix(want, " below")
		strict := want
		if below {
			strict = "i_not_equal_d"
		}
		for _, value := range values {
			list = append(list, generated{"i=" + value, func(r *recipe) { r.set("i", value) }, want},
				generated{"i=" + value + " t=s", func(r *recipe) { r.set("i", value).txt(record(r.key) + "; t=y:s") }, strict})
		}
	}
	return list
}

func timeCases() (list []generated) {
	at := func(d int) string { return strconv.Itoa(now + d) }
	for name, c := range map[string]struct{ t, x, want string }{
		"x= to come":         {at(-60), at(60), "pass"},
		"x= now":             {at(-60), at(0), "pass"},
		"x= past":            {at(-60), at(-1), "expired"},
		"x= long past":       {"1000000000", "1000000060", "expired"},
		"x= before t=":       {at(60), at(30), "malformed_signature"},
		"x= equals t=":       {at(30), at(30), "malformed_signature"},
		"x= without t=":      {"", at(1), "pass"},
		"x= past, no t=":     {"", at(-9), "expired"},
		"x= endless":         {at(-60), strings.Repeat("9", 40), "pass"},
		"x= zero":            {"", "0", "expired"},
		"x= no number":       {"", "tomorrow", "malformed_signature"},
		"t= to come":         {at(86400), "", "pass"},
		"x= and t= are past": {at(-9), at(-19), "malformed_signature"},
	} {
		list = append(list, generated{name, func(r *recipe) {
			if r.drop("t"); c.t != "" {
				r.set("t", c.t)
			}
			if c.x != "" {
				r.set("x", c.x)
			}
		}, c.want})
	}
	return list
}

func lengthCases() []generated {
	more := func(m string) string { return m + "--\r\nlist footer\r\n" }
	l := func(n string) func(*recipe) {
		return func(r *recipe) { r.set("l", n).set("c", "relaxed/simple").body = "0123456\n\nab\n" }
	}
	return []generated{
		{"l= all", l("15"), "pass"}, {"l= part", l("9"), "pass"}, {"l= 0", l("0"), "pass"}, {"l= inside a line end", l("8"), "pass"},
		{"l= one more", l("16"), "l_exceeds_body"}, {"l= many more", l("9999"), "l_exceeds_body"},
		{"l= huge", l(strings.Repeat("9", 76)), "l_exceeds_body"}, {"l= beyond 64 bits", l("18446744073709551616"), "l_exceeds_body"},
		{"l= with a footer", func(r *recipe) { l("15")(r); r.after = more }, "pass"},
		{"l= 0 with a footer", func(r *recipe) { l("0")(r); r.after = more }, "pass"},
		{"l= with a change inside", func(r *recipe) { l("15")(r); r.after = replace("\r\n0123456", "\r\n0923456") }, "body_hash_mismatch"},
		{"l= with a change behind", func(r *recipe) { l("9")(r); r.after = replace("\r\nab\r\n", "\r\nAB\r\n") }, "pass"},
		{"l= of a cut body", func(r *recipe) { l("15")(r); r.after = replace("\r\nab\r\n", "\r\n") }, "l_exceeds_body"},
		{"l= 0 of no body", func(r *recipe) { r.set("l", "0").body = "" }, "pass"},
	}
}

func keyCases() (list []generated) {
	p := func(r *recipe) string { _, p, _ := strings.Cut(record(r.key), "p="); return p }
	for want, texts := range map[string][]string{
		"pass": {"p=%", "v=DKIM1; p=%", "v=DKIM1;k=rsa;p=%;", " v = DKIM1 ; k = rsa ; p = % ", "v=DKIM1; t=y; p=%", "v=DKIM1; t=; p=%",
			"v=DKIM1; h=sha256; p=%", "v=DKIM1; h=sha1:sha256; p=%", "v=DKIM1; h=sha512 : sha256; p=%", "v=DKIM1; s=email; p=%",
			"v=DKIM1; s=*; p=%", "v=DKIM1; s=chat:email; p=%", "v=DKIM1; n=a note; p=%", "v=DKIM1; g=other; p=%", "v=DKIM1; x=y; p=%"},
		"bad_key_record": {"k=rsa; v=DKIM1; p=%", "v=DKIM2; p=%", "v=dkim1; p=%", "v=; p=%", "v=DKIM1 p=%", "v=DKIM1", "v=DKIM1; k=rsa", "",
			"hello", "v=spf1 -all", "v=DKIM1; p=%; p=%", "v=DKIM1; k=rsa; k=rsa; p=%", "v=DKIM1;; p=%", "v=DKIM1; p=%%", "v=DKIM1; p=AAAA",
			"v=DKIM1; p=*", "v=DKIM1; k=rsa; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "v=DKIM1\\; p=%"},
		"key_revoked":                {"v=DKIM1; p=", "v=DKIM1; p= ; t=y"},
		"key_algorithm_mismatch":     {"v=DKIM1; k=ed25519; p=%", "v=DKIM1; k=dsa; p=%"},
		"hash_not_allowed_by_key":    {"v=DKIM1; h=sha1; p=%", "v=DKIM1; h=md5:sha1; p=%"},
		"service_not_allowed_by_key": {"v=DKIM1; s=chat; p=%", "v=DKIM1; s=tlsrpt; p=%"},
		"key_too_small":              {"v=DKIM1; p=" + rsa512Text},
		"dns_temporary":              {"!"},
	} {
		for _, text := range texts {
			list = append(list, generated{"key " + text[:min(len(text), 30)], func(r *recipe) {
				r.txt(strings.ReplaceAll(text, "%", p(r)))
			}, want})
		}
	}
	return append(list,
		generated{"no TXT at the name", func(r *recipe) { r.txt() }, "no_key"},
		generated{"several strings, cut anywhere", func(r *recipe) { r.txt(p(r)[:0] + record(r.key)[:100] + " " + record(r.key)[100:]) }, "pass"},
		generated{"two keys, the second fits", func(r *recipe) { r.txt(record(keys().other), record(r.key)) }, "pass"},
		generated{"two keys, the first fits", func(r *recipe) { r.txt(record(r.key), record(keys().other)) }, "pass"},
		generated{"two keys, none fits", func(r *recipe) { r.txt(record(keys().other), record(keys().rsa)) }, "signature_mismatch"},
		generated{"revoked and another", func(r *recipe) { r.txt("p=", record(r.key)) }, "pass"},
		generated{"another text and a key", func(r *recipe) { r.txt("v=spf1 -all", record(r.key)) }, "pass"},
		generated{"ed25519 without k=", func(r *recipe) {
			r.with(keys().ed, "ed25519-sha256").txt("v=DKIM1; p=" + p(r))
		}, "key_algorithm_mismatch"},
		generated{"ed25519 with an RSA signature", func(r *recipe) { r.txt(record(keys().ed)) }, "key_algorithm_mismatch"},
		generated{"ed25519 of 31 octets", func(r *recipe) {
			r.with(keys().ed, "ed25519-sha256").txt("v=DKIM1; k=ed25519; p=" + b64(make([]byte, 31)))
		}, "bad_key_record"},
		generated{"ed25519 of zeros", func(r *recipe) {
			r.with(keys().ed, "ed25519-sha256").txt("v=DKIM1; k=ed25519; p=" + b64(make([]byte, 32)))
		}, "bad_key_record"},
	)
}

// orderCases have several faults: the first reason is the one that DESIGN names first.
func orderCases() []generated {
	pies := func(r *recipe) {
		r.after = func(m string) string { return strings.NewReplacer("\tcakes", "\tpies", "at five", "at six").Replace(m) }
	}
	return []generated{
		{"version and algorithm", func(r *recipe) { r.set("v", "3").set("a", "dsa") }, "unsupported_version"},
		{"syntax and version", func(r *recipe) { r.set("v", "3").set("l", "x") }, "malformed_signature"},
		{"tag and version", func(r *recipe) { r.set("v", "3").drop("s") }, "missing_tag"},
		{"algorithm and canonicalization", func(r *recipe) { r.set("a", "dsa").set("c", "x") }, "unsupported_algorithm"},
		{"canonicalization and identity", func(r *recipe) { r.set("c", "x").set("i", "@b.test") }, "unsupported_canonicalization"},
		{"identity and expiry", func(r *recipe) { r.set("i", "@b.test").drop("t").set("x", "5") }, "i_not_in_d"},
		{"expiry and key", func(r *recipe) { r.drop("t").set("x", "5").set("s", "none") }, "expired"},
		{"expiry and DNS", func(r *recipe) { r.drop("t").set("x", "5").txt("!") }, "expired"},
		{"expiry and body", func(r *recipe) { r.drop("t").set("x", "5"); pies(r) }, "expired"},
		{"weak hash and small key", func(r *recipe) { r.set("a", "rsa-sha1").txt("p=" + rsa512Text) }, "weak_hash"},
		{"strict identity and body", func(r *recipe) { r.set("i", "@a.example.test").txt(record(r.key) + "; t=s"); pies(r) }, "i_not_equal_d"},
		{"key and body", func(r *recipe) { r.set("s", "none"); pies(r) }, "no_key"},
		{"DNS and body", func(r *recipe) { r.txt("!"); pies(r) }, "dns_temporary"},
		{"revoked and body", func(r *recipe) { r.txt("p="); pies(r) }, "key_revoked"},
		{"body and signature", pies, "body_hash_mismatch"},
		{"From and body", func(r *recipe) { r.set("h", "to"); pies(r) }, "from_not_signed"},
	}
}

// signatureOf computes bh= of a recipe.
func (r *recipe) signatureOf() { r.signature(nopTB{}) }

type nopTB struct{ testing.TB }

func (nopTB) Helper()           {}
func (nopTB) Fatal(args ...any) { panic(args) }

const rsa512Text = "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAOIl6jl7uD2uj/FgdoOfUnRRqYZFuUvrjCprvqLNdORPyeivnPeJ31WRyiVTg02a73R+" +
	"sotByu49IvAbSF1f2HcCAwEAAQ=="

// TestGenerated judges all cases, each alone.
func TestGenerated(t *testing.T) {
	t.Parallel()
	list := cases()
	for _, c := range list {
		r := healthy()
		c.change(r)
		m := r.mail(t)
		report := verify(r.zone, []byte(m), now)
		if len(report.Signatures) != 1 {
			t.Errorf("%s: %d signatures", c.name, len(report.Signatures))
			continue
		}
		s := report.Signatures[0]
		if got := string(s.Reason); got != c.want && !(got == "" && c.want == "pass") || s.Result != s.Reason.Result() ||
			(s.Result == dkim.Pass) != (c.want == "pass") {
			t.Errorf("%s: %s, want %s\n%s", c.name, told(report), c.want, m[:strings.Index(m, "From:")])
		}
	}
	if t.Logf("%d cases", len(list)); len(list) < 150 {
		t.Errorf("%d cases", len(list))
	}
}
