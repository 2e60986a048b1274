package service

import (
	"context"
	"slices"
	"strings"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
)

var ecs = Service{
	Name: "ecs", Title: "Amazon ECS", What: "roles of tasks", Scope: Regional,
	Types:      []string{"AWS::ECS::TaskDefinition"},
	Operations: ops("ECS", "ecs", "ListTaskDefinitionFamilies", "DescribeTaskDefinition"),
	Lists:      1, Each: 1,
	Read: readTaskDefinitions,
}

var ecsAPI = call.JSONAPI{Service: "ECS", Prefix: "ecs", Target: "AmazonEC2ContainerServiceV20141113"}

// readTaskDefinitions reads the newest active revision of each family: the one that
// runs when nobody names another.
func readTaskDefinitions(ctx context.Context, u *Unit) error {
	families, err := taskFamilies(ctx, u, "")
	if err != nil {
		return err
	}
	return each(ctx, families, func(ctx context.Context, family string) { readTaskDefinition(ctx, u, family) })
}

func taskFamilies(ctx context.Context, u *Unit, prefix string) ([]string, error) {
	return tokenPages(func(token string) ([]string, string, error) {
		var out struct {
			Families  []string `json:"families"`
			NextToken string   `json:"nextToken"`
		}
		in := params{"status": "ACTIVE", "maxResults": 100}.then("familyPrefix", prefix).then("nextToken", token)
		err := u.json(ctx, ecsAPI, "ListTaskDefinitionFamilies", in, &out)
		return out.Families, out.NextToken, err
	})
}

type taskDefinition struct {
	Definition struct { // nothing of containers, whose environment may hold secrets
		Arn           string `json:"taskDefinitionArn"`
		TaskRole      string `json:"taskRoleArn"`
		ExecutionRole string `json:"executionRoleArn"`
	} `json:"taskDefinition"`
	Tags []tag `json:"tags"`
}

func readTaskDefinition(ctx context.Context, u *Unit, family string) {
	var out taskDefinition
	err := u.json(ctx, ecsAPI, "DescribeTaskDefinition", params{"taskDefinition": family, "include": []string{"TAGS"}}, &out)
	if err != nil {
		if !u.vanishedFamily(ctx, family, err) {
			u.Missing("task definition "+family, err)
		}
		return
	}
	d := out.Definition
	r := &snapshot.Resource{ARN: d.Arn, Type: "AWS::ECS::TaskDefinition", Tags: tagList(out.Tags)}
	task, execution := u.roleARN(d.TaskRole), u.roleARN(d.ExecutionRole)
	for _, role := range []string{task, execution} {
		if role != "" && !slices.Contains(r.Roles, role) {
			r.Roles = append(r.Roles, role)
		}
	}
	r.Extra = extra(struct { // the second is for whoever starts the containers
		Task      string `json:"TaskRoleArn,omitzero"`
		Execution string `json:"ExecutionRoleArn,omitzero"`
	}{task, execution})
	u.Add(r)
}

// vanishedFamily reports whether the last active revision of a family is gone: the
// code for that, ClientException, is the one for many faults.
func (u *Unit) vanishedFamily(ctx context.Context, family string, err error) bool {
	if !call.Is(err, "ClientException") {
		return false
	}
	left, err := taskFamilies(ctx, u, family)
	return err == nil && !slices.Contains(left, family)
}

// roleARN makes the ARN of a role that may be named shortly, which roles with a
// path may not ("TaskDefinition", ECS API reference).
func (u *Unit) roleARN(role string) string {
	if role == "" || strings.HasPrefix(role, "arn:") {
		return role
	}
	return "arn:" + u.Partition + ":iam::" + u.Account + ":role/" + role
}
