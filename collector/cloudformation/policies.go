package cloudformation

import (
	"cmp"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/overlay"
	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
)

// setPolicy replaces the policy of a resource.
func (it *item) setPolicy(text string, document *value) {
	doc := it.document(document)
	it.s.d.says("policy", text)
	it.s.d.edit.EditResource(text, "policy", func(r *snapshot.Resource) { r.Policy = snapshot.Have(doc) })
}

// hangList sets the policy of each resource that a property names.
func hangList(property string, toARN func(*item, string) string) func(*item) {
	return func(it *item) {
		document := it.props.get("PolicyDocument")
		if it.typ == "AWS::SecretsManager::ResourcePolicy" {
			document = it.props.get("ResourcePolicy")
		}
		for _, e := range it.props.get(property).elements() {
			name, ok := e.scalar()
			if !ok {
				it.gap("a policy is changed, and of which resource is not known: " + firstReason(e))
				it.maybeOnResource(listed[it.typ], firstReason(e))
				continue
			}
			it.setPolicy(toARN(it, name), document)
		}
	}
}

// listed are the types of what the policies of hangList hang on.
var listed = map[string]string{
	"AWS::SQS::QueuePolicy": "AWS::SQS::Queue", "AWS::SQS::QueueInlinePolicy": "AWS::SQS::Queue",
	"AWS::SNS::TopicPolicy": "AWS::SNS::Topic", "AWS::SNS::TopicInlinePolicy": "AWS::SNS::Topic",
	"AWS::SecretsManager::ResourcePolicy": "AWS::SecretsManager::Secret",
}

func asARN(_ *item, text string) string { return text }

// queueARN is the ARN of a queue that is given by its URL.
func queueARN(it *item, url string) string {
	if arn.Is(url) || !strings.Contains(url, "://") {
		return url
	}
	parts := strings.Split(url, "/") // https://sqs.REGION.amazonaws.com/ACCOUNT/NAME
	if len(parts) != 5 {
		return url
	}
	region := it.s.region
	if host := strings.Split(parts[2], "."); len(host) > 2 && host[0] == "sqs" {
		region = host[1]
	}
	return "arn:" + it.s.partition + ":sqs:" + region + ":" + parts[3] + ":" + parts[4]
}

// secretARN is the ARN of a secret that is given by its name or ARN.
func secretARN(it *item, secret string) string {
	if _, there := it.s.d.edit.Resource(secret); arn.Is(secret) && there {
		return secret
	}
	name := secret
	if arn.Is(secret) {
		name = strings.TrimPrefix(arn.Resource(secret), "secret:")
	}
	return cmp.Or(it.s.d.secret(it.s.account, it.s.region, name), secret)
}

// secret finds the secret of a name: six random characters end its ARN; "" when
// the snapshot does not hold it.
func (d *deployment) secret(account, region, name string) string {
	for r := range d.edit.Resources(account, "AWS::SecretsManager::Secret") {
		res := strings.TrimPrefix(arn.Resource(r.ARN), "secret:")
		if arn.Region(r.ARN) == region && len(res) == len(name)+7 && strings.HasPrefix(res, name+"-") {
			return r.ARN
		}
	}
	return ""
}

// sid is the Sid of a statement that CloudFormation adds for the item.
func (it *item) sid() string {
	return cmp.Or(it.s.physical[it.id].id, it.s.called+"-"+it.id+"-"+generatedName)
}

// putUnknown adds a statement of which only that it is there is known.
func (it *item) putUnknown(resource, sid, why string) {
	it.s.d.says("policy", resource)
	it.s.d.says("statement", resource, sid)
	it.s.d.edit.PutStatement(resource, sid, unknownStatement(sid, why).json(false))
}

// hangPermission is AWS::Lambda::Permission.
func hangPermission(it *item) {
	function, why := it.text("FunctionName")
	if function == "" {
		it.gap("the policy of a function is changed, and of which one is not known: " + why)
		for _, typ := range []string{"AWS::Lambda::Function", "AWS::Lambda::Alias", "AWS::Lambda::Version"} {
			it.maybeOnResource(typ, why)
		}
		return
	}
	resource := it.functionARN(function)
	if why, found := it.props.reason(); found || it.doubt != "" {
		it.putUnknown(resource, it.sid(), cmp.Or(it.doubt, why))
		return
	}
	s := func(property string) string {
		s, _ := it.text(property)
		return s
	}
	it.s.d.says("policy", resource)
	it.s.d.says("statement", resource, it.sid())
	it.s.d.edit.AddPermission(resource, overlay.Permission{
		Sid: it.sid(), Action: s("Action"), Principal: s("Principal"), SourceARN: s("SourceArn"), SourceAccount: s("SourceAccount"),
		PrincipalOrgID: s("PrincipalOrgID"), EventSourceToken: s("EventSourceToken"), FunctionURLAuthType: s("FunctionUrlAuthType"),
		InvokedViaURL: strings.EqualFold(s("InvokedViaFunctionUrl"), "true"),
	})
}

