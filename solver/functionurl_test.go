package solver_test

import (
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// Lambda takes unsigned calls through a URL that asks for no signature, and no others
// (E130, E202). explain and who-can agree on each.
func TestUnsignedCallsOfFunctions(t *testing.T) {
	t.Parallel()
	const fn = "arn:aws:lambda:eu-west-1:111111111111:function:fn"
	const (
		url    = `{"Effect":"Allow","Principal":"*","Action":"lambda:InvokeFunctionUrl","Resource":"*","Condition":{"StringEquals":{"lambda:FunctionUrlAuthType":"NONE"}}}`
		invoke = `{"Effect":"Allow","Principal":"*","Action":"lambda:InvokeFunction","Resource":"*","Condition":{"Bool":{"lambda:InvokedViaFunctionUrl":"true"}}}`
		all    = `{"Effect":"Allow","Principal":"*","Action":"lambda:*","Resource":"*"}`
	)
	none := []inventory.FunctionURL{{Function: fn, Auth: "NONE"}}
	iam := []inventory.FunctionURL{{Function: fn, Auth: "AWS_IAM"}}
	ofAlias := []inventory.FunctionURL{{Function: fn + ":PROD", Auth: "NONE"}}
	for _, tt := range []struct {
		name, arn, statements, action string
		urls                          []inventory.FunctionURL
		known                         inventory.Known
		want                          string
		open, unknown                 bool // public under a condition, and the answer says what is missing
	}{
		{"its URL is open, and both calls are allowed (E202)", fn, url + "," + invoke, "lambda:InvokeFunctionUrl", none, inventory.Have, "Allowed", false, false},
		{"the second call is not allowed", fn, url, "lambda:InvokeFunctionUrl", none, inventory.Have, "ImplicitlyDenied", false, false},
		{"its URL asks for a signature", fn, url + "," + invoke, "lambda:InvokeFunctionUrl", iam, inventory.Have, "ImplicitlyDenied", false, false},
		{"its URL asks for a signature, the policy for nothing", fn, all, "lambda:InvokeFunctionUrl", iam, inventory.Have, "ImplicitlyDenied", false, false},
		{"it has no URL", fn, all, "lambda:InvokeFunctionUrl", nil, inventory.None, "ImplicitlyDenied", false, false},
		{"an alias has one", fn, all, "lambda:InvokeFunctionUrl", ofAlias, inventory.Have, "ImplicitlyDenied", false, false},
		{"the alias is called", fn + ":PROD", all, "lambda:InvokeFunctionUrl", ofAlias, inventory.Have, "Allowed", false, false},
		{"the API takes signed calls only (E130)", fn, all, "lambda:InvokeFunction", none, inventory.Have, "ImplicitlyDenied", false, false},
		{"so do other calls (E130)", fn, all, "lambda:UpdateFunctionCode", none, inventory.Have, "ImplicitlyDenied", false, false},
		{"nobody looked for its URLs (E236)", fn, all, "lambda:InvokeFunctionUrl", nil, inventory.NotRead, "Allowed", true, true},
		{"nobody looked, and nobody is let in", fn, `{"Effect":"Allow","Principal":{"AWS":"222222222222"},"Action":"lambda:*","Resource":"*"}`, "lambda:InvokeFunctionUrl", nil, inventory.NotRead, "ImplicitlyDenied", false, false},
		{"a layer has no URL (E201)", "arn:aws:lambda:eu-west-1:111111111111:layer:l:1", all, "lambda:GetLayerVersion", nil, inventory.NotRead, "ImplicitlyDenied", false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := diffed(t, func(inv *inventory.Inventory) {
				r := inv.Accounts[0].Held().Resources[0]
				r.ARN, r.Type, r.Name = tt.arn, "AWS::Lambda::Function", "fn"
				if tt.arn == fn+":PROD" {
					r.ARN = fn
				}
				r.URLs, r.HasURLs, r.HasPolicy = tt.urls, tt.known, inventory.Have
				r.Policy = policy.Parse([]byte(`{"Statement":[`+tt.statements+`]}`), policy.Resource)
			})
			got, err := s.Explain("anonymous", tt.action, tt.arn)
			if err != nil {
				t.Fatal(err)
			}
			if got.Decision != tt.want || (len(got.Condition) > 0) != tt.open {
				t.Errorf("explain says %s if %v, want %s, open %v", got.Decision, got.Condition, tt.want, tt.open)
			}
			ans, err := s.WhoCan(tt.arn, []string{tt.action})
			if err != nil {
				t.Fatal(err)
			}
			if public := ans.Public != nil; public != (tt.want == "Allowed") || public && (len(ans.Public.Grants[0].Condition) > 0) != tt.open {
				t.Errorf("who-can says %+v, want public %v, open %v", ans.Public, tt.want == "Allowed", tt.open)
			}
			if len(ans.Unknown) > 0 != tt.unknown {
				t.Errorf("unknown %v, want some: %v", ans.Unknown, tt.unknown)
			}
		})
	}
}

// What a URL asks for decides conditions of signed callers as well, in a survey as in
// an answer (E202, E218).
func TestURLDecidesConditions(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		urls  []inventory.FunctionURL
		known inventory.Known
		want  string // how the user may call it
	}{
		{"open", []inventory.FunctionURL{{Auth: "NONE"}}, inventory.Have, "no"},
		{"signed", []inventory.FunctionURL{{Auth: "AWS_IAM"}}, inventory.Have, "yes"},
		{"none", nil, inventory.None, "no"},
		{"unread", nil, inventory.NotRead, "if"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			const prefix = "arn:aws:lambda:eu-west-1:111111111111:function:"
			s := diffed(t, func(inv *inventory.Inventory) {
				h := inv.Accounts[0].Held()
				for i, r := range h.Resources { // the second is like the first, and open
					r.ARN, r.Type = prefix+r.Name, "AWS::Lambda::Function"
					r.URLs, r.HasURLs = []inventory.FunctionURL{{Function: r.ARN, Auth: "NONE"}}, inventory.Have
					if i == 0 {
						if r.URLs, r.HasURLs = tt.urls, tt.known; len(tt.urls) > 0 {
							r.URLs[0].Function = r.ARN
						}
					}
				}
				h.Users[0].Inline[0].Doc = policy.Parse([]byte(`{"Statement":[
					{"Effect":"Allow","Action":"lambda:InvokeFunctionUrl","Resource":"*","Condition":{"StringEquals":{"lambda:FunctionUrlAuthType":"AWS_IAM"}}},
					{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"*"}]}`), policy.Identity)
			})
			word := func(grants []solver.Grant) string {
				for i := range grants {
					for _, a := range grants[i].Actions {
						if a == "lambda:InvokeFunctionUrl" {
							return map[bool]string{true: "if", false: "yes"}[grants[i].Conditional()]
						}
					}
				}
				return "no"
			}
			ans, err := s.WhoCan(prefix+"a", []string{"lambda:*"})
			if err != nil {
				t.Fatal(err)
			}
			got := "no"
			for i := range ans.Access {
				if ans.Access[i].Principal == "arn:aws:iam::111111111111:user/ann" {
					got = word(ans.Access[i].Grants)
				}
			}
			direct := word(s.Survey(1).Allowed("arn:aws:iam::111111111111:user/ann", prefix+"a"))
			if got != tt.want || direct != tt.want {
				t.Errorf("who-can says %s, a survey %s; want %s", got, direct, tt.want)
			}
		})
	}
}
