package codes

import "strconv"

// The delivery codes that do not follow from a reply.
const (
	DeliveryOK      = "40000"
	DeliveryNoReply = "40001" // the mail was sent to its end, and no valid reply came: perhaps delivered
	DeliveryNoRoute = "41605" // no way to a server: the domain takes no mail, or DNS did not tell
	DeliveryExpired = "41606" // tried until the deadline
	DeliveryBounced = "90000" // accepted, and came back
)

// Delivery gives a delivery code: one of the catalogue, or 42NNN of any reply
// code that SMTP knows, which is then inferred from the rule that makes them.
func (c *Catalogue) Delivery(id string) (Delivery, bool) {
	if d, ok := c.deliveries.get(id); ok {
		return d, true
	}
	if len(id) != 5 || id[:2] != "42" {
		return Delivery{}, false
	}
	code, err := strconv.Atoi(id[2:])
	basic, ok := c.Basic(code)
	if err != nil || !ok || code < 400 {
		return Delivery{}, false
	}
	reason, _ := c.Reason(basic.Reason)
	return c.infer(code, reason), true
}

// infer makes the delivery code of a reply that the platform does not document.
func (c *Catalogue) infer(code int, reason Reason) Delivery {
	d := Delivery{ID: "42" + strconv.Itoa(code), Result: "error", Disables: DisablesCounts, Certainty: Inferred,
		Title: reason.Title, Meaning: reason.Meaning}
	if b, ok := c.Basic(code); ok {
		d.Title = Text{EN: b.Title.EN + " (reply " + strconv.Itoa(code) + ")", JA: b.Title.JA + "(応答コード " + strconv.Itoa(code) + ")"}
	}
	if reason.ID != "" {
		d.Reasons = []string{reason.ID}
	}
	switch {
	case code/100 == 4:
		d.Pattern = "B"
	case reason.Class == ClassUserUnknown || reason.Class == ClassMailboxDisabled || reason.Class == ClassPolicyBlock ||
		reason.Class == ClassSpamContent:
		d.Pattern = "A"
	case reason.Class == ClassHostUnknown:
		d.Pattern = "G"
	case reason.Class == ClassSystemError || reason.Class == ClassRateLimited || reason.Class == ClassMailboxFull:
		d.Pattern = "B"
	}
	return d
}

// deliveryOf is the platform's code of a verdict. A notice that delivery goes
// on has none: nothing is final.
func (c *Catalogue) deliveryOf(reason Reason, r Reply, ctx Context) Delivery {
	id := ""
	switch code := r.Code; {
	case ctx.Event == EventBounced:
		id = DeliveryBounced
	case ctx.Event == EventTimeout && ctx.Stage == StageBody:
		id = DeliveryNoReply // counted as delivered
	case ctx.Event == EventDelivered || reason.ID == "delivered":
		id = DeliveryOK
	case reason.ID == "no_error":
	case ctx.Event == EventDelayed:
	case ctx.Event == EventDeadline && code == 0 && (reason.ID == "dns_failure" || reason.ID == "domain_unknown"):
		id = DeliveryNoRoute // why it never got to a server
	case ctx.Event == EventDeadline && code < 500:
		id = DeliveryExpired
	case code >= 400:
		if d, ok := c.deliveries.get("42" + strconv.Itoa(code)); ok {
			return d
		}
		return c.infer(code, reason)
	case ctx.Event == EventNoRoute || reason.ID == "no_mail_host":
		id = DeliveryNoRoute
	case ctx.Event == EventTimeout:
		id = DeliveryExpired
	default:
		id = reason.Delivery
	}
	d, _ := c.deliveries.get(id)
	return d
}
