package codes_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"todoku/codes"
)

func load(t *testing.T) *codes.Catalogue {
	t.Helper()
	c, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// sentences are texts that must be whole sentences, labels may be a few words.
func sentences(c *codes.Catalogue) map[string]codes.Text {
	m := map[string]codes.Text{}
	for _, r := range c.Reasons() {
		m["reason "+r.ID] = r.Meaning
	}
	for _, r := range c.Remedies() {
		m["remedy "+r.ID] = r.Text
	}
	for _, p := range c.Patterns() {
		for i, cause := range p.Causes {
			m[fmt.Sprintf("pattern %s cause %d", p.ID, i+1)] = cause.Text
		}
	}
	for _, d := range c.Deliveries() {
		m["code "+d.ID] = d.Meaning
	}
	for _, term := range c.Terms() {
		m["term "+term.ID] = term.Meaning
	}
	return m
}

func labels(c *codes.Catalogue) map[string]codes.Text {
	m := map[string]codes.Text{}
	for _, r := range c.Reasons() {
		m["reason "+r.ID] = r.Title
	}
	for _, r := range c.Remedies() {
		if !r.When.IsZero() {
			m["remedy "+r.ID+" when"] = r.When
		}
	}
	for _, p := range c.Patterns() {
		m["pattern "+p.ID] = p.Title
	}
	for _, d := range c.Deliveries() {
		m["code "+d.ID] = d.Title
	}
	for _, b := range c.Basics() {
		m[fmt.Sprint("reply ", b.Code)] = b.Title
	}
	for _, s := range c.Statuses() {
		m["status "+s.Code] = s.Title
	}
	for _, term := range c.Terms() {
		m["term "+term.ID] = term.Title
	}
	return m
}

func japanese(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Han) })
}

func TestEveryTextHasBothLanguages(t *testing.T) {
	t.Parallel()
	c := load(t)
	for where, text := range sentences(c) {
		if !strings.HasSuffix(strings.TrimRight(text.EN, ")"), ".") {
			t.Errorf("%s: not a sentence: %q", where, text.EN)
		}
		if !japanese(text.JA) || !strings.HasSuffix(text.JA, "。") {
			t.Errorf("%s: not a Japanese sentence: %q", where, text.JA)
		}
		if !slices.ContainsFunc([]string{"ます", "ません", "ました", "です", "ください"},
			func(end string) bool { return strings.Contains(text.JA, end) }) {
			t.Errorf("%s: not in the polite form: %q", where, text.JA)
		}
	}
	for where, text := range labels(c) {
		if text.EN == "" || text.JA == "" {
			t.Errorf("%s: a language is missing: %+v", where, text)
		}
		if !japanese(text.JA) && !strings.HasPrefix(where, "term ") {
			t.Errorf("%s: not Japanese: %q", where, text.JA)
		}
	}
}

// TestWords: the field says that authentication fails or succeeds, not that a mail passes an exam.
func TestWords(t *testing.T) {
	t.Parallel()
	c := load(t)
	for _, texts := range []map[string]codes.Text{sentences(c), labels(c)} {
		for where, text := range texts {
			if strings.Contains(text.JA, "合格") {
				t.Errorf("%s: %q", where, text.JA)
			}
		}
	}
}

func TestReasons(t *testing.T) {
	t.Parallel()
	want := strings.Fields(`user_unknown address_syntax mailbox_moved mailbox_disabled mailbox_full domain_unknown no_mail_host
		dns_failure connection_failed expired mail_loop too_large spam virus content_refused message_format
		spf dkim dmarc authentication reverse_dns helo blocklisted ip_reputation domain_reputation sender_refused
		recipient_refuses list_restricted policy tls_required login_required suppressed
		rate_limited too_many_recipients greylisted relay_denied system_error system_full protocol_error tls_failed
		unspecified delivered no_error delayed`)
	classes := []codes.Class{codes.ClassUserUnknown, codes.ClassMailboxDisabled, codes.ClassMailboxFull,
		codes.ClassHostUnknown, codes.ClassNetworkOrExpired, codes.ClassTooLarge,
		codes.ClassSpamContent, codes.ClassPolicyBlock, codes.ClassRateLimited, codes.ClassRelayDenied,
		codes.ClassSystemError, codes.ClassUnspecified}
	actions := []codes.Action{codes.ActionNone, codes.ActionCorrectAddress, codes.ActionWait, codes.ActionSlowDown,
		codes.ActionFixDNS, codes.ActionFixSender,
		codes.ActionChangeMessage, codes.ActionContactRecipient, codes.ActionContactAdmin, codes.ActionContactList}
	var got []string
	seen := map[codes.Class]bool{}
	for _, r := range load(t).Reasons() {
		got = append(got, r.ID)
		seen[r.Class] = true
		if !slices.Contains(classes, r.Class) || !slices.Contains(actions, r.Action) {
			t.Errorf("%s: class %q, action %q", r.ID, r.Class, r.Action)
		}
		if len(r.Remedies) == 0 && r.Action != codes.ActionNone {
			t.Errorf("%s: nothing to do about it", r.ID)
		}
	}
	for _, id := range want { // they are words of JSON: they may grow, and none goes
		if !slices.Contains(got, id) {
			t.Errorf("the reason %s is gone", id)
		}
	}
	if len(seen) != len(classes) {
		t.Errorf("%d of %d classes have a reason", len(seen), len(classes))
	}
}

