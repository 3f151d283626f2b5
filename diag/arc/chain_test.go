package arc_test

import (
	"crypto/rsa"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"todoku/diag/arc"
	"todoku/diag/resolve"
)

// sample is a generated chain and what it must come to.
type sample struct {
	name     string
	letter   *letter
	world    *world // nil: all keys are there
	result   arc.Result
	instance int
	reason   arc.Reason
}

// TestChains: each reason in the first, a middle and the newest set, and healthy twins.
func TestChains(t *testing.T) {
	t.Parallel()
	all := slices.Concat(healthy(), lengths(), structural(t), tagged(), changed(t), keyed(t), silent(t))
	if len(all) < 100 {
		t.Errorf("only %d cases", len(all))
	}
	seen := map[arc.Reason]bool{}
	everything := keys(t, 51)
	for _, c := range all {
		w := c.world
		if w == nil {
			w = everything
		}
		got := validate(t, w, c.letter)
		seen[got.Reason] = true
		if got.Result != c.result || got.FailedInstance != c.instance || got.Reason != c.reason {
			t.Errorf("%s: %s %d %q, want %s %d %q\nfaults: %+v", c.name, got.Result, got.FailedInstance, got.Reason, c.result,
				c.instance, c.reason, got.Faults)
		}
		if (got.Err != nil) != (got.Result == arc.TempError) {
			t.Errorf("%s: %s with error %v", c.name, got.Result, got.Err)
		}
	}
	for _, r := range arc.Reasons() {
		if !seen[r] {
			t.Errorf("no case has the reason %s", r)
		}
	}
	t.Logf("%d chains", len(all))
}

func healthy() (out []sample) {
	pass := func(name string, l *letter) { out = append(out, sample{name: name, letter: l, result: arc.Pass}) }
	out = append(out, sample{name: "no chain", letter: newLetter(), result: arc.None})
	for _, n := range []int{1, 2, 3, 10, 50} {
		pass(fmt.Sprintf("%d sets", n), chain(n))
	}
	for i := 1; i <= 3; i++ {
		pass(fmt.Sprintf("ed25519 in set %d", i), chainWith(3, i, hop{alg: "ed25519-sha256", selector: "ed"}))
	}
	for _, c := range []string{"simple/simple", "simple/relaxed", "relaxed/simple", "relaxed", "simple", "none"} {
		l := chainWith(2, 2, hop{canon: c, canonical: map[string]string{"relaxed": "relaxed/simple", "simple": "simple/simple",
			"none": "simple/simple"}[c]})
		pass("c="+c, l)
	}
	for _, c := range []string{"relaxed/simple", "relaxed/relaxed", "simple/relaxed"} {
		pass("no c=, meant is "+c, chainWith(2, 2, hop{canon: "none", canonical: c}))
	}
	for _, edit := range [][3]string{
		{"blanks around =", "d=hop1.test", "d = hop1.test"},
		{"a fold at =", "i=1", "i=\r\n\t1"}, {"blanks around ;", "; a=", " \r\n ;\t a="}, {"a leading zero", "i=1", "i=01"},
		{"an unknown tag", "i=1;", "i=1; zz=9;"}, {"no time", "t=1700000000; ", ""},
		{"a version", "i=1;", "i=1; v=1;"}, {"a semicolon at the end", "b=@", "b=@;"}, {"b= first", "i=1;", "b=@; i=1;"},
		{"bh in an AS", "i=1;", "i=1; bh2=x;"}, {"c= in an AS", "cv=none;", "cv=none; c=relaxed/relaxed;"}, {"q=", " t=17", " q=dns/txt; t=17"},
	} {
		pass(edit[0], chainWith(2, 1, hop{unsigned: func(k arc.Kind, f string) string {
			if edit[0] == "b= first" {
				if k == arc.AAR {
					return f
				}
				f = strings.Replace(f, "b=@", "zz=9", 1)
			}
			return strings.Replace(f, edit[1], edit[2], 1)
		}}))
	}
	pass("comments before the instance", chainWith(2, 1, hop{unsigned: func(k arc.Kind, f string) string {
		if k == arc.AAR {
			return strings.Replace(f, "i=1;", "(a;b) i (c) = (d) 1 (e);", 1)
		}
		return f
	}}))
	pass("h= without a field", chainWith(1, 1, hop{headers: "From:X-None:X-None"}))
	pass("h= with a field twice", chainWith(2, 2, hop{headers: "From:Received:Received"}))
	pass("h= over the older AMS and AAR", chainWith(2, 2, hop{headers: "From:ARC-Message-Signature:ARC-Authentication-Results"}))
	pass("two selectors", chainWith(3, 2, hop{ams: "s2", as: "s"}))
	pass("l= of all", chainWith(1, 1, hop{canon: "relaxed/relaxed", more: " l=26;"}))
	lf := chain(3)
	lf.fields, lf.body = []string{strings.ReplaceAll(strings.Join(lf.fields, "\n"), "\r\n", "\n")}, strings.ReplaceAll(lf.body, "\r\n", "\n")
	pass("LF alone", lf)
	return out
}

