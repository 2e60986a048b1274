package audit_test

import (
	"strings"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver/audit"
)

// damaged is a statement of which nobody knows what it says (E11).
const damaged = `{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringSomething":{"a:b":"c"}}}`

// TestIncomplete shows which facts an audit misses, and that it asks for no more than
// bear on access (E11, E236).
func TestIncomplete(t *testing.T) {
	key := "arn:aws:kms:eu-west-1:" + prodID + ":key/1"
	public := granting(`"*"`, "s3:GetObject", "arn:aws:s3:::data/*", "")
	for _, tt := range []struct {
		name  string
		setup func(*world)
		want  string // part of what is not known; "" for nothing
	}{
		{"nothing is missing", func(w *world) { w.bucket(public); w.user(w.prod, "ann", allowAll) }, ""},
		{"a damaged identity policy (E11)", func(w *world) { w.user(w.prod, "ann", allowAll, damaged) }, ":user/ann: policy own could not be read in full"},
		{"a damaged boundary (E11)", func(w *world) { w.user(w.prod, "ann").Boundary = named("b", document(policy.Identity, damaged)) }, "its permissions boundary"},
		{"a damaged trust policy (E11)", func(w *world) {
			w.role(w.prod, "r", trusting(`"*"`, `{"StringSomething":{"a:b":"c"}}`))
		}, ":role/r: its trust policy could not be read in full"},
		{"a damaged bucket policy (E11)", func(w *world) { w.bucket(public, damaged) }, "arn:aws:s3:::data: resource-policy"},
		{"a damaged service control policy (E11)", func(w *world) {
			w.root.SCPs = append(w.root.SCPs, named("x", document(policy.SCP, damaged)))
		}, "account " + prodID + ": a service control policy"},
		{"a damaged resource control policy (E11)", func(w *world) {
			w.inv.Organization.RCPs = true
			w.prod.RCPs = append(w.prod.RCPs, named("x", document(policy.RCP, damaged)))
		}, "account " + prodID + ": a resource control policy"},
		{"one that is not in force", func(w *world) { w.prod.RCPs = append(w.prod.RCPs, named("x", document(policy.RCP, damaged))) }, ""},
		{"a bucket policy that nobody looked for", func(w *world) { w.bucket().HasPolicy = inventory.NotRead }, "the policy of arn:aws:s3:::data was not read"},
		{"a key policy that nobody looked for", func(w *world) {
			w.resource(w.prod, "AWS::KMS::Key", key).HasPolicy = inventory.NotRead
		}, "the policy of " + key + " was not read"},
		{"grants that nobody looked for (E191)", func(w *world) {
			w.resource(w.prod, "AWS::KMS::Key", key).HasGrants = inventory.NotRead
		}, "the grants of " + key + " were not read"},
		{"the policy of what carries none (E186)", func(w *world) {
			w.resource(w.prod, "AWS::EC2::Instance", "arn:aws:ec2:eu-west-1:"+prodID+":instance/i-1").HasPolicy = inventory.NotRead
		}, ""},
		{"users and roles that nobody looked for", func(w *world) { w.dev.IAM = false }, "account " + devID + ": its users and roles were not read"},
		{"a block that nobody looked for, of a public bucket (E174)", func(w *world) {
			w.bucket(public).S3.PublicAccessBlock.Known = inventory.NotRead
		}, "the public access block of arn:aws:s3:::data was not read"},
		{"of an account with a public bucket (E174)", func(w *world) {
			w.prod.PublicAccessBlock.Known = inventory.NotRead
			w.bucket(public)
		}, "the public access block of account " + prodID + " was not read"},
		{"of a bucket that another block keeps shut (E174)", func(w *world) {
			w.bucket(public).S3.PublicAccessBlock.Known = inventory.NotRead
			w.prod.PublicAccessBlock.RestrictPublicBuckets = true
		}, ""},
		{"of a bucket that is not public (E172)", func(w *world) {
			w.bucket(granting(`{"AWS":"`+devID+`"}`, "s3:GetObject", "arn:aws:s3:::data/*", "")).S3.PublicAccessBlock.Known = inventory.NotRead
		}, ""},
		{"URLs of a function for everybody that nobody looked for (E202)", func(w *world) {
			w.function("NONE", granting(`"*"`, "lambda:InvokeFunctionUrl", "*", "")).HasURLs = inventory.NotRead
		}, "function:fn: the URLs of"},
		{"whom a snapshot is shared with (E132)", func(w *world) { w.shared("AWS::RDS::DBSnapshot").HasShares = inventory.NotRead }, "is shared with was not read"},
		{"a snapshot that is shared with nobody", func(w *world) { w.shared("AWS::RDS::DBSnapshot").HasShares = inventory.None }, ""},
		{"a share of another kind (E132)", func(w *world) {
			r := w.resource(w.prod, "AWS::SSM::Parameter", "arn:aws:ssm:eu-west-1:"+prodID+":parameter/p")
			r.SharedWith, r.HasShares = []string{outsideID}, inventory.Have
		}, "gives was not looked at"},
		{"URLs of another one", func(w *world) {
			w.function("NONE", granting(`{"Service":"s3.amazonaws.com"}`, "lambda:InvokeFunction", "*", `{"StringEquals":{"aws:SourceAccount":"`+prodID+`"}}`)).HasURLs = inventory.NotRead
		}, ""},
		{"a bucket behind an access point (E175)", func(w *world) {
			r := w.resource(w.prod, "AWS::S3::AccessPoint", "arn:aws:s3:eu-west-1:"+prodID+":accesspoint/ap")
			r.AccessPoint = &inventory.AccessPoint{Bucket: "gone"}
		}, "the bucket gone behind"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			tt.setup(w)
			rep := w.run(t, nil)
			if rep.Complete != (tt.want == "") || rep.Complete != (len(rep.Unknown) == 0) {
				t.Errorf("complete %v, unknown %v; want %q", rep.Complete, rep.Unknown, tt.want)
			}
			found := tt.want == ""
			for _, g := range rep.Unknown {
				found = found || strings.Contains(g.What+": "+g.Why, tt.want)
			}
			if !found {
				t.Errorf("unknown %v, want %q", rep.Unknown, tt.want)
			}
		})
	}
}

