package snapshot_test

import (
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/snapshot"
)

// stamped makes accounts like those of a landing zone: most documents are the
// same everywhere, some differ.
func stamped(accounts, roles, resources int) *snapshot.Snapshot {
	s := &snapshot.Snapshot{Manifest: snapshot.Manifest{Format: snapshot.Format, Version: snapshot.Version}}
	trust := jsontext.Value(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)
	for i := range accounts {
		id := fmt.Sprintf("%012d", i+1)
		a := &snapshot.Account{Info: snapshot.AccountInfo{ID: id}, IAM: &snapshot.AuthorizationDetails{}}
		for k := range roles {
			name := fmt.Sprintf("role-%04d", k)
			doc := fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Sid":"Data","Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:ListBucket"],"Resource":["arn:aws:s3:::data-%[1]d-%[2]s","arn:aws:s3:::data-%[1]d-%[2]s/*"],"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}},{"Effect":"Allow","Action":["logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}]}`, k%100, id)
			a.IAM.RoleDetailList = append(a.IAM.RoleDetailList, &snapshot.RoleDetail{
				Path: "/", RoleName: name, ARN: "arn:aws:iam::" + id + ":role/" + name, CreateDate: "2024-05-06T07:08:09Z",
				AssumeRolePolicyDocument: trust,
				RolePolicyList:           []snapshot.InlinePolicy{{PolicyName: "data", PolicyDocument: jsontext.Value(doc)}},
				Tags:                     jsontext.Value(`[{"Key":"team","Value":"blue"},{"Key":"stack","Value":"` + name + `"}]`),
			})
		}
		f := &snapshot.ResourceFile{}
		for k := range resources {
			f.Resources = append(f.Resources, &snapshot.Resource{
				ARN: fmt.Sprintf("arn:aws:sqs:eu-central-1:%s:queue-%05d", id, k), Type: "AWS::SQS::Queue",
				Policy: snapshot.Have(jsontext.Value(fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:sns:eu-central-1:%s:topic-%d"}}}]}`, id, k))),
				Tags:   snapshot.Have(snapshot.TagsOf(map[string]string{"team": "blue"})),
			})
		}
		a.Resources = []*snapshot.ResourceFile{f}
		s.Accounts = append(s.Accounts, a)
	}
	return s
}

var large = sync.OnceValue(func() *snapshot.Snapshot { return stamped(100, 200, 200) })

// onDisk writes the large snapshot and returns its folder and its size when
// not compressed.
func onDisk(b *testing.B, opts snapshot.WriteOptions) (dir string, size int64) {
	b.Helper()
	plain := b.TempDir()
	write(b, plain, large(), snapshot.WriteOptions{})
	for _, text := range contents(b, plain) {
		size += int64(len(text))
	}
	if !opts.Compress {
		return plain, size
	}
	dir = b.TempDir()
	write(b, dir, large(), opts)
	return dir, size
}

func BenchmarkRead(b *testing.B) {
	for _, opts := range []snapshot.WriteOptions{{}, {Compress: true}} {
		b.Run(fmt.Sprintf("compress=%v", opts.Compress), func(b *testing.B) {
			dir, size := onDisk(b, opts)
			b.SetBytes(size)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := snapshot.Read(os.DirFS(dir)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkInventory(b *testing.B) {
	s := large()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Inventory(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(100*200*b.N)/b.Elapsed().Seconds(), "roles/s")
}

func BenchmarkWrite(b *testing.B) {
	for _, opts := range []snapshot.WriteOptions{{}, {Compress: true}} {
		b.Run(fmt.Sprintf("compress=%v", opts.Compress), func(b *testing.B) {
			dir, size := onDisk(b, opts)
			b.SetBytes(size)
			for b.Loop() {
				write(b, dir, large(), opts)
			}
		})
	}
}
