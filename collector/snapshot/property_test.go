package snapshot_test

import (
	"fmt"
	"os"
	"reflect"
	"runtime"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"

	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/inventory"
)

var (
	anyText = rapid.StringMatching(`[a-zA-Z0-9 +%"\\{é]{0,8}`)
	anyName = rapid.StringMatching(`[a-z]{1,3}`)
)

func quoted(s string) jsontext.Value {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return b
}

func anyDocument(t *rapid.T) jsontext.Value {
	switch rapid.IntRange(0, 4).Draw(t, "form") {
	case 0:
		return quoted(anyText.Draw(t, "text"))
	case 1:
		return jsontext.Value(`"%7B%22Statement%22%3A%5B%5D%7D"`)
	case 2:
		return quoted(`{"Version":"2012-10-17","Statement":[]}`)
	}
	return jsontext.Value(fmt.Sprintf(`{"Statement":[{"Effect":"Allow","Action":"s3:%s","Resource":"*"}]}`, anyName.Draw(t, "action")))
}

func anyFact[T any](t *rapid.T, value func(*rapid.T) T) snapshot.Fact[T] {
	switch rapid.IntRange(0, 2).Draw(t, "known") {
	case 0:
		return snapshot.Fact[T]{}
	case 1:
		return snapshot.None[T]()
	}
	return snapshot.Have(value(t))
}

func anyTags(t *rapid.T) snapshot.Tags {
	return snapshot.TagsOf(rapid.MapOfN(anyText, anyText, 0, 3).Draw(t, "tags"))
}

func anyAccount(t *rapid.T, i int) *snapshot.Account {
	id := fmt.Sprintf("%012d", i+1)
	a := &snapshot.Account{Info: snapshot.AccountInfo{ID: id, Name: anyText.Draw(t, "name")}}
	if rapid.Bool().Draw(t, "iam") {
		a.IAM = &snapshot.AuthorizationDetails{}
		for _, name := range rapid.SliceOfNDistinct(anyName, 0, 4, rapid.ID).Draw(t, "roles") {
			a.IAM.RoleDetailList = append(a.IAM.RoleDetailList, &snapshot.RoleDetail{
				RoleName: name, ARN: "arn:aws:iam::" + id + ":role/" + name, AssumeRolePolicyDocument: anyDocument(t),
				RolePolicyList: []snapshot.InlinePolicy{{PolicyName: "p", PolicyDocument: anyDocument(t)}},
				Tags:           anyTags(t), Extra: jsontext.Value(`{"X":` + string(quoted(anyText.Draw(t, "extra"))) + `}`),
			})
		}
	}
	f := &snapshot.ResourceFile{Name: rapid.SampledFrom([]string{"", "s3"}).Draw(t, "file")}
	for _, name := range rapid.SliceOfNDistinct(anyName, 0, 4, rapid.ID).Draw(t, "queues") {
		f.Resources = append(f.Resources, &snapshot.Resource{
			ARN: "arn:aws:sqs:eu-central-1:" + id + ":" + name, Type: "AWS::SQS::Queue",
			Policy: anyFact(t, anyDocument), Tags: anyFact(t, anyTags),
			Grants: anyFact(t, func(*rapid.T) []snapshot.KMSGrant { return []snapshot.KMSGrant{} }),
		})
	}
	a.Resources = []*snapshot.ResourceFile{f}
	return a
}

func anySnapshot(t *rapid.T) *snapshot.Snapshot {
	s := &snapshot.Snapshot{Manifest: snapshot.Manifest{Format: snapshot.Format, Version: snapshot.Version, CreatedBy: anyText.Draw(t, "by")}}
	for i := range rapid.IntRange(0, 3).Draw(t, "accounts") {
		s.Accounts = append(s.Accounts, anyAccount(t, i))
	}
	return s
}

// Law: a snapshot gives the same inventory from memory, from its folder, from
// its compressed and from its packed folder, read whole or account by account,
// and writing it again gives the same bytes.
func TestFormsAgree(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		s := anySnapshot(t)
		want, err := s.Inventory()
		if err != nil {
			t.Fatal(err)
		}
		var texts []map[string]string
		for _, opts := range []snapshot.WriteOptions{{}, {Compress: true}, {Compress: true, Pack: true}} {
			dir, err := os.MkdirTemp(root, "")
			if err != nil {
				t.Fatal(err)
			}
			if err := snapshot.Write(dir, s, opts); err != nil {
				t.Fatal(err)
			}
			back, err := snapshot.Read(os.DirFS(dir))
			if err != nil {
				t.Fatal(err)
			}
			got, err := back.Inventory()
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%+v: the inventory differs", opts)
			}
			if got, err = snapshot.ReadInventory(os.DirFS(dir)); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%+v: ReadInventory differs (%v)", opts, err)
			}
			again, err := os.MkdirTemp(root, "")
			if err != nil {
				t.Fatal(err)
			}
			if err := snapshot.Write(again, back, snapshot.WriteOptions{}); err != nil {
				t.Fatal(err)
			}
			text, err := contentsOf(again)
			if err != nil {
				t.Fatal(err)
			}
			texts = append(texts, text)
			_ = os.RemoveAll(dir)
			_ = os.RemoveAll(again)
		}
		for _, text := range texts[1:] {
			if !reflect.DeepEqual(texts[0], text) {
				t.Errorf("two forms are written differently:\n%v\n%v", texts[0], text)
			}
		}
	})
}

// The same files give the same inventory at any number of workers. Not
// parallel: it changes the number of processors.
func TestReadIsDeterministic(t *testing.T) { //nolint:paralleltest // see above
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	dir := t.TempDir()
	write(t, dir, stamped(12, 5, 5), snapshot.WriteOptions{Pack: true})
	var want *inventory.Inventory
	for _, n := range []int{1, 2, 8} {
		runtime.GOMAXPROCS(n)
		got := load(t, os.DirFS(dir))
		if want == nil {
			want = got
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%d workers give another inventory than 1", n)
		}
	}
}