func lengths() []sample {
	gap := newLetter().seal(hop{}).seal(hop{instance: 3})
	first := newLetter().seal(hop{instance: 2, cv: "pass"})
	return []sample{
		{name: "51 sets", letter: chain(51), result: arc.Fail, instance: 51, reason: arc.TooManySets},
		{name: "60 sets", letter: chain(60), result: arc.Fail, instance: 60, reason: arc.TooManySets},
		{name: "1 and 3", letter: gap, result: arc.Fail, instance: 2, reason: arc.InstanceGap},
		{name: "2 alone", letter: first, result: arc.Fail, instance: 1, reason: arc.InstanceGap},
		{name: "1 and 51", letter: newLetter().seal(hop{}).seal(hop{instance: 51}), result: arc.Fail, instance: 51, reason: arc.BadInstance},
	}
}

// structural are chains with a field too few or too many, or without its number.
func structural(t *testing.T) (out []sample) {
	fail := func(name string, i int, r arc.Reason, l *letter) {
		out = append(out, sample{name: name, letter: l, result: arc.Fail, instance: i, reason: r})
	}
	for i := 1; i <= 3; i++ {
		for _, k := range []arc.Kind{arc.AAR, arc.AMS, arc.AS} {
			name := fmt.Sprintf("%s %d", k, i)
			fail(name+" missing", i, arc.MissingHeader, chainWith(3, i, hop{leave: k}))
			fail(name+" twice", i, arc.DuplicateHeader, chainWith(3, i, hop{twice: k}))
			fail(name+" i=0", i, arc.BadInstance, chain(3).change(t, k, i, fmt.Sprintf("i=%d;", i), "i=0;"))
			fail(name+" i=x", i, arc.BadInstance, chain(3).change(t, k, i, fmt.Sprintf("i=%d;", i), "i=x;"))
			fail(name+" without i=", i, arc.MissingTag, chain(3).change(t, k, i, fmt.Sprintf("i=%d;", i), ""))
		}
		l := chain(3)
		l.fields = slices.DeleteFunc(l.fields, func(f string) bool {
			return strings.HasPrefix(f, "ARC-") && strings.Contains(f, fmt.Sprintf("i=%d;", i))
		})
		if i < 3 {
			fail(fmt.Sprintf("set %d missing", i), i, arc.InstanceGap, l)
		} else {
			out = append(out, sample{name: "the newest set missing", letter: l, result: arc.Pass})
		}
	}
	fail("only an AAR", 1, arc.MissingHeader, newLetter().seal(hop{leave: arc.AMS}).change(t, arc.AS, 1, "ARC-Seal", "X-Seal"))
	fail("all i=0", 0, arc.BadInstance, newLetter().seal(hop{unsigned: func(_ arc.Kind, f string) string {
		return strings.Replace(f, "i=1;", "i=0;", 1)
	}}))
	fail("AAR without ;", 1, arc.BadInstance, chain(1).change(t, arc.AAR, 1, "i=1;", "i=1 "))
	fail("AAR with i= behind", 1, arc.MissingTag, chain(1).change(t, arc.AAR, 1, "i=1; mx1.test;", "mx1.test; i=1;"))
	fail("three digits", 1, arc.BadInstance, chain(1).change(t, arc.AS, 1, "i=1;", "i=001;"))
	fail("i= twice", 1, arc.DuplicateTag, chain(1).change(t, arc.AS, 1, "i=1;", "i=1; i=1;"))
	return out
}

