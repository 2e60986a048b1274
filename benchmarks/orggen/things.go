package orggen

import (
	"math"
	"strconv"
	"strings"
)

// The kinds of resources, as CloudFormation names them.
const (
	bucket      = "AWS::S3::Bucket"
	accessPoint = "AWS::S3::AccessPoint"
	queue       = "AWS::SQS::Queue"
	topic       = "AWS::SNS::Topic"
	key         = "AWS::KMS::Key"
	function    = "AWS::Lambda::Function"
	table       = "AWS::DynamoDB::Table"
	secret      = "AWS::SecretsManager::Secret"
	repository  = "AWS::ECR::Repository"
)

// A thing is a resource whose name is known before it is made.
type thing struct {
	kind, name, arn string
	app             string
	stamped         bool
	bucket          string // of an access point
	shared          bool   // with the organization
}

// mix is the order in which kinds come, twenty at a time.
var mix = []string{
	bucket, function, queue, table, secret, topic, bucket, key, function, bucket,
	queue, function, table, repository, bucket, secret, topic, queue, key, bucket,
}

// parts are what things of an application are called, the first of a kind first.
var parts = map[string][]string{
	bucket: {"data", "exports", "logs", "uploads", "backups"}, function: {"api", "ingest", "notify"}, queue: {"jobs", "dead", "mail"},
	table: {"table", "index"}, secret: {"db", "token"}, topic: {"events", "alarms"}, key: {"key", "archive-key"}, repository: {"images"},
}

// planResources names the resources: those of applications that every account
// has, and then the account's own.
func (a *account) planResources() {
	n := a.cfg.Resources
	stamped := int(math.Round(float64(n) * a.cfg.Shares.Stamped))
	seen := make(map[string]int)
	for j := range n {
		t := &thing{kind: mix[j%len(mix)], stamped: j < stamped}
		if t.stamped {
			t.app = appName(j / len(mix))
			nth := seen[t.kind+t.app]
			seen[t.kind+t.app]++
			t.name = t.app + "-" + parts[t.kind][nth]
			if t.kind == secret {
				t.name = t.app + "/" + parts[t.kind][nth]
			}
		} else {
			t.app = pick(a.random, words)
			t.name = t.app + "-" + pick(a.random, tails) + "-" + strconv.Itoa(j)
		}
		a.plant(t)
	}
	a.planShared()
}

// planShared names what the accounts with shared services have for everyone.
func (a *account) planShared() {
	for i, id := range a.plan.names.Shared {
		if id != a.id {
			continue
		}
		name := a.plan.names.ArtifactsBucket
		if i > 0 {
			name += "-" + strconv.Itoa(i+1)
		}
		a.things = append(a.things, &thing{kind: bucket, name: name, arn: "arn:aws:s3:::" + name, app: "artifacts", shared: true})
		a.plant(&thing{kind: repository, name: "org-base-images", app: "artifacts", shared: true})
		a.plant(&thing{kind: topic, name: "org-events", app: "artifacts", shared: true})
		a.plant(&thing{kind: key, name: "org-artifacts", app: "artifacts", shared: true})
	}
}

// plant gives a thing its ARN and adds it. Some repositories that no stack has
// become access points of a bucket instead.
func (a *account) plant(t *thing) {
	base := ":" + a.region + ":" + a.id + ":"
	if t.kind == repository && !t.stamped && !t.shared && a.chance(0.4) {
		for _, b := range a.things {
			if b.kind == bucket {
				t.kind, t.bucket = accessPoint, b.name
			}
		}
	}
	switch t.kind {
	case bucket:
		t.name += "-" + a.id
		t.arn = "arn:aws:s3:::" + t.name
	case accessPoint:
		t.arn = "arn:aws:s3" + base + "accesspoint/" + t.name
	case queue:
		t.arn = "arn:aws:sqs" + base + t.name
	case topic:
		t.arn = "arn:aws:sns" + base + t.name
	case key:
		t.arn = "arn:aws:kms" + base + "key/" + a.uuid()
	case function:
		t.arn = "arn:aws:lambda" + base + "function:" + t.name
	case table:
		t.arn = "arn:aws:dynamodb" + base + "table/" + t.name
	case secret:
		t.arn = "arn:aws:secretsmanager" + base + "secret:" + t.name + "-" + a.text(mixed, 6)
	case repository:
		t.arn = "arn:aws:ecr" + base + "repository/" + t.name
	}
	a.things = append(a.things, t)
}

// fillIn replaces what statements say of a thing.
func fillIn(statements string, t *thing) string {
	return strings.NewReplacer("{arn}", t.arn, "{name}", t.name).Replace(statements)
}

// withoutTwins drops Sids, as statements of several templates come together and
// a Sid stands once in a policy.
func withoutTwins(statements string) string {
	for {
		at := strings.Index(statements, `"Sid":"`)
		if at < 0 {
			return statements
		}
		end := strings.Index(statements[at:], `",`)
		statements = statements[:at] + statements[at+end+2:]
	}
}
