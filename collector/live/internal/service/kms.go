package service

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/go-json-experiment/json"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
)

var kms = Service{
	Name: "kms", Title: "AWS KMS", What: "keys", Scope: Regional,
	Types:      []string{"AWS::KMS::Key"},
	Operations: ops("KMS", "kms", "ListKeys", "ListAliases", "DescribeKey", "GetKeyPolicy", "ListGrants", "ListResourceTags"),
	Lists:      2, Each: 4,
	Read: readKeys,

	Config: []string{"AWS::KMS::Key"}, FromConfig: keysFromConfig,
}

// readKeys reads all keys of the account. Those that AWS manages are among them:
// resources name them by their ARN, and their policies say whom they serve.
// So are keys that are disabled or wait for their deletion, with their state: they
// can be brought back.
func readKeys(ctx context.Context, u *Unit) error {
	client := awskms.NewFromConfig(u.Config())
	keys, err := pages(ctx, awskms.NewListKeysPaginator(client, &awskms.ListKeysInput{Limit: aws.Int32(1000)}),
		func(out *awskms.ListKeysOutput) []types.KeyListEntry { return out.Keys })
	if err != nil || len(keys) == 0 {
		return err
	}
	aliases := aliasesOf(ctx, u, client)
	return each(ctx, keys, func(ctx context.Context, k types.KeyListEntry) {
		r := &snapshot.Resource{ARN: aws.ToString(k.KeyArn), Type: "AWS::KMS::Key", Aliases: aliases(aws.ToString(k.KeyId))}
		readKey(ctx, u, client, r)
	})
}

// keysFromConfig takes the keys whose policy Config holds, and asks KMS for their
// grants and aliases, which it doesn't. It does not hold the keys that AWS manages,
// so KMS lists the keys all the same; of the others it is asked for everything.
func keysFromConfig(ctx context.Context, u *Unit, items []ConfigItem) error {
	client := awskms.NewFromConfig(u.Config())
	keys, err := pages(ctx, awskms.NewListKeysPaginator(client, &awskms.ListKeysInput{Limit: aws.Int32(1000)}),
		func(out *awskms.ListKeysOutput) []types.KeyListEntry { return out.Keys })
	if err != nil {
		return err
	}
	recorded := make(map[string]*ConfigItem)
	for i := range items {
		recorded[items[i].ARN] = &items[i]
	}
	aliases := aliasesOf(ctx, u, client)
	return each(ctx, keys, func(ctx context.Context, k types.KeyListEntry) {
		r := &snapshot.Resource{ARN: aws.ToString(k.KeyArn), Type: "AWS::KMS::Key", Aliases: aliases(aws.ToString(k.KeyId))}
		if item := recorded[r.ARN]; item != nil && item.keyOf(r) {
			if readGrants(ctx, u, client, r) {
				u.Add(r)
			}
			return
		}
		readKey(ctx, u, client, r)
	})
}

// keyOf fills in a key from what Config recorded; false when it lacks something.
func (i *ConfigItem) keyOf(r *snapshot.Resource) bool {
	key, policy := i.texts(), i.supplement()["Policy"]
	if policy == "" || key["keyManager"] == "" || key["keyState"] == "" || i.TagList == nil {
		return false
	}
	r.Policy, r.Tags = snapshot.Have(Document(policy)), i.tagFact()
	if key["keyManager"] == string(types.KeyManagerTypeAws) {
		r.Encryption = &snapshot.Encryption{AWSManaged: true}
	}
	if state := key["keyState"]; state != string(types.KeyStateEnabled) {
		r.Extra, _ = json.Marshal(map[string]string{"KeyState": state})
	}
	return true
}

// aliasesOf reads the aliases of a region and returns the fact for the id of a key.
func aliasesOf(ctx context.Context, u *Unit, client *awskms.Client) func(id string) snapshot.Fact[[]string] {
	aliases, err := readKeyAliases(ctx, client)
	if err != nil {
		u.Missing("aliases of keys", err)
	}
	return func(id string) snapshot.Fact[[]string] {
		switch list := aliases[id]; {
		case aliases == nil:
			return snapshot.Fact[[]string]{}
		case list == nil:
			return snapshot.None[[]string]()
		default:
			slices.Sort(list)
			return snapshot.Have(list)
		}
	}
}

