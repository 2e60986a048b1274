package solver_test

import (
	"strings"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/solver"
)

func TestCallsThatTouchSeveralThings(t *testing.T) {
	t.Parallel()
	inv := endpointOrg(t, `{"Effect":"Allow","Action":["ec2:RunInstances","s3:GetObject"],"Resource":"*"}`)
	s := newSolver(t, inv)
	tests := []struct {
		name, action, resource string
		want                   []string // named in the note; none: no note
	}{
		{"E44 an instance needs an image, a subnet …", "ec2:RunInstances", "arn:aws:ec2:eu-west-1:111111111111:instance/i-1", []string{"ec2 image", "ec2 subnet", "ec2 network-interface"}},
		{"E44 reading an object touches the object", "s3:GetObject", "arn:aws:s3:::data/a", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ans, err := s.Explain("ann", tt.action, tt.resource)
			if err != nil {
				t.Fatal(err)
			}
			var text strings.Builder
			for _, n := range ans.Notes {
				text.WriteString(n.What + ": " + n.Why + "\n")
			}
			for _, w := range tt.want {
				if !strings.Contains(text.String(), w) {
					t.Errorf("the notes do not name %s: %s", w, text.String())
				}
			}
			if len(tt.want) == 0 && text.Len() > 0 {
				t.Errorf("notes %s", text.String())
			}
		})
	}
}

func TestWhatIsNotThereYet(t *testing.T) {
	t.Parallel()
	inv := endpointOrg(t, `{"Effect":"Allow","Action":["sqs:*"],"Resource":"arn:aws:sqs:*:*:dev-*"},{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::dev-*"}`)
	s := newSolver(t, inv)
	tests := []struct {
		name, action, resource string
		want                   solver.Verdict
	}{
		{"E45 a queue that will have this name", "sqs:CreateQueue", "arn:aws:sqs:eu-west-1:111111111111:dev-x", solver.Granted},
		{"E45 another name", "sqs:CreateQueue", "arn:aws:sqs:eu-west-1:111111111111:prod-x", solver.Denied},
		{"E45 a bucket that will have this name", "s3:CreateBucket", "arn:aws:s3:::dev-x", solver.Granted},
		{"E45 a log group that will have this name", "logs:CreateLogGroup", "arn:aws:logs:eu-west-1:111111111111:log-group:dev-x", solver.Denied},
		{"E236 a grant is made on a key that is there", "kms:CreateGrant", "arn:aws:kms:eu-west-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab", solver.Unknown},
		{"E236 an alias on a function that is there", "lambda:CreateAlias", "arn:aws:lambda:eu-west-1:111111111111:function:f", solver.Unknown},
		{"E45 a function that will have this name", "lambda:CreateFunction", "arn:aws:lambda:eu-west-1:111111111111:function:f", solver.Denied},
		{"E236 deleting what the snapshot lacks", "s3:DeleteBucket", "arn:aws:s3:::dev-x", solver.Unknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d, err := s.Decide(solver.Question{Principal: "ann", Action: tt.action, Resource: tt.resource})
			if err != nil {
				t.Fatal(err)
			}
			if got := d.Verdict(); got != tt.want || got == solver.Granted && len(d.Doubts) > 0 {
				t.Errorf("got %v, want %v; doubts %v", got, tt.want, d.Doubts)
			}
		})
	}
}

func TestCallsAboutSomethingElse(t *testing.T) {
	t.Parallel()
	inv := endpointOrg(t, `{"Effect":"Allow","Action":"*","Resource":"*"}`)
	s := newSolver(t, inv)
	tests := []struct {
		name, action, resource string
		want                   string // the note; "" for none
	}{
		{"E30 objects are read, not the bucket", "s3:GetObject", "arn:aws:s3:::data", "ask about one of arn:aws:s3:::data/*"},
		{"E30 an object", "s3:GetObject", "arn:aws:s3:::data/a", ""},
		{"E30 a bucket is listed", "s3:ListBucket", "arn:aws:s3:::data", ""},
		{"E30 an object is not listed", "s3:ListBucket", "arn:aws:s3:::data/a", "but about s3 accesspoint, s3 bucket"},
		{"E30 another service", "sqs:SendMessage", "arn:aws:s3:::data", "but about sqs queue"},
		{"E30 an index is queried, and so is a table", "dynamodb:Query", "arn:aws:dynamodb:eu-west-1:111111111111:table/t", ""},
		{"E39 no resource in particular", "s3:ListAllMyBuckets", "arn:aws:s3:::data", ""},
		{"E30 nothing is known of the action", "s3:GetSomethingNew", "arn:aws:s3:::data", ""},
		{"E30 nor of the resource", "s3:GetObject", "arn:aws:new:eu-west-1:111111111111:thing/x", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ans, err := s.Explain("ann", tt.action, tt.resource)
			if err != nil {
				t.Fatal(err)
			}
			var got string
			for _, n := range ans.Notes {
				if strings.EqualFold(n.What, tt.action) && strings.Contains(n.Why, "no call of it") {
					got += n.Why
				}
			}
			if (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
				t.Errorf("note %q, want %q", got, tt.want)
			}
		})
	}
}

// finished returns an inventory whose parts are linked to each other.
func finished(t fataler, inv *inventory.Inventory) *inventory.Inventory {
	t.Helper()
	if err := inv.Finish(); err != nil {
		t.Fatalf("%v", err)
	}
	return inv
}

func newSolver(t fataler, inv *inventory.Inventory) *solver.Solver {
	t.Helper()
	s, err := solver.New(solver.Config{Inventory: inv})
	if err != nil {
		t.Fatalf("%v", err)
	}
	return s
}
