package casefile_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// fill writes %name% parts of a line that many cases share.
var fill = strings.NewReplacer(
	"%allow%", `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`,
	"%deny%", `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}`,
	"%everybody%", `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}`,
	"%ann%", `"principal":"arn:aws:iam::111111111111:user/ann"`,
	"%bea%", `"principal":"arn:aws:iam::222222222222:user/bea"`,
	"%app%", `"principal":"arn:aws:sts::111111111111:assumed-role/app/s1"`,
	"%read%", `"action":"s3:GetObject","resource":"arn:aws:s3:::data/k1","resourceAccount":"111111111111"`,
	"%decrypt%", `"action":"kms:Decrypt","resource":"arn:aws:kms:eu-west-1:111111111111:key/1","resourceAccount":"111111111111"`,
)

// Every part of a line reaches the decision (E237, E238).
func TestRunReadsEverything(t *testing.T) {
	t.Parallel()
	const acl = `"ownership":"ObjectWriter","objectAcl":[{"grantee":"AllUsers","permission":"READ"}]`
	tests := []struct{ name, text, want string }{
		{"identity", `{"request":{%ann%,%read%},"policies":{"identity":[{"name":"p","document":%allow%}]}}`, "Allowed"},
		{"boundary", `{"request":{%ann%,%read%},"policies":{"identity":[{"name":"p","document":%allow%}],"permissionsBoundary":[]}}`, "ImplicitlyDenied"},
		{"no boundary", `{"request":{%ann%,%read%},"policies":{"identity":[{"name":"p","document":%allow%}],"permissionsBoundary":null}}`, "Allowed"},
		{"session policy", `{"request":{%app%,%read%},"policies":{"identity":[{"name":"p","document":%allow%}],"session":%deny%}}`, "ExplicitlyDenied"},
		{"no session policy", `{"request":{%app%,%read%},"policies":{"identity":[{"name":"p","document":%allow%}],"session":null}}`, "Allowed"},
		{"service control", `{"request":{%ann%,%read%},"policies":{"identity":[{"name":"p","document":%allow%}],"serviceControl":[{"target":"r","policies":[]}]}}`, "ImplicitlyDenied"},
		{"resource control", `{"request":{%bea%,%read%},"policies":{"identity":[{"name":"p","document":%allow%}],"resource":%everybody%,"resourceControl":[{"target":"r","policies":[{"name":"d","document":{"Statement":{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}}}]}]}}`, "ExplicitlyDenied"},
		{"endpoint", `{"request":{%ann%,%read%},"policies":{"identity":[{"name":"p","document":%allow%}],"vpcEndpoint":[]}}`, "ImplicitlyDenied"},
		{"no endpoint", `{"request":{%ann%,%read%},"policies":{"identity":[{"name":"p","document":%allow%}],"vpcEndpoint":null}}`, "Allowed"},
		{"resource policy", `{"request":{%ann%,%read%},"policies":{"resource":%everybody%}}`, "Allowed"},
		{"trust policy", `{"request":{%ann%,"action":"sts:AssumeRole","resource":"arn:aws:iam::111111111111:role/t","resourceAccount":"111111111111"},"policies":{"resource":{"Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:user/ann"},"Action":"sts:AssumeRole"}}}}`, "Allowed"},
		{"context", `{"request":{%ann%,%read%,"context":{"AWS:SourceIP":"10.0.0.1"}},"policies":{"identity":[{"name":"p","document":{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}}}]}}`, "Allowed"},
		{"context that is absent", `{"request":{%ann%,%read%,"context":{"aws:username":null}},"policies":{"identity":[{"name":"p","document":{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Null":{"aws:username":"true"}}}}}]}}`, "Allowed"},
		{"numbers and booleans", `{"request":{%ann%,%read%,"context":{"s3:max-keys":20,"aws:SecureTransport":true}},"policies":{"identity":[{"name":"p","document":{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"NumericEquals":{"s3:max-keys":20},"Bool":{"aws:SecureTransport":true}}}}}]}}`, "Allowed"},
		{"roleArn", `{"request":{%app%,%read%},"settings":{"roleArn":"arn:aws:iam::111111111111:role/p/app"},"policies":{"resource":{"Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:role/p/app"},"Action":"*","Resource":"*"}}}}`, "Allowed"},
		{"principalUniqueId", `{"request":{%ann%,%read%},"settings":{"principalUniqueId":"AIDANEWNEW"},"policies":{"resource":{"Statement":{"Effect":"Allow","Principal":{"AWS":"AIDANEWNEW"},"Action":"*","Resource":"*"}}}}`, "Allowed"},
		{"federatedBy", `{"request":{"principal":"arn:aws:sts::111111111111:federated-user/fay",%read%},"settings":{"federatedBy":"arn:aws:iam::111111111111:user/ann"},"policies":{"session":%allow%,"resource":{"Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:user/ann"},"Action":"*","Resource":"*"}}}}`, "Allowed"},
		{"management account of the caller", `{"request":{%ann%,%read%},"settings":{"principalAccountIsManagement":true},"policies":{"identity":[{"name":"p","document":%allow%}],"serviceControl":[{"target":"r","policies":[]}]}}`, "Allowed"},
		{"management account of the resource", `{"request":{%ann%,%read%},"settings":{"resourceAccountIsManagement":true},"policies":{"identity":[{"name":"p","document":%allow%}],"resourceControl":[{"target":"r","policies":[{"name":"d","document":{"Statement":{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}}}]}]}}`, "Allowed"},
		{"service-linked role", `{"request":{%app%,%read%},"settings":{"serviceLinkedRole":true},"policies":{"identity":[{"name":"p","document":%allow%}],"serviceControl":[{"target":"r","policies":[]}]}}`, "Allowed"},
		{"canonicalIds", `{"request":{%bea%,%read%},"settings":{"canonicalIds":{"bb":"222222222222"}},"policies":{"identity":[{"name":"p","document":%allow%}],"resource":{"Statement":{"Effect":"Allow","Principal":{"CanonicalUser":"bb"},"Action":"*","Resource":"*"}}}}`, "Allowed"},
		{"kmsGrants", `{"request":{%app%,%decrypt%},"settings":{"kmsGrants":[{"grantee":"arn:aws:iam::111111111111:role/app","operations":["Decrypt"]}]}}`, "Allowed"},
		{"kmsGrants with a constraint", `{"request":{%app%,%decrypt%},"settings":{"kmsGrants":[{"grantee":"arn:aws:iam::111111111111:role/app","operations":["Decrypt"],"encryptionContextSubset":{"a":"b"}}]}}`, "ImplicitlyDenied"},
		{"ACLs", `{"request":{"principal":"anonymous",%read%},"settings":{"s3":{` + acl + `}}}`, "Allowed"},
		{"Block Public Access of the account", `{"request":{"principal":"anonymous",%read%},"settings":{"s3":{` + acl + `,"blockPublicAccess":{"bucket":{},"account":{"IgnorePublicAcls":true}}}}}`, "ImplicitlyDenied"},
		{"RestrictPublicBuckets", `{"request":{"principal":"anonymous",%read%},"settings":{"s3":{"blockPublicAccess":{"bucket":{"RestrictPublicBuckets":true}}}},"policies":{"resource":%everybody%}}`, "ImplicitlyDenied"},
		{"objectOwnerAccount", `{"request":{%ann%,%read%},"settings":{"s3":{"ownership":"ObjectWriter","objectOwnerAccount":"222222222222"}},"policies":{"resource":%everybody%}}`, "ImplicitlyDenied"},
		{"access point", `{"request":{%ann%,"action":"s3:GetObject","resource":"arn:aws:s3:eu-west-1:111111111111:accesspoint/ap/object/k1","resourceAccount":"111111111111"},"settings":{"accessPoint":{"arn":"arn:aws:s3:eu-west-1:111111111111:accesspoint/ap","policy":%everybody%,"bucketResource":"arn:aws:s3:::data/k1"}}}`, "ImplicitlyDenied"},
		{"access point and bucket", `{"request":{%ann%,"action":"s3:GetObject","resource":"arn:aws:s3:eu-west-1:111111111111:accesspoint/ap/object/k1","resourceAccount":"111111111111"},"settings":{"accessPoint":{"arn":"arn:aws:s3:eu-west-1:111111111111:accesspoint/ap","policy":%everybody%,"bucketResource":"arn:aws:s3:::data/k1"}},"policies":{"resource":%everybody%}}`, "Allowed"},
		{"alsoRequired of the same resource", `{"request":{%ann%,%read%},"settings":{"alsoRequired":[{"action":"s3:GetObjectTagging"}]},"policies":{"resource":%everybody%}}`, "Allowed"},
		{"alsoRequired of another resource", `{"request":{%ann%,%read%},"settings":{"alsoRequired":[{"action":"kms:Decrypt","resource":"arn:aws:kms:eu-west-1:111111111111:key/1"}]},"policies":{"resource":%everybody%}}`, "ImplicitlyDenied"},
		{"alsoRequired with its own policy", `{"request":{%ann%,%read%},"settings":{"alsoRequired":[{"action":"kms:Decrypt","resource":"arn:aws:kms:eu-west-1:111111111111:key/1","resourcePolicy":%everybody%}]},"policies":{"resource":%everybody%}}`, "Allowed"},
		{"alsoRequired with its own context", `{"request":{%ann%,%read%},"settings":{"alsoRequired":[{"action":"s3:GetObjectTagging","context":{"aws:ViaAWSService":"true"}}]},"policies":{"resource":{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"},{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":{"Bool":{"aws:ViaAWSService":"true"}}}]}}}`, "Allowed"},
		{"alsoRequired in another account", `{"request":{%ann%,%read%},"settings":{"alsoRequired":[{"action":"kms:Decrypt","resource":"arn:aws:kms:eu-west-1:222222222222:key/1","resourceAccount":"222222222222","resourcePolicy":%everybody%}]},"policies":{"resource":%everybody%}}`, "ImplicitlyDenied"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			text := fill.Replace(tt.text)
			if !json.Valid([]byte(text)) {
				t.Fatalf("the test is no JSON: %s", text)
			}
			got, err := run(t, text)
			if err != nil || len(got) != 1 {
				t.Fatalf("Run(%s) = %v, %v", text, got, err)
			}
			if got[0].Decision != tt.want {
				t.Errorf("Run(%s) = %s (blocked by %v, rules %v), want %s", text, got[0].Decision, got[0].BlockedBy, got[0].Rules, tt.want)
			}
		})
	}
}

