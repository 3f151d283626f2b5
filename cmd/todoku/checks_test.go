package main

// checksOfTests are the checks that scripts and transcripts show. They are run with these only, so that a check that is new
// changes no test of others; its own tests name it.
const checksOfTests = "address,mx,spf,dkim,dmarc,ptr,smtp"

// writtenFor is an environment in which the checks are run that the tests were written for, unless a test says others.
func writtenFor(env map[string]string) func(string) string {
	return func(name string) string {
		if value, set := env[name]; set || name != "TODOKU_ONLY" {
			return value
		}
		return checksOfTests
	}
}

// noEnv is an environment that says nothing else.
func noEnv(name string) string { return writtenFor(nil)(name) }
