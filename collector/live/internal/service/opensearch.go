package service

import (
	"context"
	"net/http"
	"slices"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
)

var opensearch = Service{
	Name: "opensearch", Title: "Amazon OpenSearch Service", What: "domains", Scope: Regional,
	Types:      []string{"AWS::OpenSearchService::Domain"},
	Operations: ops("OpenSearch", "es", "ListDomainNames", "DescribeDomains", "ListTags"),
	Lists:      1, Each: 2,
	Read: readDomains,

	Config: []string{"AWS::OpenSearch::Domain"},
}

var opensearchAPI = call.JSONAPI{Service: "OpenSearch", Prefix: "es"}

// domainsAtOnce is how many domains DescribeDomains takes.
const domainsAtOnce = 5

type domain struct {
	DomainName, ARN, AccessPolicies string
	VPCOptions                      struct{ VPCId string }
	EncryptionAtRestOptions         struct{ KmsKeyId string }
	AdvancedSecurityOptions         struct{ Enabled bool }
}

func readDomains(ctx context.Context, u *Unit) error {
	var out struct{ DomainNames []struct{ DomainName string } }
	if err := u.get(ctx, opensearchAPI, "ListDomainNames", "/2021-01-01/domain", nil, &out); err != nil {
		return err
	}
	var names []string
	for _, d := range out.DomainNames {
		names = append(names, d.DomainName)
	}
	return each(ctx, slices.Collect(slices.Chunk(names, domainsAtOnce)), func(ctx context.Context, names []string) { describeDomains(ctx, u, names) })
}

// describeDomains reads a few domains; those that vanished are not in the answer.
// When one of them may not be read none is answered, so that each is asked for.
func describeDomains(ctx context.Context, u *Unit, names []string) {
	var out struct{ DomainStatusList []domain }
	err := u.Login.REST(ctx, u.Region, opensearchAPI, "DescribeDomains", call.Request{
		Method: http.MethodPost, Path: "/2021-01-01/opensearch/domain-info", Body: params{"DomainNames": names},
	}, &out)
	switch {
	case err != nil && len(names) > 1:
		for _, name := range names {
			describeDomains(ctx, u, []string{name})
		}
		return
	case call.Is(err, "ResourceNotFoundException"):
		return
	case err != nil:
		r := &snapshot.Resource{ARN: u.ARN("es", "domain/"+names[0]), Type: "AWS::OpenSearchService::Domain", Encryption: keyNotRead()}
		u.Missing(r.ARN, err)
		u.Add(r)
		return
	}
	for i := range out.DomainStatusList {
		readDomain(ctx, u, &out.DomainStatusList[i])
	}
}

func readDomain(ctx context.Context, u *Unit, d *domain) {
	r := &snapshot.Resource{ARN: d.ARN, Type: "AWS::OpenSearchService::Domain"}
	r.Policy = u.document(r.ARN, &d.AccessPolicies, nil)
	if key := d.EncryptionAtRestOptions.KmsKeyId; key != "" {
		r.Encryption = u.encryption(key, "alias/aws/es")
	}
	r.VPCID, r.FineGrained = d.VPCOptions.VPCId, d.AdvancedSecurityOptions.Enabled // both stand between the policy and the data
	var tagged struct{ TagList []tag }
	switch err := u.get(ctx, opensearchAPI, "ListTags", "/2021-01-01/tags/", queryOf("arn", d.ARN), &tagged); {
	case call.Is(err, "ResourceNotFoundException"):
		return
	case err != nil:
		u.Missing(r.ARN+" tags", err)
	default:
		r.Tags = tagList(tagged.TagList)
	}
	u.Add(r)
}
