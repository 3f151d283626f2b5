package explain

import (
	"slices"

	"todoku/codes/paste"
	"todoku/diag/guide"
)

// ofCases are the readings of what an input tells of several mails, or a record of one: one for each kind of failure, that of the
// most mails first.
func ofCases(x Explainer, told guide.Told) []Reading {
	if len(told.Cases) == 1 {
		return x.replyOf(foundIn(told.Cases[0]))
	}
	type kind struct{ reason, provider, code, title string }
	var out []Reading
	at := map[kind]int{}
	counts := map[string]int{}
	for _, k := range told.Cases {
		r := x.replyOf(foundIn(k))[0]
		id := kind{r.Reason.ID, r.Provider.ID, r.Delivery.ID, r.ID}
		i, known := at[id]
		if !known {
			i = len(out)
			at[id] = i
			out = append(out, r)
		}
		counts[r.Reason.ID+r.Provider.ID+r.Delivery.ID+r.ID]++
		if list := out[i].Recipients; k.To != "" && !slices.Contains(list, k.To) && len(list) < maxRecipients {
			out[i].Recipients = append(list, k.To)
		}
	}
	slices.SortStableFunc(out, func(a, b Reading) int {
		return counts[b.Reason.ID+b.Provider.ID+b.Delivery.ID+b.ID] - counts[a.Reason.ID+a.Provider.ID+a.Delivery.ID+a.ID]
	})
	return out[:min(len(out), maxReadings)]
}

// maxRecipients bounds how many recipients of a kind of failure are named.
const maxRecipients = 100

// foundIn is a case in the form of a paste.
func foundIn(k *guide.Case) paste.Found {
	return paste.Found{Reply: k.Reply, Context: k.Context, Format: k.Format, Recipient: k.To, Sender: k.MailFrom, Server: k.Context.Host}
}
