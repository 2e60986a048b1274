package solver

import (
	"regexp"
	"slices"
	"strings"

	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// A condition on what the caller itself writes into a request keeps nobody from a call: it
// writes what is asked for. It does keep out where no value meets all statements together,
// and where the key is about what is there already, such as a network, or about how the
// request comes, such as its address: these stay open.

// A liberty is what a caller may choose under a key.
type liberty struct {
	values []string       // that AWS takes
	form   *regexp.Regexp // of others that policies name and AWS takes; nil for none
	absent bool           // the request may come without
	any    bool           // of every call, whether or not the catalog lists it there
}

func oneOf(values string) liberty { return liberty{values: strings.Fields(values)} }

// optional is oneOf for what may be left out.
func optional(values string) liberty { return liberty{values: strings.Fields(values), absent: true} }

var (
	anyText      = regexp.MustCompile(`^[^$*?]+$`)
	sessionName  = regexp.MustCompile(`^[\w+=,.@-]{2,64}$`)                  // STS API reference, AssumeRole
	instanceType = regexp.MustCompile(`^(ml\.)?[a-z][a-z0-9-]+\.[a-z0-9]+$`) // EC2 API reference, RunInstances
)

// choices are the keys that calls of the methods carry as the caller likes, in lower case,
// with values that go together in one request. Source: service authorization reference and
// the API references of the services, 2026 crawl; of calls to AWS all come by TLS.
var choices = map[string]liberty{
	"aws:securetransport": {values: []string{"true"}, any: true},
	"aws:useragent":       {values: []string{"pathfinder-probe"}, form: anyText, any: true},
	"sts:rolesessionname": {values: []string{"pathfinder-probe"}, form: sessionName, any: true},
	"sts:durationseconds": {values: []string{"3600", "900"}, any: true},

	"ec2:instancetype":                    {values: strings.Fields("t3.micro t2.micro t3.nano t3.small t3.medium t3.large t2.nano t2.small t2.medium t2.large t3a.micro t4g.micro m5.large m6i.large c5.large c6i.large r5.large r6i.large"), form: instanceType},
	"ec2:tenancy":                         oneOf("default dedicated"),
	"ec2:metadatahttptokens":              oneOf("required optional"),
	"ec2:metadatahttpendpoint":            oneOf("enabled"),
	"ec2:metadatahttpputresponsehoplimit": oneOf("1 2 3"),
	"ec2:instancemarkettype":              oneOf("on-demand spot"),
	"ec2:encrypted":                       oneOf("true"), // false is not for accounts that encrypt all
	"ec2:volumesize":                      oneOf("8 10 16 20 30 50 100"),
	"ec2:volumetype":                      oneOf("gp3 gp2 io1 io2"),
	"ec2:associatepublicipaddress":        oneOf("false true"),
	"ec2:owner":                           oneOf("amazon"),
	"ec2:public":                          oneOf("true"),
	"ec2:imagetype":                       oneOf("machine"),
	"ec2:rootdevicetype":                  oneOf("ebs"),
	"ec2:islaunchtemplateresource":        oneOf("false"),

	"lambda:vpcids":               optional(""),
	"lambda:subnetids":            optional(""),
	"lambda:securitygroupids":     optional(""),
	"lambda:layer":                optional(""),
	"lambda:codesigningconfigarn": optional(""),
	"glue:vpcids":                 optional(""),
	"glue:subnetids":              optional(""),
	"glue:securitygroupids":       optional(""),

	"cloudformation:templateurl":    optional(""), // the template comes with the call
	"cloudformation:stackpolicyurl": optional(""),
	"cloudformation:resourcetypes":  optional(""),

	"ecs:compute-compatibility":  oneOf("FARGATE EC2"),
	"ecs:privileged":             oneOf("false"),
	"ecs:task-cpu":               oneOf("256 512 1024"),
	"ecs:task-memory":            oneOf("512 1024 2048"),
	"ecs:enable-execute-command": oneOf("false true"),
	"ecs:enable-ebs-volumes":     oneOf("false"),

	"sagemaker:instancetypes":                        {values: strings.Fields("ml.t3.medium ml.m5.large ml.m5.xlarge"), form: instanceType},
	"sagemaker:directinternetaccess":                 oneOf("Enabled"),
	"sagemaker:rootaccess":                           oneOf("Enabled Disabled"),
	"sagemaker:vpcsubnets":                           optional(""),
	"sagemaker:vpcsecuritygroupids":                  optional(""),
	"sagemaker:networkisolation":                     oneOf("false"), // else nothing gets out
	"sagemaker:volumekmskeyarn":                      optional(""),
	"sagemaker:outputkmskeyarn":                      optional(""),
	"sagemaker:acceleratortypes":                     optional(""),
	"s3:x-amz-acl":                                   optional("private"),
	"s3:x-amz-server-side-encryption":                optional("AES256"),
	"s3:x-amz-server-side-encryption-aws-kms-key-id": optional(""),
	"s3:x-amz-storage-class":                         oneOf("STANDARD"),
}

// optionsFor lists what a caller may choose under a key, in lower case, as it makes a call
// on something, of what a condition tells apart; nil where it may choose nothing.
func optionsFor(key, action, on string, when *guard.Expr) (list []policy.Value) {
	c, known := choices[key]
	if !known {
		return nil
	}
	if !c.any && !catalog.Default().AsksFor(action, probing.Replace(on), key) {
		if catalog.Default().HasKey(action, key) { // of something else, as far as is known
			return []policy.Value{{}}
		}
		return nil
	}
	one := policy.Single
	if policy.Multivalued(key) {
		one = func(s string) policy.Value { return policy.List([]string{s}) }
	}
	for _, text := range when.Values(key) {
		if c.form != nil && c.form.MatchString(probing.Replace(text)) && (!strings.ContainsAny(text, "*?") || c.any) {
			list = append(list, one(probing.Replace(text)))
		}
	}
	for _, text := range c.values {
		list = append(list, one(text))
	}
	if c.absent {
		list = append(list, policy.Value{})
	}
	return list
}

// A keyValue is a request of which one key is known.
type keyValue struct {
	key string
	v   policy.Value
}

// Value returns the key's value, and for any other that it is open.
func (k keyValue) Value(key string) policy.Value {
	if key == k.key {
		return k.v
	}
	return openValue
}

// oneKey is a request of which nothing but the one value of a key is known.
func oneKey(key, value string) keyValue { return keyValue{key, policy.Single(value)} }

// absentKey is a request of which nothing is known but that it carries no such key.
func absentKey(key string) keyValue { return keyValue{key: key} }

// chosen returns what a condition of a call on something leaves open once the caller has
// written into the request what helps it.
func chosen(when *guard.Expr, action, on string) *guard.Expr {
	if when == nil || !when.Open() {
		return when
	}
	if slices.ContainsFunc(viaKeys, when.Reads) || when.Reads(viaService) {
		itself := chosen(when.Given(forwarded("")), action, on)
		if itself == guard.True || itself != guard.False && when.Given(oneKey(viaService, "true")) == guard.False {
			return itself
		}
	}
	for _, key := range when.Keys() {
		key = strings.ToLower(key)
		if carriedElsewhere(action, on, key) {
			if when = when.Given(absentKey(key)); !when.Open() {
				return when
			}
			continue
		}
		best := guard.False
		for _, v := range optionsFor(key, action, on, when) {
			if best = guard.Or(best, when.Given(keyValue{key, v})); best == guard.True {
				return best
			}
		}
		if best != guard.False {
			when = best
		}
	}
	return when
}

// carriedElsewhere reports whether a call of EC2 carries a key for other things alone that it
// is checked for: launching an instance is checked for the image too, which has no
// ec2:InstanceType. Of other services it is not known as exactly.
func carriedElsewhere(action, on, key string) bool {
	return strings.HasPrefix(strings.ToLower(action), "ec2:") && catalog.Default().AsksElsewhere(action, probing.Replace(on), key)
}

// viaService is the key that tells whether a service forwards a call.
const viaService = "aws:viaawsservice"