func TestCodesOfTheGuide(t *testing.T) {
	t.Parallel()
	const once, counts, never = codes.DisablesAtOnce, codes.DisablesCounts, codes.DisablesNever
	want := []struct {
		id, result, pattern string
		disables            codes.Disables
		certainty           codes.Certainty
	}{
		{"40000", "ok", "", never, codes.Documented},
		{"40001", "ok", "", never, codes.Documented},
		{"41605", "error", "G", counts, codes.Documented},
		{"41606", "error", "B", counts, codes.Documented},
		{"42421", "error", "B", counts, codes.Inferred},
		{"42450", "error", "B", counts, codes.Inferred},
		{"42451", "error", "B", counts, codes.Inferred},
		{"42452", "error", "B", counts, codes.Inferred},
		{"42500", "error", "B", counts, codes.Documented},
		{"42501", "error", "B", counts, codes.Documented},
		{"42502", "error", "B", counts, codes.Documented},
		{"42503", "error", "B", counts, codes.Documented},
		{"42504", "error", "B", counts, codes.Documented},
		{"42521", "error", "G", once, codes.Documented},
		{"42530", "error", "", counts, codes.Inferred},
		{"42550", "error", "A", counts, codes.Documented},
		{"42551", "error", "G", once, codes.Documented},
		{"42552", "error", "B", counts, codes.Documented},
		{"42553", "error", "A", once, codes.Documented},
		{"42554", "error", "B", counts, codes.Documented},
		{"42559", "error", "A", counts, codes.Documented},
		{"90000", "error", "C", counts, codes.Documented},
	}
	got := load(t).Deliveries()
	if len(got) != len(want) {
		t.Fatalf("%d codes, want %d", len(got), len(want))
	}
	for i, w := range want {
		d := got[i]
		if d.ID != w.id || d.Result != w.result || d.Pattern != w.pattern || d.Disables != w.disables || d.Certainty != w.certainty {
			t.Errorf("%s: result %s, pattern %q, disables %s, %s; want %v", d.ID, d.Result, d.Pattern, d.Disables, d.Certainty, w)
		}
		if len(d.Reasons) == 0 {
			t.Errorf("%s: no reasons", d.ID)
		}
	}
}

// TestInferredIsSaid: what the platform does not state is marked in both languages.
func TestInferredIsSaid(t *testing.T) {
	t.Parallel()
	byReply := []string{"42521", "42551", "42500", "42501", "42502", "42503", "42504", "42552", "42554"}
	for _, d := range load(t).Deliveries() {
		if d.Certainty != codes.Inferred && !slices.Contains(byReply, d.ID) {
			continue
		}
		if !strings.Contains(strings.ToLower(d.Meaning.EN), "inferred") || !strings.Contains(d.Meaning.JA, "推定") {
			t.Errorf("%s does not say that its meaning is inferred: %+v", d.ID, d.Meaning)
		}
	}
}

func TestStepsOfTheGuide(t *testing.T) {
	t.Parallel()
	c := load(t)
	four := "countermeasure_spf countermeasure_dkim countermeasure_wait countermeasure_ask"
	for id, want := range map[string]string{
		"A": "verify_address ask_customer_address " + four,
		"B": "wait_server ask_it_department",
		"C": "read_bounce " + four,
		"D": "check_junk_folder ask_recipient_allow use_own_domain countermeasure_spf countermeasure_dkim fix_dmarc test_inbox " +
			"countermeasure_wait countermeasure_ask",
		"E": "check_relay contact_support",
		"F": "wait_queue contact_support_queue check_incident",
		"G": "check_recipient_domain verify_address ask_customer_address",
	} {
		p, ok := c.Pattern(id)
		if got := strings.Join(p.Steps, " "); !ok || got != want {
			t.Errorf("pattern %s: steps %s, want %s", id, got, want)
		}
	}
	for _, d := range c.Deliveries() {
		if got := strings.Join(d.Steps, " "); d.ID == "42553" && got != four {
			t.Errorf("42553: steps %s, want %s", got, four)
		}
	}
	for _, id := range []string{"countermeasure_spf", "countermeasure_dkim"} {
		if r, _ := c.Remedy(id); !strings.Contains(r.Text.EN, "must") || !strings.Contains(r.Text.JA, "必須") || !r.When.IsZero() {
			t.Errorf("%s is a must: %+v", id, r)
		}
	}
	for _, id := range []string{"countermeasure_wait", "countermeasure_ask"} {
		if r, _ := c.Remedy(id); r.When.IsZero() {
			t.Errorf("%s comes only when the first two are in place", id)
		}
	}
}

