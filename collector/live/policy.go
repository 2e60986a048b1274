package live

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/live/internal/service"
)

// PolicyOptions say what a policy is for.
type PolicyOptions struct {
	Only, Skip []string // as in [Config]
	Source     string   // as in [Config]
	// RoleName adds the statement that lets the caller assume the read role in
	// every account.
	RoleName  string
	Partition string // "" for that of Region
	Region    string // "" for one of aws
}

type statement struct {
	Sid      string   `json:"Sid"`
	Effect   string   `json:"Effect"`
	Action   []string `json:"Action"`
	Resource string   `json:"Resource"`
}

// Policy returns the identity policy that allows what Collect calls, and nothing
// else: a statement for what is read in every account, and one for what is read
// once, of the organization.
func Policy(opts PolicyOptions) ([]byte, error) {
	services, err := selected(opts.Only, opts.Skip)
	if err != nil {
		return nil, err
	}
	inAccount := slices.Clone(regionOps)
	var once []call.Operation
	for _, s := range services {
		if s.Scope == service.Organization {
			once = append(once, s.Operations...)
		} else {
			inAccount = append(inAccount, s.Operations...)
		}
	}
	doc := struct {
		Version   string      `json:"Version"`
		Statement []statement `json:"Statement"`
	}{Version: "2012-10-17"}
	add := func(sid, resource string, actions []string) {
		if len(actions) > 0 {
			doc.Statement = append(doc.Statement, statement{sid, "Allow", actions, resource})
		}
	}
	if opts.Source == SourceAggregator {
		once = append(once, aggregatorOps...)
	}
	add("ReadAccount", "*", actionsOf(inAccount))
	add("ReadOrganization", "*", actionsOf(once))
	if opts.RoleName != "" {
		partition := opts.Partition
		if partition == "" {
			partition = partitionOf(opts.Region)
		}
		add("EnterAccounts", "arn:"+partition+":iam::*:role/"+strings.TrimPrefix(opts.RoleName, "/"), []string{"sts:AssumeRole"})
	}
	b, err := json.Marshal(doc, jsontext.WithIndent("  "))
	if err != nil {
		return nil, err
	}
	return append(b, '\n'), nil
}

// actionsOf lists the permissions of operations, sorted.
func actionsOf(list []call.Operation) []string {
	var actions []string
	for _, o := range list {
		actions = append(actions, o.Actions...)
	}
	slices.Sort(actions)
	return slices.Compact(actions)
}

// partitionOf returns the partition of a region ("Partitions", AWS fault isolation
// boundaries).
func partitionOf(region string) string {
	for _, p := range []struct{ region, partition string }{
		{"cn-", "aws-cn"},
		{"us-gov-", "aws-us-gov"},
		{"us-isob-", "aws-iso-b"},
		{"us-isof-", "aws-iso-f"},
		{"us-iso-", "aws-iso"},
		{"eu-isoe-", "aws-iso-e"},
		{"eusc-", "aws-eusc"},
	} {
		if strings.HasPrefix(region, p.region) {
			return p.partition
		}
	}
	return "aws"
}