// tagged are chains in which one set was made with wrong tags, and all seals signed them.
func tagged() (out []sample) {
	add := func(name string, k arc.Kind, i int, from, to string, r arc.Reason) {
		l := chainWith(3, i, hop{unsigned: func(kind arc.Kind, f string) string {
			if kind != k {
				return f
			}
			return strings.Replace(f, from, to, 1)
		}})
		out = append(out, sample{name: fmt.Sprintf("%s %d: %s", k, i, name), letter: l, result: arc.Fail, instance: i, reason: r})
	}
	for i := 1; i <= 3; i++ {
		for _, k := range []arc.Kind{arc.AMS, arc.AS} {
			add("no a=", k, i, " a=rsa-sha256;", "", arc.MissingTag)
			add("no d=", k, i, fmt.Sprintf(" d=hop%d.test;", i), "", arc.MissingTag)
			add("empty s=", k, i, "s=s;", "s=;", arc.MissingTag)
			add("no b=", k, i, "b=@", "", arc.MissingTag)
			add("t= of letters", k, i, "t=1700000000", "t=now", arc.MissingTag)
			add("a tag twice", k, i, " s=s;", " s=s; s=s;", arc.DuplicateTag)
			add("two semicolons", k, i, " s=s;", " s=s;;", arc.MissingTag)
			add("rsa-sha1", k, i, "rsa-sha256", "rsa-sha1", arc.BadAlgorithm)
			add("a= in capitals", k, i, "rsa-sha256", "RSA-SHA256", arc.BadAlgorithm)
			add("an unknown a=", k, i, "rsa-sha256", "dsa-sha256", arc.BadAlgorithm)
		}
		add("no bh=", arc.AMS, i, "bh=", "zz=", arc.MissingTag)
		add("no h=", arc.AMS, i, "h=From", "zz=From", arc.MissingTag)
		add("c=nofws", arc.AMS, i, "relaxed/relaxed", "nofws/relaxed", arc.BadCanonicalization)
		add("c= in capitals", arc.AMS, i, "relaxed/relaxed", "Relaxed/Relaxed", arc.BadCanonicalization)
		add("empty c=", arc.AMS, i, "relaxed/relaxed", "", arc.BadCanonicalization)
		add("h= with ARC-Seal", arc.AMS, i, "h=From", "h=From:ARC-Seal", arc.SealHTag)
		add("another q=", arc.AMS, i, "h=From", "q=http; h=From", arc.NoKey)
		add("c=simple in the seal", arc.AS, i, "b=@", "c=simple/simple; b=@", arc.BadCanonicalization)
		add("h= in the seal", arc.AS, i, "b=@", "h=From; b=@", arc.SealHTag)
		cv := map[bool]string{true: "none", false: "pass"}[i == 1]
		add("no cv=", arc.AS, i, " cv="+cv+";", "", arc.MissingTag)
		add("empty cv=", arc.AS, i, "cv="+cv, "cv=", arc.MissingTag)
		add("cv= in capitals", arc.AS, i, "cv="+cv, "cv="+strings.ToUpper(cv), arc.BadCV)
		add("an unknown cv=", arc.AS, i, "cv="+cv, "cv=ok", arc.BadCV)
		add("the other cv=", arc.AS, i, "cv="+cv, "cv="+map[bool]string{true: "pass", false: "none"}[i == 1], arc.BadCV)
		out = append(out, sample{name: fmt.Sprintf("cv=fail in %d", i), letter: chainWith(3, i, hop{cv: "fail"}), result: arc.Fail,
			instance: i, reason: arc.BadCV})
	}
	return out
}

// changed are chains of which something was changed on the way.
func changed(t *testing.T) (out []sample) {
	fail := func(name string, i int, r arc.Reason, l *letter) {
		out = append(out, sample{name: name, letter: l, result: arc.Fail, instance: i, reason: r})
	}
	for n := 1; n <= 3; n++ {
		l := chain(n)
		l.body = "Changed.\r\n"
		fail(fmt.Sprintf("body changed behind %d", n), n, arc.BodyHashMismatch, l)
		fail(fmt.Sprintf("subject changed behind %d", n), n, arc.MessageMismatch, chain(n).change(t, "", 0, "ordinary", "[list] ordinary"))
		l = chain(n)
		l.body += "-- \r\nfooter\r\n"
		out = append(out, sample{name: fmt.Sprintf("footer at hop %d", n+1), letter: l.seal(hop{}), result: arc.Pass})
		fail(fmt.Sprintf("AAR %d changed", n), n, arc.SealMismatch, chain(3).change(t, arc.AAR, n, "spf=pass", "spf=fail"))
		fail(fmt.Sprintf("AS %d changed", n), n, arc.SealMismatch, chain(3).change(t, arc.AS, n, "t=17", "t=18"))
		fail(fmt.Sprintf("b= of AS %d changed", n), n, arc.SealMismatch, chain(3).change(t, arc.AS, n, "b=", "b=AAAA"))
		fail(fmt.Sprintf("b= of AS %d is no base64", n), n, arc.SealMismatch, chain(3).change(t, arc.AS, n, "b=", "b=*"))
		fail(fmt.Sprintf("bh= of AMS %d taken away", n), n, arc.MissingTag, chain(3).change(t, arc.AMS, n, "bh=", "zz="))
		fail(fmt.Sprintf("c= of AMS %d changed", n), n, arc.BadCanonicalization, chain(3).change(t, arc.AMS, n, "c=relaxed", "c=x"))
		want := arc.SealMismatch
		if n == 3 {
			want = arc.MessageMismatch
		}
		fail(fmt.Sprintf("AMS %d changed", n), n, want, chain(3).change(t, arc.AMS, n, "t=17", "t=18"))
	}
	fail("a field that was signed as absent was added", 1, arc.MessageMismatch, func() *letter {
		l := chainWith(1, 1, hop{headers: "From:List-Id"})
		l.fields = append(l.fields, "List-Id: <b.test>")
		return l
	}())
	fail("l= longer than the body", 1, arc.BodyHashMismatch, chainWith(1, 1, hop{more: " l=999;"}))
	fail("bh= is no base64", 1, arc.BodyHashMismatch, chain(1).change(t, arc.AMS, 1, "bh=", "bh=*"))
	long := chainWith(1, 1, hop{more: " l=26;"})
	long.body = strings.TrimRight(long.body, "\r\n") + "\r\nmore\r\n"
	out = append(out, sample{name: "l= shorter than the body", letter: long, result: arc.Pass})
	moved := chain(2)
	moved.fields[0], moved.fields[3] = moved.fields[3], moved.fields[0]
	out = append(out, sample{name: "the sets in another order", letter: moved, result: arc.Pass})
	return out
}

