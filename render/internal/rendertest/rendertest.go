// Package rendertest holds the answers that tests of rendering share.
package rendertest

import (
	"time"

	"pathfinder/graphmodel/guard"
	"pathfinder/render"
	"pathfinder/render/view"
	"pathfinder/solver"
)

// Hostile holds what breaks quoting in DOT, HTML-like labels, XML, tables,
// terminals or viewers.
const Hostile = "x\"];evil[label=\\\"\\N\\G</TD><script>alert(1)</script>&#x202e;&lt;\x1b[31m\u202e]]>--><img src=x onerror=alert(1)>\r\n\\"

// Options name the accounts of the sample.
var Options = render.Options{Accounts: map[string]string{"111111111111": "people", "222222222222": "tools", "999999999999": "prod"}}

const (
	ana    = "arn:aws:iam::111111111111:user/ana"
	admins = "arn:aws:iam::111111111111:group/admins"
	relay  = "arn:aws:iam::222222222222:role/deploy-relay"
	reader = "arn:aws:iam::999999999999:role/data/reader"
	bucket = "arn:aws:s3:::acme-prod-customer-data"
)

// Condition is a condition on one key.
func Condition(operator, key string, values ...string) guard.Blocks {
	return guard.Blocks{{{Operator: operator, Key: key, Values: values}}}
}

// Access returns one direct access, and one through two roles.
func Access() []solver.Access {
	return []solver.Access{
		{
			Principal: ana, Resource: bucket,
			Path: []solver.Step{{Principal: ana}},
			Grants: []solver.Grant{{
				Actions: []string{"s3:ListBucket", "s3:ListBucketVersions"}, Resources: []string{bucket},
				Because: []solver.StatementRef{{Policy: bucket, Type: "resource-policy", Sid: "Lists"}},
			}},
		},
		{
			Principal: ana, Resource: bucket,
			Path: []solver.Step{
				{Principal: ana},
				{Principal: relay, Kind: "assume-role"},
				{Principal: reader, Kind: "assume-role", Condition: Condition("StringEquals", "sts:ExternalId", "42")},
			},
			Grants: []solver.Grant{{
				Actions: []string{"s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersion"}, Resources: []string{bucket + "/*"}, Except: []string{bucket + "/secret/*"},
				Condition: Condition("IpAddress", "aws:SourceIp", "10.0.0.0/8", "192.0.2.0/24"), Confidence: "low", Unsure: []string{"E86"},
			}},
		},
	}
}

// WhoCan returns an answer with everything in it that an answer can have.
func WhoCan() *solver.WhoCanAnswer {
	return &solver.WhoCanAnswer{
		Pathfinder: "who-can/1", Resource: bucket, Actions: []string{"s3:*"}, Access: Access(),
		Public:  &solver.PublicAccess{Grants: []solver.Grant{{Actions: []string{"s3:GetObject"}, Resources: []string{bucket + "/public/*"}}}},
		Unknown: []solver.Gap{{What: "222222222222", Why: "IAM was not read"}}, IdentityCenter: Center(),
	}
}

// Center returns who is assigned to the roles of Access: one of which all is known, and
// one of which it is not.
func Center() *solver.CenterAnswer {
	three, one := 3, 1
	return &solver.CenterAnswer{
		Roles: []solver.AssignedRole{
			{
				Role: relay, PermissionSet: "Relay", Instance: "arn:aws:sso:::instance/ssoins-1", Complete: true,
				Users:  []solver.Assignee{{ID: "u-9", Missing: true}, {ID: "u-1", Name: "ana"}},
				Groups: []solver.Assignee{{ID: "g-1", Name: "Admins", People: &three}, {ID: "g-2", Name: "Ops, night", People: &one}, {ID: "g-3", Name: "Vendors"}},
			},
			{Role: reader, PermissionSet: "Reader", Users: []solver.Assignee{}, Groups: []solver.Assignee{}, Why: "not all assignments were read"},
		},
	}
}

