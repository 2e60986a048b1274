package service

import (
	"context"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
)

var ssm = Service{
	Name: "ssm", Title: "AWS Systems Manager", What: "parameters", Scope: Regional,
	Types:      []string{"AWS::SSM::Parameter"},
	Operations: ops("SSM", "ssm", "DescribeParameters", "GetResourcePolicies", "ListTagsForResource"),
	Lists:      1, Each: 2,
	Read: readParameters,
}

// ssmAPI is called without the client of the SDK, which takes longer to compile
// than most others.
var ssmAPI = call.JSONAPI{Service: "SSM", Prefix: "ssm", Target: "AmazonSSM"}

// A parameter is a ParameterMetadata of the API. Values are not in it.
type parameter struct {
	ARN   string
	Name  string
	Type  string
	KeyID string `json:"KeyId"`
	Tier  string
}

// readParameters lists the parameters of the account; those that others share
// with it belong to theirs.
func readParameters(ctx context.Context, u *Unit) error {
	list, err := tokenPages(func(token string) ([]parameter, string, error) {
		var out struct {
			Parameters []parameter
			NextToken  string
		}
		in := struct {
			MaxResults int
			NextToken  string `json:",omitzero"`
			Shared     bool
		}{50, token, false}
		err := u.Login.JSON(ctx, u.Region, ssmAPI, "DescribeParameters", in, &out)
		return out.Parameters, out.NextToken, err
	})
	if err != nil {
		return err
	}
	return each(ctx, list, func(ctx context.Context, p parameter) { readParameter(ctx, u, &p) })
}

func readParameter(ctx context.Context, u *Unit, p *parameter) {
	r := &snapshot.Resource{ARN: p.ARN, Type: "AWS::SSM::Parameter", Name: p.Name}
	if r.ARN == "" {
		r.ARN = u.ARN("ssm", "parameter"+slashed(p.Name))
	}
	if p.Type == "SecureString" {
		r.Encryption = &snapshot.Encryption{AWSManaged: true} // without a key it is aws/ssm
		if p.KeyID != "" {
			r.Encryption = u.encryption(p.KeyID, "alias/aws/ssm")
		}
	}
	there := true
	if r.Policy, there = readParameterPolicy(ctx, u, r.ARN, p.Tier); !there {
		return
	}
	var out struct{ TagList []struct{ Key, Value string } }
	in := map[string]string{"ResourceType": "Parameter", "ResourceId": p.Name}
	switch err := u.Login.JSON(ctx, u.Region, ssmAPI, "ListTagsForResource", in, &out); {
	case call.Is(err, "InvalidResourceId"):
		return
	case err != nil:
		u.Missing(r.ARN+" tags", err)
	default:
		r.Tags = tags(out.TagList, func(t struct{ Key, Value string }) (key, value *string) { return &t.Key, &t.Value })
	}
	u.Add(r)
}

// slashed is a name in an ARN: one that doesn't begin with a slash gets one.
func slashed(name string) string {
	if len(name) > 0 && name[0] == '/' {
		return name
	}
	return "/" + name
}

// readParameterPolicy reads what a parameter is shared by. A standard parameter
// cannot be ("Working with shared parameters in Parameter Store", Systems Manager
// User Guide).
func readParameterPolicy(ctx context.Context, u *Unit, name, tier string) (f snapshot.Fact[jsontext.Value], there bool) {
	if tier == "Standard" {
		return snapshot.None[jsontext.Value](), true
	}
	texts, err := tokenPages(func(token string) ([]string, string, error) {
		var out struct {
			Policies  []struct{ Policy string }
			NextToken string
		}
		in := map[string]string{"ResourceArn": name}
		if token != "" {
			in["NextToken"] = token
		}
		err := u.Login.JSON(ctx, u.Region, ssmAPI, "GetResourcePolicies", in, &out)
		var texts []string
		for _, p := range out.Policies {
			texts = append(texts, p.Policy)
		}
		return texts, out.NextToken, err
	})
	switch {
	case call.Is(err, "ResourceNotFoundException", "ParameterNotFound"):
		return f, false
	case err != nil:
		u.Missing(name, err)
		return f, true
	}
	joined, err := joinDocuments(texts)
	switch {
	case err != nil:
		u.Note(name, err.Error())
		return f, true
	case joined == nil:
		return snapshot.None[jsontext.Value](), true
	}
	return snapshot.Have(joined), true
}
