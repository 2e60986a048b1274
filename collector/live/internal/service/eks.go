package service

import (
	"cmp"
	"context"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
)

var eks = Service{
	Name: "eks", Title: "Amazon EKS", What: "roles of pods", Scope: Regional,
	Types:      []string{"AWS::EKS::PodIdentityAssociation"},
	Operations: ops("EKS", "eks", "ListClusters", "ListPodIdentityAssociations", "DescribePodIdentityAssociation"),
	Lists:      1, Each: 2,
	Read: readPodIdentities,
}

var eksAPI = call.JSONAPI{Service: "EKS", Prefix: "eks"}

func readPodIdentities(ctx context.Context, u *Unit) error {
	clusters, err := tokenPages(func(token string) ([]string, string, error) {
		var out struct {
			Clusters  []string `json:"clusters"`
			NextToken string   `json:"nextToken"`
		}
		err := u.get(ctx, eksAPI, "ListClusters", "/clusters", queryOf("maxResults", "100", "nextToken", token), &out)
		return out.Clusters, out.NextToken, err
	})
	if err != nil {
		return err
	}
	return each(ctx, clusters, func(ctx context.Context, cluster string) { readPodIdentitiesOf(ctx, u, cluster) })
}

type podIdentity struct {
	Arn        string            `json:"associationArn"`
	ID         string            `json:"associationId"`
	Namespace  string            `json:"namespace"`
	Account    string            `json:"serviceAccount"`
	Role       string            `json:"roleArn"`
	TargetRole string            `json:"targetRoleArn"`
	Policy     string            `json:"policy"`
	Tags       map[string]string `json:"tags"`
}

func readPodIdentitiesOf(ctx context.Context, u *Unit, cluster string) {
	const notFound = "ResourceNotFoundException"
	path := "/clusters/" + call.Escape(cluster) + "/pod-identity-associations"
	all, err := tokenPages(func(token string) ([]podIdentity, string, error) {
		var out struct {
			Associations []podIdentity `json:"associations"`
			NextToken    string        `json:"nextToken"`
		}
		err := u.get(ctx, eksAPI, "ListPodIdentityAssociations", path, queryOf("maxResults", "100", "nextToken", token), &out)
		return out.Associations, out.NextToken, err
	})
	switch {
	case call.Is(err, notFound):
		return
	case err != nil:
		u.Missing("pod identities of cluster "+cluster, err)
		return
	}
	for _, short := range all {
		var out struct {
			Association podIdentity `json:"association"`
		}
		switch err := u.get(ctx, eksAPI, "DescribePodIdentityAssociation", path+"/"+call.Escape(short.ID), nil, &out); {
		case call.Is(err, notFound):
		case err != nil:
			u.Missing(short.Arn, err)
		default:
			u.Add(podIdentityResource(&out.Association))
		}
	}
}

// podIdentityResource says whose sessions pods get. With a target role EKS assumes
// it as the first one, and pods never see that.
func podIdentityResource(p *podIdentity) *snapshot.Resource {
	r := &snapshot.Resource{ARN: p.Arn, Type: "AWS::EKS::PodIdentityAssociation", Tags: tagMap(p.Tags)}
	if role := cmp.Or(p.TargetRole, p.Role); role != "" {
		r.Roles = []string{role}
	}
	more := struct {
		Namespace string         `json:"Namespace,omitzero"`
		Account   string         `json:"ServiceAccount,omitzero"`
		Role      string         `json:"RoleArn,omitzero"`
		Target    string         `json:"TargetRoleArn,omitzero"`
		Policy    jsontext.Value `json:"SessionPolicy,omitzero"`
	}{Namespace: p.Namespace, Account: p.Account, Role: p.Role, Target: p.TargetRole}
	if p.Policy != "" {
		more.Policy = Document(p.Policy)
	}
	r.Extra = extra(more)
	return r
}