// HostileCenter returns who is assigned with s wherever text goes.
func HostileCenter(s string) *solver.CenterAnswer {
	who := []solver.Assignee{{ID: s, Name: s}, {ID: s, Missing: true}}
	return &solver.CenterAnswer{
		Roles:  []solver.AssignedRole{{Role: s, PermissionSet: s, Instance: s, Users: who, Groups: who, Why: s}},
		Groups: []solver.AssignedGroup{{ID: s, Name: s, Members: who}},
	}
}

// Graph returns a graph with every kind of node and edge, and a cycle.
func Graph() *solver.GraphAnswer {
	office := Condition("IpAddress", "aws:SourceIp", "10.0.0.0/8")
	return &solver.GraphAnswer{
		Pathfinder: "graph/1", Title: "Who can reach " + bucket,
		Nodes: []solver.GraphNode{
			{ID: ana, Kind: "user", Label: "ana", Account: "111111111111"},
			{ID: "arn:aws:iam::111111111111:user/ben.the.builder@example.com", Kind: "user", Label: "ben.the.builder@example.com", Account: "111111111111"},
			{ID: admins, Kind: "group", Label: "admins", Account: "111111111111"},
			{ID: relay, Kind: "role", Label: "deploy-relay", Account: "222222222222"},
			{ID: reader, Kind: "role", Label: "reader", Account: "999999999999"},
			{ID: "arn:aws:iam::777777777777:root", Kind: "root", Label: "account 777777777777", Account: "777777777777", External: true},
			{ID: "anonymous", Kind: "public", Label: "everybody"},
			{ID: "cloudtrail.amazonaws.com", Kind: "service", Label: "cloudtrail.amazonaws.com"},
			{ID: bucket, Kind: "resource", Type: "AWS::S3::Bucket", Label: "acme-prod-customer-data", Account: "999999999999", Focus: true},
		},
		Edges: []solver.GraphEdge{
			{From: ana, To: admins, Kind: "member-of"},
			{From: ana, To: relay, Kind: "assume-role"},
			{From: relay, To: reader, Kind: "assume-role", Condition: Condition("StringEquals", "sts:ExternalId", "42")},
			{From: reader, To: relay, Kind: "assume-role"},
			{From: "arn:aws:iam::111111111111:user/ben.the.builder@example.com", To: bucket, Kind: "access", Actions: []string{"s3:ListBucket"}},
			{From: reader, To: bucket, Kind: "access", Actions: []string{"s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"}},
			{From: admins, To: bucket, Kind: "access", Actions: []string{"s3:DeleteObject", "s3:PutObject"}, Condition: office},
			{From: "arn:aws:iam::777777777777:root", To: bucket, Kind: "resource-grant", Actions: []string{"s3:Get*"}},
			{From: "anonymous", To: bucket, Kind: "access", Actions: []string{"s3:GetObject"}, Condition: office},
			{From: "cloudtrail.amazonaws.com", To: bucket, Kind: "access", Actions: []string{"s3:PutObject"}},
		},
		Unknown: []solver.Gap{{What: "222222222222", Why: "IAM was not read"}},
	}
}

// HostileGraph returns a graph with s wherever text goes.
func HostileGraph(s string) *solver.GraphAnswer {
	condition := Condition(s, s, s)
	return &solver.GraphAnswer{
		Title: s,
		Nodes: []solver.GraphNode{
			{ID: s, Kind: s, Label: s, Account: s, Type: s},
			{ID: s + "2", Kind: "resource", Label: s, Account: "111111111111", Focus: true},
		},
		Edges: []solver.GraphEdge{
			{From: s, To: s + "2", Kind: s, Label: s, Condition: condition},
			{From: s, To: s + "2", Kind: "access", Actions: []string{s}, Condition: condition},
			{From: s + "2", To: s, Kind: "assume-role-with-" + s, Condition: condition},
		},
		Unknown: []solver.Gap{{What: s, Why: s}},
	}
}

