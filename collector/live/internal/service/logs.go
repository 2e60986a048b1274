package service

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
)

var logs = Service{
	Name: "logs", Title: "Amazon CloudWatch Logs", What: "log groups, destinations and their policies", Scope: Regional,
	Types:      []string{"AWS::Logs::LogGroup", "AWS::Logs::Destination"},
	Operations: ops("CloudWatch Logs", "logs", "DescribeLogGroups", "DescribeResourcePolicies", "DescribeDestinations", "ListTagsForResource"),
	Lists:      3, Each: 2,
	Read: readLogs,
}

var logsAPI = call.JSONAPI{Service: "CloudWatch Logs", Prefix: "logs", Target: "Logs_20140328"}

type logGroup struct {
	Arn         string `json:"arn"`         // ends in ":*"
	LogGroupArn string `json:"logGroupArn"` // doesn't
	KmsKeyID    string `json:"kmsKeyId"`
}

// name is the ARN that who asks about a log group writes. Policies mostly name
// what lies in it, behind ":*", which a request on it names too.
func (g logGroup) name() string {
	return cmp.Or(g.LogGroupArn, strings.TrimSuffix(g.Arn, ":*"))
}

func readLogs(ctx context.Context, u *Unit) error {
	groups, err := tokenPages(func(token string) ([]logGroup, string, error) {
		var out struct {
			LogGroups []logGroup `json:"logGroups"`
			NextToken string     `json:"nextToken"`
		}
		err := u.json(ctx, logsAPI, "DescribeLogGroups", params{"limit": 50}.then("nextToken", token), &out)
		return out.LogGroups, out.NextToken, err
	})
	if err != nil {
		return err
	}
	var shared []string
	known := false
	if len(groups) > 0 {
		shared, known = sharedLogPolicies(ctx, u)
	}
	err = each(ctx, groups, func(ctx context.Context, g logGroup) { readLogGroup(ctx, u, g, shared, known) })
	if err != nil {
		return err
	}
	return readDestinations(ctx, u)
}

// sharedLogPolicies reads the policies for all log groups. What is wrong with them
// is noted once, not for each group.
func sharedLogPolicies(ctx context.Context, u *Unit) (texts []string, known bool) {
	const what = "resource policies for all log groups"
	texts, err := logPolicies(ctx, u, params{}, "ACCOUNT")
	if err != nil {
		u.Missing(what, err)
		return nil, false
	}
	if _, err := joinDocuments(texts); err != nil {
		u.Note(what, err.Error())
		return nil, false
	}
	return texts, true
}

// logPolicies lists the documents of a scope. Where policies of single log groups
// do not exist yet all calls answer with those for all of them, so that the answer
// says of which scope each one is; those for all may come without.
func logPolicies(ctx context.Context, u *Unit, in params, scope string) ([]string, error) {
	type policy struct {
		Document string `json:"policyDocument"`
		Scope    string `json:"policyScope"`
	}
	all, err := tokenPages(func(token string) ([]policy, string, error) {
		var out struct {
			Policies  []policy `json:"resourcePolicies"`
			NextToken string   `json:"nextToken"`
		}
		err := u.json(ctx, logsAPI, "DescribeResourcePolicies", in.then("nextToken", token), &out)
		return out.Policies, out.NextToken, err
	})
	var texts []string
	for _, p := range all {
		if cmp.Or(p.Scope, "ACCOUNT") == scope {
			texts = append(texts, p.Document)
		}
	}
	return texts, err
}

// readLogGroup reads one log group. The policies for all log groups of the region
// are its policies too: their statements name the groups they speak of.
func readLogGroup(ctx context.Context, u *Unit, g logGroup, shared []string, known bool) {
	const notFound = "ResourceNotFoundException"
	r := &snapshot.Resource{ARN: g.name(), Type: "AWS::Logs::LogGroup"}
	if g.KmsKeyID != "" {
		r.Encryption = u.encryption(g.KmsKeyID, "alias/aws/logs")
	}
	if !readLogTags(ctx, u, r) {
		return
	}
	if known {
		own, err := logPolicies(ctx, u, params{"policyScope": "RESOURCE", "resourceArn": r.ARN}, "RESOURCE")
		if err != nil && !call.Is(err, notFound) {
			u.Missing(r.ARN+" policy", err)
		} else {
			r.Policy = u.merged(r.ARN, slices.Concat(shared, own))
		}
	}
	u.Add(r)
}

// readLogTags reports whether the thing is still there.
func readLogTags(ctx context.Context, u *Unit, r *snapshot.Resource) bool {
	var out struct {
		Tags map[string]string `json:"tags"`
	}
	switch err := u.json(ctx, logsAPI, "ListTagsForResource", params{"resourceArn": r.ARN}, &out); {
	case call.Is(err, "ResourceNotFoundException"):
		return false
	case err != nil:
		u.Missing(r.ARN+" tags", err)
	default:
		r.Tags = tagMap(out.Tags)
	}
	return true
}

func readDestinations(ctx context.Context, u *Unit) error {
	type destination struct {
		Arn          string `json:"arn"`
		AccessPolicy string `json:"accessPolicy"`
	}
	all, err := tokenPages(func(token string) ([]destination, string, error) {
		var out struct {
			Destinations []destination `json:"destinations"`
			NextToken    string        `json:"nextToken"`
		}
		err := u.json(ctx, logsAPI, "DescribeDestinations", params{"limit": 50}.then("nextToken", token), &out)
		return out.Destinations, out.NextToken, err
	})
	if err != nil {
		u.Missing("destinations", err)
		return ctx.Err()
	}
	return each(ctx, all, func(ctx context.Context, d destination) {
		r := &snapshot.Resource{ARN: d.Arn, Type: "AWS::Logs::Destination"}
		r.Policy = u.document(r.ARN, &d.AccessPolicy, nil)
		if readLogTags(ctx, u, r) {
			u.Add(r)
		}
	})
}
