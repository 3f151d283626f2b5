// Package bundle keeps what a run asked and what it was answered, as a file that can be sent, and gives it back.
//
//	r := bundle.NewRecorder()        // world.Options.Record
//	…                                // the run
//	err := r.Write(w, head, report)
//
//	b, err := bundle.Read(file, size) // world.Options.Replay
//	x, known := b.Exchange(question)
//
// The file is a zip. Whoever unzips it can read it:
//
//	bundle.json   the command line, the clock, the inputs, and the sum of each file (Head)
//	report.json   the report of the run
//	dns.ndjson    a line for each question to a server: what was asked, of whom, the message in wire format and its records
//	smtp.ndjson   a line for each visit to a mail server, with its transcript
//	web.ndjson    a line for each page of a web server
//	input/1 …     the files that were read, and standard input
//
// Read is strict: no other names, each once, within bounds, with the size and the sum that bundle.json says. It writes nothing.
package bundle

// Schema is the format of the file.
const Schema = "todoku/bundle/1"

// Bounds of a bundle, in writing and in reading.
const (
	MaxFile    = 64 << 20  // octets of the zip
	maxAll     = 192 << 20 // octets of all files in it
	maxHead    = 4 << 20   // octets of bundle.json
	maxLine    = 16 << 20  // octets of a line
	maxEntries = 200_000   // lines of a file
	maxInputs  = 256       // files that were read
	maxInput   = 32 << 20  // octets of all inputs
	maxCerts   = 16        // certificates of a chain, and roots
	maxArgs    = 4096      // words of a command line, and variables
	maxCause   = 16        // causes of an error, one in the other
)

// Names of the files.
const (
	headName   = "bundle.json"
	reportName = "report.json"
	dnsName    = "dns.ndjson"
	smtpName   = "smtp.ndjson"
	webName    = "web.ndjson"
	inputDir   = "input/"
)
