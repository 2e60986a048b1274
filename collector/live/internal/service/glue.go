package service

import (
	"context"
	"slices"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
)

var glue = Service{
	Name: "glue", Title: "AWS Glue", What: "the policy of the Data Catalog", Scope: Regional,
	Types:      []string{"AWS::Glue::Catalog"},
	Operations: ops("Glue", "glue", "GetResourcePolicy", "GetResourcePolicies", "GetDataCatalogEncryptionSettings"),
	Lists:      3, Each: 0,
	Read: readCatalog,
}

var glueAPI = call.JSONAPI{Service: "Glue", Prefix: "glue", Target: "AWSGlue"}

// readCatalog reads the Data Catalog of the region, which always exists. Its own
// policy and those that Resource Access Manager sets on single parts of it when
// they are shared are one fact: each statement names its resources, and all of
// them hang on the catalog.
func readCatalog(ctx context.Context, u *Unit) error {
	r := &snapshot.Resource{ARN: u.ARN("glue", "catalog"), Type: "AWS::Glue::Catalog"}
	texts, noPolicy := catalogPolicies(ctx, u)
	var out struct {
		DataCatalogEncryptionSettings struct {
			EncryptionAtRest struct{ CatalogEncryptionMode, SseAwsKmsKeyId string }
		}
	}
	noKey := u.json(ctx, glueAPI, "GetDataCatalogEncryptionSettings", params{}, &out)
	rest := out.DataCatalogEncryptionSettings.EncryptionAtRest
	switch {
	case noPolicy != nil && noKey != nil:
		return noPolicy
	case noPolicy != nil:
		u.Missing(r.ARN+" policy", noPolicy)
	default:
		r.Policy = u.merged(r.ARN, texts)
	}
	switch {
	case noKey != nil:
		u.Missing(r.ARN+" key", noKey)
		r.Encryption = keyNotRead()
	case rest.CatalogEncryptionMode != "DISABLED" && rest.SseAwsKmsKeyId != "":
		r.Encryption = u.encryption(rest.SseAwsKmsKeyId, "alias/aws/glue")
	}
	u.Add(r)
	return ctx.Err()
}

// catalogPolicies asks twice: the list leaves the catalog's own policy out when
// the caller may not use the key of the catalog, and the other call then fails.
func catalogPolicies(ctx context.Context, u *Unit) ([]string, error) {
	type policy struct{ PolicyInJson string }
	var own policy
	if err := u.json(ctx, glueAPI, "GetResourcePolicy", params{}, &own); err != nil && !call.Is(err, "EntityNotFoundException") {
		return nil, err
	}
	all, err := tokenPages(func(token string) ([]policy, string, error) {
		var out struct {
			GetResourcePoliciesResponseList []policy
			NextToken                       string
		}
		err := u.json(ctx, glueAPI, "GetResourcePolicies", params{}.then("NextToken", token), &out)
		return out.GetResourcePoliciesResponseList, out.NextToken, err
	})
	if err != nil {
		return nil, err
	}
	texts := []string{own.PolicyInJson}
	for _, p := range all {
		if !slices.Contains(texts, p.PolicyInJson) {
			texts = append(texts, p.PolicyInJson)
		}
	}
	return texts, nil
}
