package diag

import "todoku/codes"

// Datum is one named value of a finding: codes.Datum.
type Datum = codes.Datum

// Data is what a finding knows, in a fixed order: codes.Data.
type Data = codes.Data

// Str, Num, List and Failure make the values that findings carry, as in codes.
func Str(key, v string) Datum             { return codes.Str(key, v) }
func Num(key string, v int) Datum         { return codes.Num(key, v) }
func List(key string, v []string) Datum   { return codes.List(key, v) }
func Failure(key string, err error) Datum { return codes.Failure(key, err) }
