package iamcollect

import (
	"maps"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
)

// policies reads the policies of one type and what they are attached to. Their
// ids are the ends of their ARNs.
func (o *orgReader) policies(dir, typ string, of func(*target) []string) {
	attached := o.attachments(of)
	for _, name := range o.folder(o.dir.join(dir)).folders {
		f := o.folder(o.dir.join(dir) + "/" + name)
		m, ok := o.metadata(f)
		if !ok {
			if !f.files[metadataFile] {
				o.bad(f.join(metadataFile), "", "the file is missing; collect the organization again")
			}
			continue
		}
		p := snapshot.OrganizationPolicy{
			PolicySummary: snapshot.PolicySummary{
				ID: lastPart(m.arn), ARN: m.arn, Name: m.text("name"), Type: typ, AWSManaged: string(m.fields["awsManaged"]) == "true",
			},
			Targets: attached[m.arn],
		}
		p.Content, _ = o.document(f, "policy.json")
		delete(attached, m.arn)
		o.addPolicy(m.file, p)
	}
	for _, text := range slices.Sorted(maps.Keys(attached)) {
		// Attached, but not read: a policy without a document, which the
		// inventory takes for unreadable.
		if !o.isARN(o.dir.join("ous.json"), "", text) {
			continue
		}
		o.addPolicy(o.dir.join(dir), snapshot.OrganizationPolicy{
			PolicySummary: snapshot.PolicySummary{ID: lastPart(text), ARN: text, Type: typ}, Targets: attached[text],
		})
		o.gap(snapshot.Gap{Service: "organizations", What: text, Why: "it is attached, but iam-collect wrote no folder of it"})
	}
	if typ == "S3_POLICY" && len(o.out.Policies) > 0 && o.out.Policies[len(o.out.Policies)-1].PolicySummary.Type == typ {
		o.gap(snapshot.Gap{Service: "organizations", What: "S3 policies of the organization", Why: "the public access block that they put on accounts is not evaluated"})
	}
}

// addPolicy adds a policy, once.
func (o *orgReader) addPolicy(file string, p snapshot.OrganizationPolicy) {
	id := p.PolicySummary.ID
	switch {
	case id == "":
		o.bad(file, "", "%s ends with no id of a policy", quote(p.PolicySummary.ARN))
	case o.policyIDs[id]:
		o.bad(file, "", "policy %s stands twice", quote(id))
	default:
		o.policyIDs[id] = true
		o.out.Policies = append(o.out.Policies, p)
	}
}

// attachments lists the targets by the ARN of the policy.
func (o *orgReader) attachments(of func(*target) []string) map[string][]string {
	out := make(map[string][]string)
	for _, targets := range []map[string]*target{o.units, o.accounts} {
		for _, id := range slices.Sorted(maps.Keys(targets)) {
			if t := targets[id]; t != nil {
				for _, policy := range of(t) {
					out[policy] = append(out[policy], id)
				}
			}
		}
	}
	return out
}

// own reads the organization's own resource policy. Not every release asks for
// it, so without a file nothing is known.
func (o *orgReader) own() {
	if doc, ok := o.document(o.dir, "policy.json"); ok {
		o.out.ResourcePolicy = snapshot.Have(doc)
	}
}

// delegated reads which accounts administer services: a list of them by service,
// or one account by service as older releases wrote it.
func (o *orgReader) delegated() {
	var raw map[string]jsontext.Value
	const name = "delegated-admins.json"
	o.has(o.dir, name, &raw)
	services := make(map[string][]string) // by account
	for _, service := range slices.Sorted(maps.Keys(raw)) {
		var ids []string
		var one string
		switch {
		case decode(raw[service], &ids):
		case decode(raw[service], &one):
			ids = []string{one}
		default:
			o.bad(o.dir.join(name), "", "expected the ids of accounts under %s", quote(service))
		}
		for _, id := range ids {
			if !arn.IsAccountID(id) {
				o.bad(o.dir.join(name), "", "%s is not an account id of 12 digits", quote(id))
				continue
			}
			services[id] = append(services[id], service)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(services)) {
		o.out.DelegatedAdministrators = append(o.out.DelegatedAdministrators, snapshot.DelegatedAdministrator{ID: id, ServicePrincipals: services[id]})
	}
}
