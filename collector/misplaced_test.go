package collector_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pathfinder/collector"
)

// What says what will be is no snapshot, and the message says where it belongs.
func TestMisplaced(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ path, want string }{
		{"../fixtures/template/auditor.yaml", "this is a CloudFormation template"},
		{"../fixtures/template/cdk.out/Reports.template.json", "this is a CloudFormation template"},
		{"cloudformation/testdata/resources/s3.yaml", "this is a CloudFormation template"},
		{"../fixtures/template/cdk.out", "this is a folder of the CDK"},
	} {
		_, err := collector.OpenSnapshot(c.path)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "--template") {
			t.Errorf("%s: got %v, want %s", c.path, err, c.want)
		}
	}
	if _, err := collector.OpenSnapshot("../fixtures/queue/accounts/123456789012/resources.json"); err == nil || strings.Contains(err.Error(), "template") {
		t.Errorf("resources of a snapshot: got %v", err)
	}
	file := filepath.Join(t.TempDir(), "manifest.json")
	if err := os.WriteFile(file, []byte(`{"format":"pathfinder-snapshot","version":1,"note":{"artifacts":{}}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := collector.OpenSnapshot(filepath.Dir(file)); err != nil {
		t.Error(err)
	}
}
