package report

import (
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/campaign"
	"todoku/diag/provider"
)

// CampaignSchemaName is what campaigns call their schema.
const CampaignSchemaName = "todoku/campaign/1"

// The types below are the schema todoku/campaign/1 (DESIGN.md §5).
type campaignJSON struct {
	Schema       string            `json:"schema"`
	Tool         toolJSON          `json:"tool"`
	Target       diag.Target       `json:"target"`
	From         string            `json:"from"`
	Started      string            `json:"started"`
	Elapsed      int64             `json:"elapsed_ms"`
	Status       diag.Status       `json:"status"`
	Volume       int               `json:"volume"` // mails a day; 0 if it is not told
	Recipients   *recipientsJSON   `json:"recipients"`
	Providers    []standingJSON    `json:"providers"`
	Requirements []requirementJSON `json:"requirements"`
	Placeholders []placeholderJSON `json:"placeholders"`
	Fixes        []fixJSON         `json:"fixes"`
	Pace         []paceJSON        `json:"pace"`
	Queries      diag.Queries      `json:"queries"`
}

type recipientsJSON struct {
	Total    int           `json:"total"`
	Usable   int           `json:"usable"`
	Suspects []suspectJSON `json:"suspects"`
	Cut      bool          `json:"cut"` // too many to find all that stand twice
	Error    *errorJSON    `json:"error"`
}

type suspectJSON struct {
	Fault    campaign.Fault  `json:"fault"`
	Count    int             `json:"count"`
	Examples []suspectedJSON `json:"examples"`
}

type suspectedJSON struct {
	Address string `json:"address"`
	Line    int    `json:"line"`
	Meant   string `json:"meant"`
}

type standingJSON struct {
	Provider   string      `json:"provider"`
	Name       string      `json:"name"`
	Recipients int         `json:"recipients"`
	Failing    int         `json:"failing"`
	Volume     int         `json:"volume"`
	Status     diag.Status `json:"status"`
}

type requirementJSON struct {
	Provider       string          `json:"provider"`
	ID             string          `json:"id"`
	Needs          string          `json:"needs"`
	Title          string          `json:"title"`
	Status         campaign.Status `json:"status"`
	Message        string          `json:"message"`
	Level          provider.Level  `json:"level"`
	Check          string          `json:"check"`
	Recipients     int             `json:"recipients"`
	FromVolume     int             `json:"from_volume"`
	Since          string          `json:"since"`
	Source         string          `json:"source"`
	SourceTitle    string          `json:"source_title"`
	Checked        string          `json:"checked"`
	Certainty      codes.Certainty `json:"certainty"`
	Breach         provider.Breach `json:"breach"`
	Reply          string          `json:"reply"`
	ReplyCertainty codes.Certainty `json:"reply_certainty"`
	DeliveryCode   string          `json:"delivery_code"`
	Rules          []string        `json:"rules"`
	Evidence       []diag.Evidence `json:"evidence"`
	Fix            string          `json:"fix"`
	Records        []diag.Record   `json:"records"`
	Error          *errorJSON      `json:"error"`
}

type placeholderJSON struct {
	Place   string `json:"place"`
	Line    int    `json:"line"`
	Text    string `json:"text"`
	Excerpt string `json:"excerpt"`
}

type fixJSON struct {
	Rule       string        `json:"rule"`
	Subject    string        `json:"subject"`
	Message    string        `json:"message"`
	Fix        string        `json:"fix"`
	Owner      diag.Owner    `json:"owner"`
	Recipients int           `json:"recipients"`
	Advised    int           `json:"advised"`
	Providers  []string      `json:"providers"`
	Records    []diag.Record `json:"records"`
}

type paceJSON struct {
	Provider              string `json:"provider"`
	Volume                int    `json:"volume"`
	Connections           int    `json:"connections"`
	MessagesPerConnection int    `json:"messages_per_connection"`
	RecipientsPerMessage  int    `json:"recipients_per_message"`
	Published             bool   `json:"published"`
	WarmUp                []int  `json:"warm_up"`
}