// TestNotCertain: what is let in is not certain while something that is not known could
// be what keeps it out.
func TestNotCertain(t *testing.T) {
	public := granting(`"*"`, "s3:GetObject", "arn:aws:s3:::data/*", "")
	for _, tt := range []struct {
		name, kind string
		setup      func(*world)
		want       string
	}{
		{"a block that nobody looked for (E174)", "public-access", func(w *world) {
			w.bucket(public).S3.PublicAccessBlock.Known = inventory.NotRead
		}, audit.Possible},
		{"no block", "public-access", func(w *world) { w.bucket(public) }, audit.Certain},
		{"a lost Deny beside the Allow (E11)", "public-access", func(w *world) { w.bucket(public, damaged) }, audit.Possible},
		{"a lost Deny in a trust policy (E11)", "external-access", func(w *world) {
			w.role(w.prod, "r", trusting(`{"AWS":"`+outsideID+`"}`, "")).Trust = document(policy.Trust, trusting(`{"AWS":"`+outsideID+`"}`, ""),
				`{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Condition":{"StringSomething":{"a:b":"c"}}}`)
		}, audit.Possible},
		{"a whole trust policy", "external-access", func(w *world) { w.role(w.prod, "r", trusting(`{"AWS":"`+outsideID+`"}`, "")) }, audit.Certain},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			tt.setup(w)
			found := of(w.run(t, nil), tt.kind)
			if len(found) != 1 || found[0].Certain != tt.want || (len(found[0].If) > 0) != (tt.want == audit.Possible) {
				t.Errorf("found %+v, want one that is %s", found, tt.want)
			}
		})
	}
}
