package cloudformation_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"pathfinder/collector/cloudformation"
)

// apply deploys one hostile template, and returns its error or its gaps and
// documents as a text.
func apply(t testing.TB, name, template string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(template), 0o600); err != nil {
		t.Fatal(err)
	}
	out, report, err := cloudformation.Apply(world(), cloudformation.Config{Templates: []string{"app=" + file}, Account: account, Region: region})
	if err != nil {
		return err.Error()
	}
	if _, err := out.Inventory(); err != nil {
		t.Fatalf("the snapshot cannot be used: %v", err)
	}
	var b strings.Builder
	for _, g := range report.Gaps {
		b.WriteString(g.Why + "\n")
	}
	for _, p := range out.Accounts[0].IAM.Policies {
		if len(p.PolicyVersionList) > 0 && len(p.PolicyVersionList[0].Document) < 1<<20 {
			b.Write(p.PolicyVersionList[0].Document)
		}
	}
	return b.String()
}

// policyOf is a template with one managed policy, whose Resource is v.
func policyOf(head, v string) string {
	return head + "\nResources: {P: {Type: AWS::IAM::ManagedPolicy, Properties: {ManagedPolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: '*', Resource: " + v + "}]}}}}\n"
}

// bomb doubles a text in each of n nested calls.
func bomb(n int) string {
	v := "x"
	for range n {
		v = `{"Fn::Sub": ["${a}${a}", {a: ` + v + `}]}`
	}
	return v
}

// chain is a chain of n queues, each named after the next.
func chain(n int) string {
	var b strings.Builder
	b.WriteString("Resources:\n")
	for i := range n {
		fmt.Fprintf(&b, "  Q%d: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub \"${Q%d.QueueName}\"}}\n", i, i+1)
	}
	return b.String()
}

// aliases make each list ten times as long as the one before.
func aliases(n int) string {
	var b strings.Builder
	b.WriteString("Metadata:\n  a0: &a0 [x, x]\n")
	for i := range n {
		fmt.Fprintf(&b, "  a%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i), 10), ","))
	}
	return b.String() + "Resources: {}\n"
}

func TestHostile(t *testing.T) {
	// Not parallel: it measures memory.
	loops := `Transform: AWS::LanguageExtensions
Parameters: {L: {Type: CommaDelimitedList, Default: "` + strings.TrimSuffix(strings.Repeat("a,", 2000), ",") + `"}}
Resources:
  'Fn::ForEach::A': [A, !Ref L, {'Fn::ForEach::B': [B, !Ref L, {'Fn::ForEach::C': [C, !Ref L, {'X${A}${B}${C}': {Type: "Custom::X"}}]}]}]
`
	many := `Parameters: {L: {Type: CommaDelimitedList, Default: "` + strings.Repeat("a,", 50000) + `"}}` + "\n" +
		policyOf("", "["+strings.TrimSuffix(strings.Repeat("!Ref L,", 20000), ",")+"]")
	for _, c := range []struct{ name, template, want string }{
		{"deep.json", `{"Resources":` + strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5001), "more than 128 deep"},
		{"deep.yaml", "Resources: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000), "more than 128 deep"},
		{"deeper.yaml", "Resources: " + strings.Repeat("[", 200000), "this is not YAML"},
		{"indented.yaml", indented(300), "more than 128 deep"},
		{"aliases.yaml", aliases(9), "more than 1048576 values"},
		{"itself.yaml", "Metadata: &a {b: *a}\nResources: {}", "stands inside of what it names"},
		{"bomb.yaml", policyOf("", bomb(40)), "more than 1024 KiB"},
		{"chain.yaml", chain(2000), "it refers on too far"},
		{"loops.yaml", loops, "128 MiB"},
		{"many.yaml", many, "128 MiB"},
		{"large.yaml", "Resources: {}\n" + strings.Repeat("# x\n", 3<<20), "larger than 8 MiB"},
		{"nul.yaml", "Resources: {\x00}", "this is not YAML"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			got := apply(t, c.name, c.template)
			runtime.ReadMemStats(&after)
			if !strings.Contains(got, c.want) {
				t.Errorf("got %.2000s\nwant %s", got, c.want)
			}
			if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 1500 {
				t.Errorf("it took %d MiB", used)
			}
		})
	}
}

func indented(n int) string {
	var b strings.Builder
	b.WriteString("Resources:\n")
	for i := range n {
		b.WriteString(strings.Repeat(" ", i+1) + "a:\n")
	}
	return b.String()
}

// A template that is its own nested stack ends.
func TestEndlessNesting(t *testing.T) {
	t.Parallel()
	got := apply(t, "app.yaml", "Resources: {A: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: app.yaml}}, B: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: app.yaml}}}")
	if !strings.Contains(got, "stacks are nested too deep, or too many") {
		t.Errorf("got %s", got)
	}
}

// Whatever the bytes are, reading ends without a panic, and what comes out is a
// snapshot that can be used.
func FuzzTemplate(f *testing.F) {
	for _, dir := range []string{"testdata/resources/*.yaml", "../../fixtures/template/*"} {
		files, err := filepath.Glob(dir)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			if b, err := os.ReadFile(file); err == nil {
				f.Add(b)
			}
		}
	}
	f.Add([]byte(strings.Replace(around, "EXPRESSION", `!If [Perhaps, !Sub "${List}", !GetAtt Self.Arn]`, 1)))
	f.Add([]byte(`{"Resources":{"A":{"Type":"AWS::CloudFormation::Stack","Properties":{"TemplateURL":"t"}}}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) < 64<<10 {
			apply(t, "t", string(b))
		}
	})
}

// The manifest of the CDK and the lists of AWS are read as carefully.
func FuzzFolder(f *testing.F) {
	f.Add([]byte(`{"artifacts":{"S":{"type":"aws:cloudformation:stack","environment":"aws://111122223333/eu-central-1","properties":{"templateFile":"t.json","stackName":"s","parameters":{"A":"b"}}}}}`),
		[]byte(`{"StackResources":[{"StackName":"s","StackId":"arn:aws:cloudformation:eu-central-1:111122223333:stack/s/1","LogicalResourceId":"Q","PhysicalResourceId":"https://sqs/1/q"}]}`))
	f.Add([]byte(`{"artifacts":{"A":{"type":"cdk:cloud-assembly","properties":{"directoryName":"."}}}}`), []byte(`{"StackResourceSummaries":[{}]}`))
	f.Fuzz(func(t *testing.T, manifest, list []byte) {
		dir := t.TempDir()
		for name, b := range map[string][]byte{
			"manifest.json": manifest, "list.json": list,
			"t.json": []byte(`{"Parameters":{"A":{"Type":"String"}},"Resources":{"Q":{"Type":"AWS::SQS::Queue"},"R":{"Type":"AWS::IAM::ManagedPolicy","Properties":{"PolicyDocument":{"Statement":[]}}},"S":{"Type":"AWS::SecretsManager::Secret"}}}`),
		} {
			if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		out, _, err := cloudformation.Apply(world(), cloudformation.Config{
			Templates: []string{dir}, Resources: []string{filepath.Join(dir, "list.json")}, Account: account, Region: region,
		})
		if err != nil {
			return
		}
		if _, err := out.Inventory(); err != nil {
			t.Fatalf("the snapshot cannot be used: %v", err)
		}
	})
}
