package sources

import "todoku/diag/provider"

// judgeAlone judges mails by what they and their source say alone. What it cannot judge has no class yet.
func (w *work) judgeAlone(m *mails) {
	set := func(c Class, s Sure, r ReasonID) { m.class, m.sure, m.reason = c, s, r }
	passed := m.passSPF && !m.at.wide
	switch {
	case m.passDKIM && passed:
		set(Ours, High, ByBoth)
	case m.passDKIM:
		w.signed(m)
	case passed:
		set(Ours, High, BySPF)
	case m.open:
		set(Unknown, Low, ReceiverFailed)
	case m.at.own:
		set(Ours, High, OwnHost)
	case m.key.override&passedOn != 0:
		set(Forwarder, Medium, ToldForwarded)
	default:
		w.judgeFailed(m)
	}
}

// judgeFailed judges mails for which neither DKIM nor SPF passes, by what ties their source to the domain.
func (w *work) judgeFailed(m *mails) {
	set := func(c Class, s Sure, r ReasonID) { m.class, m.sure, m.reason = c, s, r }
	lets, others, role := m.at.lets, w.others(m), m.at.named.op.Role
	switch {
	case lets != nil && lets.include == "" && !others:
		set(Ours, High, Authorised)
	case lets != nil && lets.include == "": // SPF passes for the name by which the server calls itself, or its hoster's
		set(Ours, Medium, Authorised)
	case lets != nil && !others && m.apart: // see crowd.judge
	case lets != nil && !others: // other customers of a service have its addresses, too
		set(Ours, Medium, AuthorisedService)
	case w.likeList(m):
		set(Forwarder, Medium, LikeList)
	case lets != nil:
		set(Unknown, Medium, OtherCustomer)
	case w.knownKey(m) && (role == provider.Mailbox || role == provider.Gateway || w.operators.inOwnName(m)):
		set(Forwarder, Low, BrokenOnTheWay)
	case w.knownKey(m):
		set(Unknown, Low, BrokenSignature)
	}
}

// passedOn are the overrides by which receivers say that mail was passed on.
const passedOn = forwarded | mailingList | trustedForwarder | arcPassed

// signed judges mails that a key of the domain signed, and for which SPF says nothing.
func (w *work) signed(m *mails) {
	set := func(c Class, s Sure, r ReasonID) { m.class, m.sure, m.reason = c, s, r }
	home, sure := w.atHome(m)
	switch {
	case m.at.own || m.at.lets != nil:
		set(Ours, High, ByKey)
	case m.key.override&passedOn != 0:
		set(Forwarder, High, ToldForwarded)
	case home:
		set(Ours, sure, KeyIsHere)
	case m.at.named.op.Role == provider.ESP:
		set(Ours, Medium, ServiceSigns)
	case len(m.dkim) == 0: // only the reporter says that a signature passes
		set(Unknown, Low, OnlyTold)
	default:
		set(Forwarder, sure, KeyIsElsewhere)
	}
}

// others reports whether SPF or DKIM passes for somebody who is neither the domain nor the operator of the source.
func (w *work) others(m *mails) bool {
	foreign := func(r result) bool {
		return r.result == "pass" && r.domain != "" && !w.isOurs(r.domain) &&
			w.operators.of(r.domain, NamedByNothing).key != m.at.named.key
	}
	for _, k := range m.dkim {
		if foreign(k) {
			return true
		}
	}
	return foreign(m.spf)
}

// authenticated reports whether SPF or DKIM passes for somebody else than the domain.
func (w *work) authenticated(m *mails) bool {
	for _, k := range m.dkim {
		if k.result == "pass" && !w.isOurs(k.domain) {
			return true
		}
	}
	return m.spf.result == "pass" && !w.isOurs(m.spf.domain)
}

// knownKey reports whether mails have a signature of the domain that does not hold, by a key with which others hold.
func (w *work) knownKey(m *mails) bool {
	for _, k := range m.dkim {
		if k.result == "pass" || k.selector == "" {
			continue
		}
		k.result = ""
		if w.keys[k] != nil {
			return true
		}
	}
	return false
}

// likeList reports whether mails look as those of a mailing list: a signature of ours that no longer holds, and SPF and a
// signature that pass for one other organisation.
func (w *work) likeList(m *mails) bool {
	if m.spf.result != "pass" || !w.knownKey(m) {
		return false
	}
	for _, k := range m.dkim {
		if k.result == "pass" && !w.isOurs(k.domain) && related(k.domain, m.spf.domain) && w.orgs.same(k.domain, m.spf.domain) {
			return true
		}
	}
	return false
}