// TestEveryErrorHasACommandThatDecides: each code leads to a look at the world.
func TestEveryErrorHasACommandThatDecides(t *testing.T) {
	t.Parallel()
	c := load(t)
	known := strings.Fields("check diagnose explain guide send history bounce letter")
	runs := func(where string, check codes.Command) bool {
		if !check.IsZero() && !slices.Contains(known, check.Name()) {
			t.Errorf("%s: not a command: %q", where, check.Argv())
		}
		return !check.IsZero()
	}
	for _, r := range c.Remedies() {
		runs("remedy "+r.ID, r.Check)
	}
	for _, p := range c.Patterns() {
		for _, cause := range p.Causes {
			if !runs("pattern "+p.ID, cause.Check) {
				t.Errorf("pattern %s: a cause without a command", p.ID)
			}
		}
	}
	for _, d := range c.Deliveries() {
		_, decided := c.Pattern(d.Pattern)
		for _, id := range d.Steps {
			r, _ := c.Remedy(id)
			decided = decided || !r.Check.IsZero()
		}
		if d.Result == "error" && !decided {
			t.Errorf("%s: no command decides", d.ID)
		}
	}
}

func TestRemediesAreDue(t *testing.T) {
	t.Parallel()
	owners := []codes.Owner{codes.OwnerDNS, codes.OwnerESP, codes.OwnerMail, codes.OwnerNetwork, codes.OwnerRecipient,
		codes.OwnerSender, codes.OwnerPerson, codes.OwnerList}
	for _, r := range load(t).Remedies() {
		if !slices.Contains(owners, r.Owner) || !slices.Contains([]codes.Urgency{codes.UrgencyNow, codes.UrgencySoon,
			codes.UrgencyLater}, r.Urgency) {
			t.Errorf("%s: owner %q, urgency %q", r.ID, r.Owner, r.Urgency)
		}
	}
}

// TestRegistry compares with the IANA registry "SMTP Enhanced Status Codes": subject and its last detail.
func TestRegistry(t *testing.T) {
	t.Parallel()
	c := load(t)
	var want []string
	for subject, last := range []int{0, 10, 4, 6, 7, 6, 10, 30} {
		for detail := range last + 1 {
			want = append(want, fmt.Sprintf("X.%d.%d", subject, detail))
		}
	}
	var got []string
	for _, s := range c.Statuses() {
		got = append(got, s.Code)
		if _, ok := c.Reason(s.Reason); !ok || s.Ref == "" {
			t.Errorf("%s: reason %q, reference %q", s.Code, s.Reason, s.Ref)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("codes are %v, want %v", got, want)
	}
}

// TestBasicReplies: RFC 5321, 4954, 3207, 7504 and the codes that delivery codes are made of.
func TestBasicReplies(t *testing.T) {
	t.Parallel()
	c := load(t)
	for _, code := range []int{211, 214, 220, 221, 235, 250, 251, 252, 334, 354, 421, 432, 450, 451, 452, 454, 455,
		500, 501, 502, 503, 504, 521, 530, 534, 535, 538, 550, 551, 552, 553, 554, 555, 556, 559} {
		if b, ok := c.Basic(code); !ok || b.Title.IsZero() {
			t.Errorf("%d is missing", code)
		}
	}
	for _, b := range c.Basics() {
		if _, ok := c.Reason(b.Reason); !ok {
			t.Errorf("%d: no reason %q", b.Code, b.Reason)
		}
	}
}

func TestGlossary(t *testing.T) {
	t.Parallel()
	c := load(t)
	terms := c.Terms()
	known := map[string]string{}
	for _, term := range terms {
		known[term.ID] = term.ID
		known[strings.ToLower(term.Title.JA)] = term.ID
	}
	for _, d := range c.Deliveries() {
		known[d.ID] = d.ID
	}
	for _, term := range terms {
		for _, a := range slices.Concat(term.Aliases, term.Keys) {
			if a != strings.ToLower(a) {
				t.Errorf("%s: alias %q is not in lower case", term.ID, a)
			}
			if other := known[a]; other != "" && other != term.ID {
				t.Errorf("%s: alias %q belongs to %s", term.ID, a, other)
			}
			known[a] = term.ID
		}
	}
	for _, term := range terms {
		for _, see := range term.See {
			rule := slices.ContainsFunc([]string{"spf-", "dkim-", "dkim2-", "dmarc-", "mx-", "ptr-"},
				func(p string) bool { return strings.HasPrefix(see, p) })
			_, provider := c.Provider(see)
			_, reason := c.Reason(see)
			if known[see] == "" && !rule && !provider && !reason {
				t.Errorf("%s: see %q leads nowhere", term.ID, see)
			}
		}
	}
	// The words of the guide, as people type them.
	for _, word := range []string{"emailアドレス", "smtpサーバー", "dns", "popサーバー",
		"メールクライアント", "mx", "spf", "dkim", "dmarc",
		"エラーメール", "envelope-sender", "エラー時返信先",
		"送信結果", "即時エラー", "受信拒否", "迷惑メール判定", "宛先メールサーバー",
		"宛先メールクライアント", "再送", "送信ドメイン認証", "メール配信コード",
		"有効フラグ", "準備中", "情報システム部門"} {
		if known[word] == "" {
			t.Errorf("the glossary does not have %q", word)
		}
	}
}
