package bundle

import (
	"encoding/json"
	"time"
)

// Head is bundle.json: what was run, and when, and what the bundle holds.
type Head struct {
	Schema     string                     `json:"schema"`
	Version    string                     `json:"version"` // of todoku
	Started    time.Time                  `json:"started"`
	Zone       Zone                       `json:"zone"`
	Lang       string                     `json:"lang"`
	Args       []string                   `json:"args"`        // the command line, without the program, --bundle and what concerns the output
	Config     string                     `json:"config"`      // name of the config file among the inputs, "" where there was none
	Flags      []Flag                     `json:"flags"`       // those that had their value from the environment
	Helo       string                     `json:"helo"`        // the name in EHLO
	Stray      string                     `json:"stray"`       // the mailbox that no domain has, which visits ask about
	Exit       int                        `json:"exit_status"` // of the run
	Complete   bool                       `json:"complete"`    // the run came to its end, and everything found its place
	Redacted   bool                       `json:"redacted"`    // addresses, texts of mails and private names are masked
	Masked     int                        `json:"masked"`      // how many names
	Body       string                     `json:"texts"`       // "kept" or "left_out"; "" where nothing was read
	ReportOnly bool                       `json:"report_only"` // the mails are left out: the report is all that there is to replay
	Inputs     []Input                    `json:"inputs"`
	Roots      [][]byte                   `json:"mark_roots"` // certificates that sign those of marks, where the world had its own
	Notes      map[string]json.RawMessage `json:"notes"`      // what the run learned elsewhere, as Note keeps it
	Files      []File                     `json:"files"`
}

// Flag is a flag with its value as it would be typed.
type Flag struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Zone is the time zone of the run.
type Zone struct {
	Name   string `json:"name"`
	Offset int    `json:"offset"` // seconds east of UTC
}

// Location is the zone as package time has it.
func (z Zone) Location() *time.Location { return time.FixedZone(z.Name, z.Offset) }

// Input is a file that was read; "-" is standard input.
type Input struct {
	Name  string    `json:"name"` // as the command line has it
	File  string    `json:"file"` // in the zip
	Size  int64     `json:"size"`
	Whole bool      `json:"whole"`    // it was read to its end
	Time  time.Time `json:"modified"` // when it was last written to: the year of a log without years; zero for standard input
}

// File is a file in the zip.
type File struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}
