package store_test

import "context"

// childStore names the store in which a run of the test binary saves rounds until it is killed.
const childStore = "TODOKU_TEST_WATCH_STORE"

func child(ctx context.Context, where string) error { return nil }