// keyed are chains whose keys are not what they should be.
func keyed(t *testing.T) (out []sample) {
	small := rsaRecord(t, &rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(12345677), 511, 1), E: 65537})
	for i := 1; i <= 3; i++ {
		for _, k := range []struct {
			name, record string
			reason       arc.Reason
		}{
			{"no key", "", arc.NoKey}, {"a revoked key", "v=DKIM1; p=", arc.KeyRevoked}, {"a short key", small, arc.KeyTooSmall},
			{"no key record", "v=spf1 -all", arc.NoKey}, {"a key of another type", "v=DKIM1; k=ed25519; p=AAAA", arc.NoKey},
			{"a key for sha1", "v=DKIM1; h=sha1; " + strings.TrimPrefix(rsaRecord(t, &rsaKey().PublicKey), "v=DKIM1; "), arc.NoKey},
			{"a key for others", "v=DKIM1; s=tlsrpt; " + strings.TrimPrefix(rsaRecord(t, &rsaKey().PublicKey), "v=DKIM1; "), arc.NoKey},
		} {
			w := keys(t, 3)
			w.txt[fmt.Sprintf("s._domainkey.hop%d.test", i)] = []string{k.record}
			if k.record == "" {
				delete(w.txt, fmt.Sprintf("s._domainkey.hop%d.test", i))
			}
			out = append(out, sample{name: fmt.Sprintf("%s of hop %d", k.name, i), letter: chain(3), world: w, result: arc.Fail,
				instance: i, reason: k.reason})
		}
		w := keys(t, 3)
		name := fmt.Sprintf("s._domainkey.hop%d.test", i)
		w.txt[name] = []string{"v=DKIM1; p=", w.txt[name][0]}
		out = append(out, sample{name: "a revoked key and a good one", letter: chain(3), world: w, result: arc.Pass})
		w = keys(t, 3)
		delete(w.txt, fmt.Sprintf("s2._domainkey.hop%d.test", i))
		s := sample{name: fmt.Sprintf("no key of AMS %d", i), letter: chainWith(3, i, hop{ams: "s2"}), world: w, result: arc.Pass}
		if i == 3 {
			s.result, s.instance, s.reason = arc.Fail, 3, arc.NoKey
		}
		out = append(out, s)
	}
	return out
}

// silent are chains of which DNS does not tell a key.
func silent(t *testing.T) (out []sample) {
	for i := 1; i <= 3; i++ {
		for _, k := range []resolve.Kind{resolve.KindServFail, resolve.KindTimeout} {
			w := keys(t, 3)
			w.fails[fmt.Sprintf("s._domainkey.hop%d.test", i)] = k
			out = append(out, sample{name: fmt.Sprintf("%s at hop %d", k, i), letter: chain(3), world: w, result: arc.TempError})
			broken := chain(3)
			broken.body = "Changed.\r\n"
			out = append(out, sample{name: "silence and a changed body", letter: broken, world: w, result: arc.Fail, instance: 3,
				reason: arc.BodyHashMismatch},
				sample{name: "silence and a seal missing", letter: chainWith(3, 2, hop{leave: arc.AS}), world: w, result: arc.Fail,
					instance: 2, reason: arc.MissingHeader})
		}
		w := keys(t, 3)
		w.fails[fmt.Sprintf("s2._domainkey.hop%d.test", i)] = resolve.KindTimeout
		s := sample{name: fmt.Sprintf("silence for AMS %d", i), letter: chainWith(3, i, hop{ams: "s2"}), world: w, result: arc.Pass}
		if i == 3 {
			s.result = arc.TempError
		}
		out = append(out, s)
	}
	return out
}
