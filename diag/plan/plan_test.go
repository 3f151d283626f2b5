package plan_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"todoku/codes"
	"todoku/diag/plan"
	"todoku/diag/resolve"
)

const todayZone = `$ORIGIN a.test.
@ 60 IN SOA ns h 1 2 3 4 5
@ 60 IN MX 10 old
@ 60 IN TXT "v=spf1 -all"
@ 60 IN TXT "of=others"
www 60 IN CNAME a.test.
`

// today is the world before a change.
func today(t *testing.T) resolve.Resolver {
	t.Helper()
	z, err := resolve.ParseZone(strings.NewReader(todayZone), "today.zone")
	if err != nil {
		t.Fatal(err)
	}
	c, err := resolve.New(resolve.Options{Zones: []*resolve.Zone{z}, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// shown are sets, a line each: "a.test MX 10 mx.a.test@7" with the line of the file; a set that is not known has "?".
func shown(sets []resolve.Set) string {
	var out []string
	for _, s := range sets {
		var values []string
		for _, r := range s.Records {
			a := resolve.Answer{Server: s.File}
			values = append(values, fmt.Sprintf("%s@%d", r.Value(s.Type), a.Place(r).Line))
		}
		if !s.Unknown.IsZero() {
			values = []string{"?"}
		}
		out = append(out, fmt.Sprintf("%s %s %s", s.Name, s.Type, strings.Join(values, ", ")))
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// change is a resource of a plan of Terraform, on one line.
func change(kind, actions, before, after, more string) string {
	return fmt.Sprintf(`{"address":"%s.x","mode":"managed","type":"%s","change":{"actions":[%s],"before":%s,"after":%s%s}}`,
		kind, kind, actions, before, after, more)
}

func terraform(changes ...string) string {
	return "{\"format_version\":\"1.2\",\n\"resource_changes\":[\n" + strings.Join(changes, ",\n") + "\n],\n" +
		`"prior_state":{"values":{"root_module":{"child_modules":[{"resources":[` +
		`{"type":"aws_route53_zone","values":{"zone_id":"Z1","name":"a.test."}},` +
		`{"type":"cloudflare_zone","values":{"id":"c1","name":"a.test"}},` +
		`{"type":"google_dns_managed_zone","values":{"name":"my-zone","dns_name":"a.test."}}]}]}}}}`
}

// TestPlansBecomeSets: what each tool writes becomes the record sets that would be there, with their lines.
func TestPlansBecomeSets(t *testing.T) {
	t.Parallel()
	const update, create, remove = `"update"`, `"create"`, `"delete"`
	const apex = `{"zone_id":"Z1","name":"a.test",`
	for name, c := range map[string]struct{ text, want, names string }{
		"a whole set of Route 53": {terraform(change("aws_route53_record", update,
			apex+`"type":"TXT","records":["v=spf1 -all","of=others"]}`,
			apex+`"type":"TXT","records":["v=spf1 mx -all"]}`, "")), "a.test TXT v=spf1 mx -all@3", "a.test"},
		"a long text of Route 53": {terraform(change("aws_route53_record", create, `null`,
			`{"zone_id":"Z1","name":"s1._domainkey","type":"TXT","records":["v=DKIM1; p=AAAA\"\"BBBB"]}`, "")),
			"s1._domainkey.a.test TXT v=DKIM1; p=AAAABBBB@3", "a.test"},
		"an alias of Route 53": {terraform(change("aws_route53_record", create, `null`,
			`{"zone_id":"Z1","name":"mx","type":"A","alias":[{"name":"lb.test"}],"records":null}`, "")), "mx.a.test A ?", "a.test"},
		"one of several answers": {terraform(change("aws_route53_record", create, `null`,
			`{"zone_id":"Z1","name":"mx","type":"A","records":["192.0.2.1"],"set_identifier":"eu"}`, "")), "mx.a.test A ?", "a.test"},
		"a set that goes": {terraform(change("aws_route53_record", remove,
			apex+`"type":"MX","records":["10 old.a.test"]}`,
			`null`, "")), "a.test MX ", "a.test"},
		"a set that moves": {terraform(change("aws_route53_record", `"delete","create"`,
			apex+`"type":"MX","records":["10 old"]}`,
			`{"zone_id":"Z1","name":"b.a.test","type":"MX","records":["10 mx.a.test"]}`, "")),
			"a.test MX \nb.a.test MX 10 mx.a.test@3", "a.test b.a.test"},
		"a set that goes in one and comes in another": {terraform(
			change("aws_route53_record", remove, apex+`"type":"MX","records":["10 old.a.test"]}`, `null`, ""),
			change("aws_route53_record", create, `null`, apex+`"type":"MX","records":["10 mx.a.test"]}`, "")),
			"a.test MX 10 mx.a.test@4", "a.test"},
		"a value that is known later": {terraform(change("aws_route53_record", create, `null`, apex+`"type":"MX"}`,
			`,"after_unknown":{"records":true,"id":true}`)), "a.test MX ?", "a.test"},
		"a part that is known later": {terraform(change("aws_route53_record", create, `null`,
			apex+`"type":"TXT","records":["x",null]}`, `,"after_unknown":{"records":[false,true]}`)),
			"a.test TXT ?", "a.test"},
		"a secret": {terraform(change("aws_route53_record", update, apex+`"type":"TXT","records":["hush"]}`,
			apex+`"type":"TXT","records":["hush2"]}`,
			`,"before_sensitive":{"records":true},"after_sensitive":{"records":true}`)),
			"a.test TXT ?", "a.test"},
		"nothing that changes": {terraform(change("aws_route53_record", `"no-op"`, `{"name":"a.test","type":"MX","records":["10 x.test"]}`,
			`{"name":"a.test","type":"MX","records":["10 x.test"]}`, ""), change("aws_s3_bucket", create, `null`, `{"name":"a.test"}`, "")), "", ""},
		"a record of Cloudflare among those of today": {terraform(change("cloudflare_dns_record", update,
			`{"zone_id":"c1","name":"a.test","type":"TXT","content":"\"v=spf1 -all\""}`,
			`{"zone_id":"c1","name":"a.test","type":"TXT","content":"\"v=spf1 mx -all\""}`, `,"after_unknown":{"modified_on":true}`)),
			"a.test TXT v=spf1 mx -all@3, of=others@0", "a.test"},
		"a mail exchanger of Cloudflare": {terraform(change("cloudflare_record", create, `null`,
			`{"zone_id":"c1","name":"@","type":"MX","value":"mx.a.test","content":null,"priority":5}`, `,"after_unknown":{"content":true}`)),
			"a.test MX 5 mx.a.test@3, 10 old.a.test@0", "a.test"},
		"a record behind a proxy": {terraform(change("cloudflare_record", create, `null`,
			`{"zone_id":"c1","name":"mx","type":"A","content":"192.0.2.1","proxied":true}`, "")), "mx.a.test A ?", "a.test"},
		"Google": {terraform(change("google_dns_record_set", create, `null`,
			`{"managed_zone":"my-zone","name":"_dmarc.a.test.","type":"TXT","rrdatas":["\"v=DMARC1; p=none\""]}`, "")),
			"_dmarc.a.test TXT v=DMARC1; p=none@3", "a.test"},
		"Azure": {terraform(change("azurerm_dns_mx_record", create, `null`,
			`{"zone_name":"a.test","name":"@","record":[{"preference":"10","exchange":"mx.a.test."}]}`, ""),
			change("azurerm_dns_txt_record", create, `null`, `{"zone_name":"a.test","name":"_dmarc","record":[{"value":"v=DMARC1; p=none"}]}`, ""),
			change("azurerm_dns_cname_record", create, `null`, `{"zone_name":"a.test","name":"x","record":"y.test"}`, "")),
			"_dmarc.a.test TXT v=DMARC1; p=none@4\na.test MX 10 mx.a.test@3\nx.a.test CNAME y.test@5", "a.test"},
		"OVH": {terraform(change("ovh_domain_zone_record", create, `null`,
			`{"zone":"a.test","subdomain":"","fieldtype":"MX","target":"1 mx.a.test."}`, "")), "a.test MX 1 mx.a.test@3, 10 old.a.test@0", "a.test"},
		"Gandi": {terraform(change("gandi_livedns_record", create, `null`,
			`{"zone":"a.test","name":"@","type":"TXT","values":["\"v=spf1 mx -all\""]}`, "")), "a.test TXT v=spf1 mx -all@3", "a.test"},
		"DNSControl": {"******************** Domain: a.test\n3 corrections (x)\n#1: + CREATE a.test TXT \"v=spf1 mx -all\" ttl=300\n" +
			"#2: \x1b[33m± MODIFY a.test MX (10 old.a.test. ttl=60) -> (10 new.a.test. ttl=60)\x1b[0m\n" +
			"#3: - DELETE a.test TXT \"v=spf1 -all\" ttl=60\n" +
			"#4: ± MODIFY-TTL www.a.test A 192.0.2.1 ttl=(60->300)\n",
			"a.test MX 10 new.a.test@4\na.test TXT v=spf1 mx -all@3, of=others@0", "a.test"},
		"DNSControl for Cloudflare": {"******************** Domain: a.test\n" +
			"#1: ± MODIFY a.test TXT (\"v=spf1 -all\" ttl=60) -> (\"v=spf1 mx -all\" ttl=60) id=a8b2\n" +
			"- DELETE a.test TXT \"of=others\" ttl=60 id=c8b2\n+ CREATE x.a.test A 192.0.2.1 proxy=false ttl=1\n" +
			"+ CREATE x.a.test TXT \"b=c d=e\" ttl=60\n",
			"a.test TXT v=spf1 mx -all@2\nx.a.test A 192.0.2.1@4\nx.a.test TXT b=c d=e@5", "a.test x.a.test"},
		"Terraform without resources": {`{"format_version":"1.2","planned_values":{},"output_changes":{},"applyable":false}`, "", ""},
		"DNSControl 3": {"#1: CHANGE a.test MX (10 old.a.test.) -> (10 new.a.test.)\n#2: CREATE TXT _dmarc.a.test \"v=DMARC1; p=none\" ttl=300\n",
			"_dmarc.a.test TXT v=DMARC1; p=none@2\na.test MX 10 new.a.test@1", "a.test"},
		"DNSControl without a change": {"******************** Domain: a.test\nDone. 0 corrections.\n", "", ""},
	} {
		p, err := plan.Read([]byte(c.text), "p", "")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := shown(p.Sets(t.Context(), today(t))); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
		if got := strings.Join(p.Names(), " "); got != c.names {
			t.Errorf("%s: domains %q, want %q", name, got, c.names)
		}
	}
}

// TestAZoneOfOctoDNSIsTheWholeZone: it answers for what it has, with its lines, and for what it does not have.
func TestAZoneOfOctoDNSIsTheWholeZone(t *testing.T) {
	t.Parallel()
	text := `---
'':
  - type: MX
    values:
      - {exchange: mx.a.test., preference: 10}
      - priority: 20
        value: mx2.a.test.
  - type: TXT
    ttl: 300
    values: ['v=spf1 mx -all', 'v=test\; x']
  - {type: ALIAS, value: host.test.}
'*.any': {type: TXT, value: x}
_25._tcp.mx:
  type: TLSA
  value: {certificate_usage: 3, selector: 1, matching_type: 1, certificate_association_data: 0011}
sub: {type: NS, values: [ns.other.test.]}
split: {type: A, value: 192.0.2.1, octodns: {excluded: [one]}}
left: {type: A, value: 192.0.2.1, octodns: {ignored: true}}
srv: {type: SRV, value: {port: 1}}
`
	p, err := plan.Read([]byte(text), "zones/a.test.yaml", "")
	if err != nil {
		t.Fatal(err)
	}
	c := resolve.NewOverlay(resolve.NewZoned(today(t), []*resolve.Zone{p.Zone}), p.Sets(t.Context(), today(t)))
	for name, want := range map[string]string{
		"a.test MX":  "10 mx.a.test zones/a.test.yaml:5, 20 mx2.a.test zones/a.test.yaml:6",
		"a.test TXT": "v=spf1 mx -all zones/a.test.yaml:10, v=test; x zones/a.test.yaml:10",
		"a.test A":   "undecided", "a.test AAAA": "undecided", "foo.any.a.test TXT": "x zones/a.test.yaml:12",
		"_25._tcp.mx.a.test TLSA": "3 1 1 0011 zones/a.test.yaml:15", "split.a.test A": "undecided", "left.a.test A": "", "www.a.test CNAME": "",
		"_dmarc.a.test TXT": "",
	} {
		var got []string
		owner, kind, _ := strings.Cut(name, " ")
		a, err := c.Ask(t.Context(), owner, map[string]resolve.Type{"MX": resolve.TypeMX, "TXT": resolve.TypeTXT, "A": resolve.TypeA,
			"AAAA": resolve.TypeAAAA, "TLSA": resolve.TypeTLSA, "CNAME": resolve.TypeCNAME}[kind])
		var fail *resolve.Error
		if errors.As(err, &fail) {
			got = append(got, string(fail.Kind))
		}
		for _, r := range a.Records {
			got = append(got, r.Value(a.Type)+" "+a.Place(r).String())
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s: %q, want %q", name, strings.Join(got, ", "), want)
		}
	}
	if got := strings.Join(p.Names(), " "); got != "a.test" {
		t.Error(got)
	}
}

// TestWhatIsNoPlanIsTold: with the place and the remedy in both languages.
func TestWhatIsNoPlanIsTold(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                    "is empty",
		"{}":                                  "no resource_changes",
		`{"resource_changes":[`:               "cannot be read as JSON",
		`{"resource_changes":{}}`:             "cannot be read as JSON",
		`{"resource_changes":[]} x`:           "",
		"$ORIGIN a.test.\n@ IN A 192.0.2.1\n": "no plan in a form that is known",
		"just words":                          "no plan in a form that is known",
		"www: {value: 192.0.2.1}\n":           "a.test.yaml:1: this is no record",
		"www:\n  type: A\n  value: 192.0.2\n": "a.test.yaml:3: the value cannot be read",
		"www:\n- {type: A, value: 192.0.2.1}\n- {type: CNAME, value: x.}\n": "a.test.yaml:3: www.a.test has a CNAME record",
	} {
		_, err := plan.Read([]byte(text), "a.test.yaml", "")
		var fault *codes.UserError
		switch {
		case want == "":
			if err != nil {
				t.Errorf("%q: %v", text, err)
			}
		case !errors.As(err, &fault) || !strings.Contains(fault.Place+": "+fault.Says.In(codes.English), want) || fault.Says.JA == "":
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	if _, err := plan.Read([]byte("www: {type: A, value: 192.0.2.1}\n"), "zone", ""); err == nil {
		t.Error("a zone without a name is read")
	}
	p, err := plan.Read([]byte("www: {type: A, value: 192.0.2.1}\n"), "zone", "b.test")
	if err != nil || !slices.Equal(p.Names(), []string{"b.test"}) {
		t.Errorf("%v %v", p, err)
	}
}

// TestChangesThatAreNotLookedAtAreTold: with their line and the resource.
func TestChangesThatAreNotLookedAtAreTold(t *testing.T) {
	t.Parallel()
	p, err := plan.Read([]byte(terraform(
		change("aws_route53_record", `"create"`, `null`, `{"zone_id":"Z9","name":"www","type":"A","records":["192.0.2.1"]}`, ""),
		change("aws_route53_record", `"create"`, `null`, `{"zone_id":"Z1","name":"*","type":"TXT","records":["x"]}`, ""),
		change("aws_route53_record", `"create"`, `null`, `{"zone_id":"Z1","type":"A","records":["192.0.2.1"]}`,
			`,"after_unknown":{"name":true}`),
		change("aws_route53_record", `"create"`, `null`, `{"zone_id":"Z1","name":"x","type":"A","records":["192.0.2"]}`, ""),
		change("aws_route53_record", `"create"`, `null`, `{"zone_id":"Z2","name":"a.test","type":"A","records":["10.0.0.1"]}`, ""),
		change("aws_route53_zone", `"create"`, `null`, `{"zone_id":"Z2","name":"a.test","vpc":[{"vpc_id":"v"}]}`, ""),
	)), "p", "")
	if err != nil || len(p.Passed) != 5 || p.Passed[3].Line != 6 || p.Passed[0].What != "aws_route53_record.x" || p.Passed[0].Why.JA == "" {
		t.Errorf("%v %+v", err, p)
	}
	if got := shown(p.Sets(t.Context(), today(t))); got != "x.a.test A ?" {
		t.Error(got)
	}
}

// silent is a world that gives no answer.
type silent struct{ kind resolve.Kind }

func (s silent) Ask(_ context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	return resolve.Answer{}, &resolve.Error{Kind: s.kind, Name: name, Type: t.String()}
}

// TestNobodyKnowsWhatAChangeMakesOfWhatIsNotKnown: where today's records are not known, the set is not; a whole set is.
func TestNobodyKnowsWhatAChangeMakesOfWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	p, err := plan.Read([]byte(terraform(
		change("cloudflare_record", `"create"`, `null`,
			`{"zone_id":"c1","name":"@","type":"TXT","content":"x"}`, ""),
		change("aws_route53_record", `"create"`, `null`,
			`{"zone_id":"Z1","name":"a.test","type":"MX","records":["10 mx.a.test"]}`, ""))), "p", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []resolve.Kind{resolve.KindServFail, resolve.KindTimeout, resolve.KindRefused} {
		if got := shown(p.Sets(t.Context(), silent{kind})); got != "a.test MX 10 mx.a.test@4\na.test TXT ?" {
			t.Errorf("%s: %s", kind, got)
		}
	}
}

// FuzzRead: no text breaks the readers, and what they read can be laid over a world.
func FuzzRead(f *testing.F) {
	f.Add(terraform(change("cloudflare_record", `"update"`, `{"name":"a","type":"A"}`,
		`{"zone_id":"c1","name":"@","type":"MX","content":"x","priority":1}`, "")))
	f.Add("'':\n  - {type: TXT, values: ['a', \"\\x00\\\"\"]}\n'*': &a {type: MX, value: {exchange: x., preference: 1}}\nb: *a\n")
	f.Add("#1: ± MODIFY a.test MX (10 o. ttl=1) -> (1 n. ttl=1)\n+ CREATE a.test TXT \"a\\\"\" ttl=1\n")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := plan.Read([]byte(text), "a.test.yaml", "")
		if err != nil {
			var fault *codes.UserError
			if !errors.As(err, &fault) {
				t.Logf("%T %v", err, err)
			}
			return
		}
		sets := p.Sets(t.Context(), silent{resolve.KindTimeout})
		o := resolve.NewOverlay(silent{resolve.KindTimeout}, sets)
		for _, s := range sets {
			if a, err := o.Ask(t.Context(), s.Name, s.Type); err == nil && len(a.Records) == 0 && len(s.Records) > 0 && len(a.Chain) == 0 {
				t.Errorf("%+v has no answer", s)
			}
		}
		_ = p.Names()
	})
}
