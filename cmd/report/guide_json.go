package report

import (
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/guide"
	"todoku/diag/guide/walk"
)

// The types below are the schema todoku/guide/1.
type guideJSON struct {
	Schema       string            `json:"schema"`
	Tool         toolJSON          `json:"tool"`
	Started      time.Time         `json:"started"`
	ElapsedMS    int64             `json:"elapsed_ms"`
	Pattern      string            `json:"pattern"`
	Title        string            `json:"title"`
	Codes        []string          `json:"codes"`
	DeliveryCode string            `json:"delivery_code"`
	Reply        string            `json:"reply"`
	Known        map[string]string `json:"known"`
	Causes       []guideCauseJSON  `json:"causes"`
	Steps        []guideStepJSON   `json:"steps"`
	Way          []passageJSON     `json:"way"`
}

type guideCauseJSON struct {
	N       int      `json:"n"`
	Text    string   `json:"text"`
	Command string   `json:"command"`
	Argv    []string `json:"argv"`
	Chosen  bool     `json:"chosen"`

	Confirmed bool `json:"confirmed"`
}

type guideStepJSON struct {
	ID      string         `json:"id"`
	Text    string         `json:"text"`
	Owner   codes.Owner    `json:"owner"`
	To      codes.Owner    `json:"contact"`
	Urgency codes.Urgency  `json:"urgency"`
	When    string         `json:"when"`
	Command string         `json:"command"`
	Argv    []string       `json:"argv"`
	Found   GuideVerdict   `json:"check_status"`
	State   walk.StepState `json:"state"`
}

type passageJSON struct {
	At       time.Time `json:"at"`
	Kind     string    `json:"kind"` // "question" or "check"
	ID       string    `json:"id"`
	Question string    `json:"question"`
	Answer   string    `json:"answer"`

	Command    string       `json:"command,omitempty"`
	Argv       []string     `json:"argv,omitempty"`
	Status     GuideVerdict `json:"status,omitempty"`
	ExitStatus *int         `json:"exit_status,omitempty"`
	Result     string       `json:"result,omitempty"`
	Causes     []string     `json:"causes,omitempty"`
	Output     string       `json:"output,omitempty"`
	TookMS     *int64       `json:"took_ms,omitempty"`
}

func asGuide(g *Guide, o Options) guideJSON {
	l := o.Lang
	out := guideJSON{Schema: GuideSchemaName, Tool: toolJSON{"todoku", o.Version},
		Started: g.Started.UTC().Truncate(time.Second), ElapsedMS: g.Elapsed.Milliseconds(),
		Pattern: g.Pattern.ID, Title: g.Pattern.Title.In(l), Codes: notNil(g.Codes), DeliveryCode: g.Code, Reply: g.Reply,
		Known: map[string]string{}, Causes: []guideCauseJSON{}, Steps: []guideStepJSON{}, Way: []passageJSON{}}
	for _, f := range g.Known {
		out.Known[f.Name] = f.Value
	}
	for i, c := range g.Causes {
		out.Causes = append(out.Causes, guideCauseJSON{i + 1, c.Text.In(l), page.Command(c.Command), c.Command.Argv(), c.Chosen, c.Proven})
	}
	for _, s := range g.Steps {
		out.Steps = append(out.Steps, guideStepJSON{s.Remedy.ID, s.Remedy.Text.In(l), s.Remedy.Owner, s.Remedy.To, s.Remedy.Urgency,
			s.Remedy.When.In(l), page.Command(s.Command), s.Command.Argv(), s.Found, s.State})
	}
	for _, p := range g.Way {
		j := passageJSON{At: p.At.UTC().Truncate(time.Second), Kind: "question", ID: p.ID, Question: p.Question.In(l), Answer: p.Answer.In(l)}
		if c := p.Check; c != nil {
			j.Kind, j.Command, j.Argv, j.Status, j.Result, j.Output, j.Causes = "check", page.Command(c.Command),
				c.Command.Argv(), c.Verdict, c.Result, c.Output, guide.CauseIDs(c.Causes)
			if c.Verdict != CheckNotRun {
				took := c.Took.Milliseconds()
				j.ExitStatus, j.TookMS = &c.Status, &took
			}
		}
		out.Way = append(out.Way, j)
	}
	return out
}