// HostileAccess returns access with s wherever text goes.
func HostileAccess(s string) []solver.Access {
	grant := solver.Grant{
		Actions: []string{s}, Resources: []string{s, s + "/*"}, Except: []string{s}, Condition: Condition(s, s, s),
		Because: []solver.StatementRef{{Policy: s, Type: s, Sid: s}}, Confidence: "low", Unsure: []string{s},
	}
	return []solver.Access{{
		Principal: s, Resource: s, Path: []solver.Step{{Principal: s}, {Principal: s, Kind: s, Condition: Condition(s, s, s)}},
		Grants: []solver.Grant{grant, grant},
	}}
}

// Facts place the accounts of the sample in units.
func Facts() view.Facts {
	root := view.Frame{ID: "r-ab12", Kind: "organization", Label: "Organization o-example"}
	return view.Facts{
		Taken: time.Date(2026, 11, 1, 2, 0, 0, 0, time.UTC), Accounts: Options.Accounts,
		Units: map[string][]view.Frame{
			"111111111111": {root}, "222222222222": {root, {ID: "ou-ab12-infra", Kind: "unit", Label: "Infrastructure"}},
			"999999999999": {root, {ID: "ou-ab12-prod", Kind: "unit", Label: "Prod"}},
		},
	}
}

// View returns a view with every kind of node, edge and frame.
func View() *view.View {
	a := Graph()
	a.Nodes = append(a.Nodes,
		solver.GraphNode{ID: "arn:aws:kms:eu-central-1:999999999999:key/1", Kind: "resource", Type: "AWS::KMS::Key", Label: "data", Account: "999999999999"},
		solver.GraphNode{ID: "arn:aws:iam::222222222222:root", Kind: "account", Label: "tools", Account: "222222222222", Lines: []string{"SCP RegionFence"}})
	a.Edges = append(a.Edges,
		solver.GraphEdge{From: "arn:aws:iam::777777777777:root", To: "arn:aws:iam::222222222222:root", Kind: "enters", Label: "into 2 roles", Weight: 12, Open: true},
		solver.GraphEdge{From: reader, To: "arn:aws:kms:eu-central-1:999999999999:key/1", Kind: "access", Actions: []string{"kms:Decrypt"}, Cut: true},
		solver.GraphEdge{From: relay, To: bucket, Kind: "access", Actions: []string{"s3:GetObject"}})
	v := Viewed(a)
	v.Edges[len(v.Edges)-1].Deny = true
	return v
}

// Viewed returns the view of an answer, with the facts of the sample.
func Viewed(a *solver.GraphAnswer) *view.View {
	v, err := view.Of(a, Facts())
	if err != nil {
		panic(err)
	}
	return v
}

// HostileView returns a view with s wherever text goes.
func HostileView(s string) *view.View {
	v := Viewed(HostileGraph(s))
	v.Notes = []string{s}
	v.Frames = append(v.Frames, view.Frame{ID: s + "3", Kind: s, Label: s})
	v.Nodes = append(v.Nodes,
		view.Node{ID: s + "3", Kind: s, Frame: s + "3", Members: []string{s, s + "2"}, Lines: []string{s, s}},
		view.Node{ID: s + "4", Kind: "role", Frame: s + "3", Account: s, Members: []string{"arn:aws:iam::111111111111:role/" + s, s}})
	v.Edges = append(v.Edges,
		view.Edge{From: s + "3", To: s + "4", Kind: s, Label: s, Count: 2, Some: true, Open: true, Weight: 3},
		view.Edge{From: s + "4", To: s + "3", Kind: "access", Actions: []string{s, s + "*"}, Count: 1, Because: []solver.StatementRef{{Policy: s, Type: s, Sid: s}}})
	return v
}