// functionARN completes the ARN of a function, which may be given as a name, as
// ACCOUNT:function:NAME, or whole, each with or without a qualifier.
func (it *item) functionARN(text string) string {
	if arn.Is(text) {
		return text
	}
	account := it.s.account
	if owner, rest, ok := strings.Cut(text, ":function:"); ok {
		account, text = owner, rest
	}
	return "arn:" + it.s.partition + ":lambda:" + it.s.region + ":" + account + ":function:" + strings.TrimPrefix(text, "function:")
}

// hangLayer is AWS::Lambda::LayerVersionPermission.
func hangLayer(it *item) {
	layer, why := it.text("LayerVersionArn")
	if layer == "" {
		it.gap("the policy of a layer is changed, and of which one is not known: " + why)
		it.maybeOnResource("AWS::Lambda::LayerVersion", why)
		return
	}
	if why, found := it.props.reason(); found || it.doubt != "" {
		it.putUnknown(layer, it.sid(), cmp.Or(it.doubt, why))
		return
	}
	action, _ := it.text("Action")
	principal, _ := it.text("Principal")
	organization, _ := it.text("OrganizationId")
	// The statement is that of a function's policy (Lambda API Reference,
	// "AddLayerVersionPermission").
	it.s.d.says("policy", layer)
	it.s.d.edit.AddPermission(layer, overlay.Permission{Sid: it.sid(), Action: action, Principal: principal, PrincipalOrgID: organization})
}

// hangBus is AWS::Events::EventBusPolicy, which adds one statement to the policy
// of an event bus.
func hangBus(it *item) {
	bus, why := it.text("EventBusName")
	sid, _ := it.text("StatementId")
	if why != "" {
		it.gap("the policy of an event bus is changed, and of which one is not known: " + why)
		it.maybeOnResource("AWS::Events::EventBus", why)
		return
	}
	resource := cmp.Or(bus, "default")
	if !arn.Is(resource) {
		resource = "arn:" + it.s.partition + ":events:" + it.s.region + ":" + it.s.account + ":event-bus/" + resource
	}
	if why, found := it.props.reason(); found || it.doubt != "" {
		it.putUnknown(resource, sid, cmp.Or(it.doubt, why))
		return
	}
	statement, why := it.busStatement(resource, sid)
	if why != "" {
		it.putUnknown(resource, sid, why)
		return
	}
	it.s.d.says("policy", resource)
	it.s.d.edit.PutStatement(resource, sid, statement)
}

// busStatement returns the statement in the property Statement, or the one that
// EventBridge makes of the older properties (EventBridge API Reference,
// "PutPermission").
func (it *item) busStatement(resource, sid string) (st jsontext.Value, why string) {
	v := it.props.get("Statement")
	if v != nil && v.kind == kindText {
		parsed, err := parseJSON([]byte(v.text))
		if err != nil {
			return nil, "the statement of " + it.id + " is no JSON"
		}
		v = parsed
	}
	if v != nil && v.kind == kindObject {
		out := &value{kind: kindObject}
		for key, e := range v.members {
			if key != "Sid" {
				out.set(key, e)
			}
		}
		out.set("Sid", text(sid))
		return out.json(false), ""
	}
	principal, _ := it.text("Principal")
	action, _ := it.text("Action")
	members := map[string]any{"Sid": sid, "Effect": "Allow", "Action": action, "Resource": resource, "Principal": "*"}
	if principal != "*" {
		members["Principal"] = map[string]string{"AWS": "arn:" + it.s.partition + ":iam::" + principal + ":root"}
	}
	if c := it.props.get("Condition"); !c.missing() {
		operator, _ := c.get("Type").scalar()
		key, _ := c.get("Key").scalar()
		val, _ := c.get("Value").scalar()
		members["Condition"] = map[string]map[string]string{operator: {key: val}}
	}
	st, err := json.Marshal(members, json.Deterministic(true))
	if err != nil {
		return nil, "the statement of " + it.id + " is not UTF-8 text"
	}
	return st, ""
}

// hangLogs is AWS::Logs::ResourcePolicy, which is about all log groups of an
// account and region.
func hangLogs(it *item) {
	it.gap("a resource policy of CloudWatch Logs is changed, which snapshots do not hold")
}
