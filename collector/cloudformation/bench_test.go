package cloudformation_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pathfinder/collector/cloudformation"
)

// BenchmarkApply deploys a template of about the largest size that CloudFormation
// takes: 500 resources, 1 MB.
func BenchmarkApply(b *testing.B) {
	var t strings.Builder
	t.WriteString("Resources:\n")
	for i := range 250 {
		fmt.Fprintf(&t, "  Bucket%d: {Type: AWS::S3::Bucket}\n  Role%d:\n    Type: AWS::IAM::Role\n    Properties:\n", i, i)
		t.WriteString("      AssumeRolePolicyDocument: {Version: 2012-10-17, Statement: [{Effect: Allow, Principal: {Service: !Sub \"ec2.${AWS::URLSuffix}\"}, Action: \"sts:AssumeRole\"}]}\n")
		t.WriteString("      Policies:\n        - PolicyName: p\n          PolicyDocument:\n            Version: 2012-10-17\n            Statement:\n")
		for k := range 20 {
			fmt.Fprintf(&t, "              - {Effect: Allow, Action: [\"s3:GetObject\", \"s3:PutObject\"], Resource: [!GetAtt Bucket%d.Arn, !Sub \"${Bucket%d.Arn}/%d/*\"]}\n", (i+k)%250, (i+k)%250, k)
		}
	}
	file := filepath.Join(b.TempDir(), "app.yaml")
	if err := os.WriteFile(file, []byte(t.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(t.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := cloudformation.Apply(world(), cloudformation.Config{Templates: []string{file}, Account: account, Region: region}); err != nil {
			b.Fatal(err)
		}
	}
}