func asCampaign(a *campaign.Assessment, o Options) campaignJSON {
	out := campaignJSON{Schema: CampaignSchemaName, Tool: toolJSON{"todoku", o.Version}, Target: a.Target, From: a.Campaign.From,
		Started: a.Started.UTC().Format(time.RFC3339), Elapsed: a.Elapsed.Milliseconds(), Status: a.Status(), Volume: a.Volume,
		Recipients: asRecipients(a.Census, o), Providers: []standingJSON{}, Requirements: []requirementJSON{},
		Placeholders: []placeholderJSON{}, Fixes: []fixJSON{},
		Pace: []paceJSON{}, Queries: a.Queries}
	for _, p := range a.Providers {
		out.Providers = append(out.Providers, standingJSON{p.ID, p.Name.In(o.Lang), p.Recipients, p.Failing, p.Volume, p.Status})
	}
	for _, r := range a.Requirements {
		out.Requirements = append(out.Requirements, asRequirement(r, o))
	}
	for _, x := range a.Placeholders {
		out.Placeholders = append(out.Placeholders, placeholderJSON{x.Place, x.Line, x.Text, x.Excerpt})
	}
	for _, f := range a.Fixes {
		out.Fixes = append(out.Fixes, asFix(f, o))
	}
	for _, p := range a.Pace {
		out.Pace = append(out.Pace, paceJSON{p.Provider, p.Volume, p.Connections, p.Each, p.Recipients, p.Published, notNil(p.Days)})
	}
	return out
}

func asRecipients(c *campaign.Census, o Options) *recipientsJSON {
	if c == nil {
		return nil
	}
	out := &recipientsJSON{Total: c.Total, Usable: c.Usable, Cut: c.Cut, Error: asError(c.Err, o.Lang), Suspects: []suspectJSON{}}
	for _, s := range c.Suspects {
		j := suspectJSON{Fault: s.Fault, Count: s.Count, Examples: []suspectedJSON{}}
		for _, e := range s.Examples {
			j.Examples = append(j.Examples, suspectedJSON(e))
		}
		out.Suspects = append(out.Suspects, j)
	}
	return out
}

func asRequirement(r *campaign.Requirement, o Options) requirementJSON {
	l := o.Lang
	out := requirementJSON{Provider: r.Provider, ID: r.ID(), Needs: r.Fact.Needs, Title: r.Fact.Text.In(l), Status: r.Status,
		Message: fill(r.Why.Text, r.Why.Args, l), Level: levelOf(r.Fact), Check: r.Fact.Decider(), Recipients: r.Recipients,
		FromVolume: r.Fact.Volume, Since: r.Fact.Since, Source: r.Source.URL, SourceTitle: r.Source.Title.In(l),
		Checked: r.Source.Checked, Certainty: r.Source.Certainty, Breach: r.Breach, Reply: r.Reply.String(),
		ReplyCertainty: r.Reply.Certainty, DeliveryCode: r.DeliveryCode, Rules: []string{}, Evidence: notNil(r.Evidence),
		Fix: fill(r.Fix.Text, r.Fix.Args, l), Records: []diag.Record{}, Error: asError(r.Err, l)}
	for _, f := range r.Findings {
		out.Rules = append(out.Rules, f.Rule.ID)
		out.Evidence = append(out.Evidence, f.Evidence...)
		out.Records = append(out.Records, f.Records...)
		if out.Fix == "" {
			out.Fix = fill(f.Advice().Fix, f.Data, l)
		}
	}
	return out
}

// levelOf is how strongly it is asked for: a limit holds for everybody.
func levelOf(f provider.Fact) provider.Level {
	if f.Level == "" {
		return provider.Required
	}
	return f.Level
}

func asFix(f campaign.Fix, o Options) fixJSON {
	l := o.Lang
	out := fixJSON{Message: fill(f.Why.Text, f.Why.Args, l), Fix: fill(f.Says.Text, f.Says.Args, l), Owner: diag.OwnerSender,
		Recipients: f.Wins, Advised: f.Advised, Providers: notNil(f.Providers), Records: []diag.Record{}}
	if v := f.Finding; v != nil {
		advice := v.Advice()
		out.Rule, out.Subject, out.Owner, out.Records = v.Rule.ID, v.Subject, advice.Owner, notNil(v.Records)
		out.Message, out.Fix = fill(v.Rule.Says, v.Data, l), fill(advice.Fix, v.Data, l)
	}
	return out
}