const (
	publicly = `"policies":{"resource":%everybody%,"identity":[{"name":"p","document":%allow%}]}`
	bucket   = `{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":["arn:aws:s3:::data","arn:aws:s3:::data/*"]}}`
	tagged   = `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/env":"dev"}}}}`
)

// Settings that say in one switch what others say in full.
func TestSwitches(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text, want string
		blockedBy        []string
	}{
		{"E84 a cut, setting by setting", `{"request":{%bea%,%read%},"settings":{"s3":{"blockPublicAccess":{"bucket":{"RestrictPublicBuckets":true}}}},` + publicly + `}`, "ImplicitlyDenied", []string{"s3-bpa", "resource"}},
		{"E84 a cut by the switch", `{"request":{%bea%,%read%},"settings":{"s3BlockPublicAccess":true},` + publicly + `}`, "ExplicitlyDenied", []string{"s3-bpa"}},
		{"E84 a cut by the switch among other gates", `{"request":{%bea%,%read%},"settings":{"s3BlockPublicAccess":true},"policies":{"resource":%everybody%}}`, "ExplicitlyDenied", []string{"s3-bpa", "identity"}},
		{"E84 a Deny stays what it is", `{"request":{%bea%,%read%},"settings":{"s3BlockPublicAccess":true},"policies":{"resource":%everybody%,"identity":[{"name":"p","document":%deny%}]}}`, "ExplicitlyDenied", []string{"identity", "s3-bpa", "resource"}},
		{"E173 the owner's account is spared", `{"request":{%ann%,%read%},"settings":{"s3BlockPublicAccess":true},` + publicly + `}`, "Allowed", nil},
		{"E173 nothing is public", `{"request":{%bea%,%read%},"settings":{"s3BlockPublicAccess":true},"policies":{"identity":[{"name":"p","document":%allow%}]}}`, "ImplicitlyDenied", []string{"resource"}},
		{"E173 the switch is off", `{"request":{%bea%,%read%},"settings":{"s3BlockPublicAccess":false},` + publicly + `}`, "Allowed", nil},
		{"E173 the switch goes with other settings", `{"request":{"principal":"anonymous",%read%},"settings":{"s3BlockPublicAccess":true,"s3":{"ownership":"ObjectWriter","objectAcl":[{"grantee":"AllUsers","permission":"READ"}]}}}`, "ImplicitlyDenied", []string{"resource"}},
		{"E39 the resource doesn't count", `{"request":{%ann%,%read%},"settings":{"wildcardOnlyAction":true},"policies":{"identity":[{"name":"p","document":` + bucket + `}]}}`, "ImplicitlyDenied", []string{"identity"}},
		{"E39 the lone star does", `{"request":{%ann%,%read%},"settings":{"wildcardOnlyAction":true},"policies":{"identity":[{"name":"p","document":%allow%}]}}`, "Allowed", nil},
		{"E184 a tag without ABAC", `{"request":{%ann%,%read%,"context":{"aws:ResourceTag/env":"dev"}},"policies":{"identity":[{"name":"p","document":` + tagged + `}]}}`, "ImplicitlyDenied", []string{"identity"}},
		{"E184 a tag with ABAC", `{"request":{%ann%,%read%,"context":{"aws:ResourceTag/env":"dev"}},"settings":{"s3BucketAbacEnabled":true},"policies":{"identity":[{"name":"p","document":` + tagged + `}]}}`, "Allowed", nil},
		{"E184 a tag of something else", `{"request":{%ann%,%decrypt%,"context":{"aws:ResourceTag/env":"dev"}},"policies":{"resource":%everybody%,"identity":[{"name":"p","document":` + tagged + `}]}}`, "Allowed", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			text := fill.Replace(tt.text)
			got := answer(t, text)
			if diff := cmp.Diff(tt.blockedBy, got.BlockedBy, cmpopts.EquateEmpty(), cmpopts.SortSlices(strings.Compare)); diff != "" || got.Decision != tt.want {
				t.Errorf("Run(%s) = %s, want %s; blocked by (-want +got):\n%s", text, got.Decision, tt.want, diff)
			}
		})
	}
}

