package codes

import (
	"slices"
	"strings"
)

// atLogin corrects the reason of a reply to AUTH: a login is about our own account, never about the recipient.
func (c *Catalogue) atLogin(v *Verdict) {
	switch v.Reason.Class {
	case ClassRateLimited, ClassSystemError, ClassNetworkOrExpired:
		return
	}
	if slices.Contains([]string{"login_required", "tls_required", "blocklisted", "ip_reputation", "suppressed"}, v.Reason.ID) {
		return
	}
	v.Reason, _ = c.Reason("login_required")
	v.Meaning, v.Other = v.Reason.Meaning, nil
}

// atRelay says of a failure between us and our own relay what it means there. The relay is not the recipient, and at this
// stage it does not know who that is.
func (c *Catalogue) atRelay(v *Verdict) {
	switch v.Reason.ID {
	case "connection_failed", "expired", "dns_failure":
		v.Meaning = Text{EN: "No SMTP session with our own relay came about, or it broke off. The recipient's server was not reached yet.",
			JA: "自社の中継サーバー(--via)とのSMTP接続が確立できないか、途中で切れました。宛先のサーバーにはまだ接続していません。"}
		v.Remedies = c.remediesOf([]string{"check_relay_address", "check_own_server"})
	case "tls_failed":
		v.Remedies = c.remediesOf([]string{"check_relay_address", "check_own_server"})
	case "login_required":
		v.Remedies = c.remediesOf([]string{"authenticate_smtp", "check_own_server"})
	default:
		if v.Rule == "" || v.Meaning == v.Reason.Meaning {
			v.Meaning = Text{EN: "Our own relay refused before the recipient was named: it is no refusal by the recipient.",
				JA: "宛先を伝える前に、自社の中継サーバー(--via)に拒否されました。宛先による拒否ではありません。"}
		}
		v.Remedies = slices.DeleteFunc(slices.Clone(v.Remedies), func(r Remedy) bool {
			atRecipient := (r.Check.HasOpen(PlaceAddr) || r.Check.HasOpen(PlaceMailbox)) && !r.Check.HasOpen(PlaceHost)
			return atRecipient || r.Check.HasOpen(PlaceID) || strings.HasPrefix(r.ID, "ask_") || r.ID == "remove_address"
		})
		if len(v.Remedies) == 0 {
			v.Remedies = c.remediesOf([]string{"check_own_server"})
		}
	}
	switch v.Action {
	case ActionCorrectAddress, ActionContactRecipient, ActionContactAdmin, ActionWait:
		v.Action = ActionFixSender
	}
}