// readKeyAliases lists the aliases of a region by the id of their key.
func readKeyAliases(ctx context.Context, client *awskms.Client) (map[string][]string, error) {
	list, err := pages(ctx, awskms.NewListAliasesPaginator(client, &awskms.ListAliasesInput{Limit: aws.Int32(100)}),
		func(out *awskms.ListAliasesOutput) []types.AliasListEntry { return out.Aliases })
	if err != nil {
		return nil, err
	}
	byKey := make(map[string][]string)
	for _, a := range list {
		if key := aws.ToString(a.TargetKeyId); key != "" { // AWS reserves names before it makes their keys
			byKey[key] = append(byKey[key], aws.ToString(a.AliasName))
		}
	}
	return byKey, nil
}

func readKey(ctx context.Context, u *Unit, client *awskms.Client, r *snapshot.Resource) {
	gone := false
	missing := func(what string, err error) {
		if call.Is(err, "NotFoundException") {
			gone = true
			return
		}
		u.Missing(r.ARN+what, err)
	}
	if out, err := client.DescribeKey(ctx, &awskms.DescribeKeyInput{KeyId: &r.ARN}); err != nil {
		missing(" state", err)
	} else {
		if out.KeyMetadata.KeyManager == types.KeyManagerTypeAws {
			r.Encryption = &snapshot.Encryption{AWSManaged: true}
		}
		if state := out.KeyMetadata.KeyState; state != types.KeyStateEnabled {
			r.Extra, _ = json.Marshal(map[string]string{"KeyState": string(state)})
		}
	}
	if out, err := client.GetKeyPolicy(ctx, &awskms.GetKeyPolicyInput{KeyId: &r.ARN, PolicyName: aws.String("default")}); err != nil {
		missing("", err)
	} else {
		r.Policy = u.document(r.ARN, out.Policy, nil)
	}
	if !readGrants(ctx, u, client, r) {
		gone = true
	}
	list, err := pages(ctx, awskms.NewListResourceTagsPaginator(client, &awskms.ListResourceTagsInput{KeyId: &r.ARN}),
		func(out *awskms.ListResourceTagsOutput) []types.Tag { return out.Tags })
	if err != nil {
		missing(" tags", err)
	} else {
		r.Tags = tags(list, func(t types.Tag) (key, value *string) { return t.TagKey, t.TagValue })
	}
	if !gone {
		u.Add(r)
	}
}

// readGrants reads the grants on a key; false when the key is gone.
func readGrants(ctx context.Context, u *Unit, client *awskms.Client, r *snapshot.Resource) bool {
	grants, err := pages(ctx, awskms.NewListGrantsPaginator(client, &awskms.ListGrantsInput{KeyId: &r.ARN, Limit: aws.Int32(100)}),
		func(out *awskms.ListGrantsOutput) []types.GrantListEntry { return out.Grants })
	switch {
	case call.Is(err, "NotFoundException"):
		return false
	case err != nil:
		u.Missing(r.ARN+" grants", err)
	default:
		r.Grants = grantsOf(grants)
	}
	return true
}

// grantsOf keeps what decides of grants. Tokens are not in the list, and names may
// say anything.
func grantsOf(list []types.GrantListEntry) snapshot.Fact[[]snapshot.KMSGrant] {
	if len(list) == 0 {
		return snapshot.None[[]snapshot.KMSGrant]()
	}
	out := make([]snapshot.KMSGrant, len(list))
	for i := range list {
		g := &list[i]
		out[i] = snapshot.KMSGrant{GrantID: aws.ToString(g.GrantId), GranteePrincipal: aws.ToString(g.GranteePrincipal)}
		if out[i].GranteePrincipal == "" {
			out[i].GranteePrincipal = aws.ToString(g.GranteeServicePrincipal)
		}
		for _, op := range g.Operations {
			out[i].Operations = append(out[i].Operations, string(op))
		}
		if c := g.Constraints; c != nil && (c.EncryptionContextEquals != nil || c.EncryptionContextSubset != nil || c.SourceArn != nil) {
			out[i].Constraints = &snapshot.GrantConstraints{
				EncryptionContextEquals: c.EncryptionContextEquals, EncryptionContextSubset: c.EncryptionContextSubset,
				SourceARN: aws.ToString(c.SourceArn),
			}
		}
	}
	slices.SortFunc(out, func(a, b snapshot.KMSGrant) int { return strings.Compare(a.GrantID, b.GrantID) })
	return snapshot.Have(out)
}
