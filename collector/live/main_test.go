package live_test

import (
	"os"
	"testing"

	"go.uber.org/goleak"

	"pathfinder/collector/live/internal/awstest"
)

func TestMain(m *testing.M) {
	for name, value := range awstest.Credentials() {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		if builtIn != "" {
			_ = os.RemoveAll(builtIn)
		}
		os.Exit(code)
	}))
}