// An answer is written as a line that leaves out what there is not.
func TestResultJSON(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{
			"allowed", `{"id":"a","request":{%ann%,%read%},"policies":{"identity":[{"name":"p","document":%allow%}]}}`,
			`{"id":"a","decision":"Allowed","rules":["E86","E83"]}`,
		},
		{
			"denied", `{"id":"a","request":{%ann%,%read%},"policies":{"identity":[{"name":"p","document":%deny%}]}}`,
			`{"id":"a","decision":"ExplicitlyDenied","blockedBy":["identity"],"rules":["E86","E83"]}`,
		},
		{
			"low confidence", `{"id":"a","request":{%ann%,%read%},"policies":{"identity":[{"name":"p","document":%allow%},{"name":"q","document":{"Statement":7}}]}}`,
			`{"id":"a","decision":"Allowed","rules":["E11","E86","E83"],"confidence":"low"}`,
		},
		{
			"a condition that does not hold", `{"id":"c","operator":"Bool","conditionKey":"k","policyValues":["true"],"requestValue":false,"expect":true}`,
			`{"id":"c","result":false}`,
		},
		{
			"how a principal is named", `{"id":"p","element":"Principal","policyValues":"*","requestValue":"anonymous"}`,
			`{"id":"p","result":"Match"}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := run(t, fill.Replace(tt.text))
			if err != nil || len(got) != 1 {
				t.Fatalf("Run(%s) = %v, %v", tt.text, got, err)
			}
			raw, err := json.Marshal(got[0])
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(raw)); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}
