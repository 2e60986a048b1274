package solver_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/klauspost/compress/zstd"

	"pathfinder/graphmodel/policy"
)

// A published policy is one that AWS manages, and the version before it, if
// there is one. Where they come from stands in testdata/README.md.
type published struct {
	Version  string   `json:"version"`
	Document document `json:"document"`
	Before   *struct {
		Document document `json:"document"`
	} `json:"before"`
}

// A document is a policy document to change.
type document struct {
	Version   string      `json:"Version"`
	Statement []statement `json:"Statement"`
}

type statement map[string]any

// UnmarshalJSON reads a document whose Statement may be a single one.
func (d *document) UnmarshalJSON(b []byte) error {
	var raw struct {
		Version   string
		Statement json.RawMessage
	}
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	d.Version = raw.Version
	if strings.HasPrefix(string(raw.Statement), "{") {
		raw.Statement = json.RawMessage("[" + string(raw.Statement) + "]")
	}
	return json.Unmarshal(raw.Statement, &d.Statement)
}

// clone returns a copy whose statements can be changed one by one.
func (d *document) clone() *document {
	out := &document{Version: d.Version, Statement: slices.Clone(d.Statement)}
	for i, st := range out.Statement {
		out.Statement[i] = maps.Clone(st)
	}
	return out
}

func (d *document) parse(kind policy.Kind) *policy.Document {
	text, err := json.Marshal(d)
	if err != nil {
		panic(err)
	}
	return policy.Parse(text, kind)
}

// managedPolicies reads the published policies by name.
var managedPolicies = sync.OnceValues(func() (map[string]*published, error) {
	f, err := os.Open("testdata/managed.json.zst")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	dec, err := zstd.NewReader(f)
	if err != nil {
		return nil, err
	}
	defer dec.Close()
	text, err := io.ReadAll(dec)
	if err != nil {
		return nil, err
	}
	var out map[string]*published
	return out, json.Unmarshal(text, &out)
})

func managed(t testing.TB) map[string]*published {
	list, err := managedPolicies()
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 40 {
		t.Fatalf("only %d policies", len(list))
	}
	return list
}

// strs returns a text or list of texts as a list.
func strs(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []string:
		return slices.Clone(v)
	case []any:
		out := make([]string, len(v))
		for i := range v {
			out[i] = fmt.Sprint(v[i])
		}
		return out
	case nil:
		return nil
	}
	return []string{fmt.Sprint(v)}
}

// oneOf returns the first of the elements that a statement has, by name.
func (st statement) oneOf(names ...string) (name string, values []string) {
	for _, n := range names {
		if v, ok := st[n]; ok {
			return n, strs(v)
		}
	}
	return "", nil
}

// conditions returns a copy of a statement's conditions.
func (st statement) conditions() map[string]map[string][]string {
	out := map[string]map[string][]string{}
	block, _ := st["Condition"].(map[string]any)
	for op, keys := range block {
		out[op] = map[string][]string{}
		for k, v := range keys.(map[string]any) {
			out[op][k] = strs(v)
		}
	}
	return out
}

func (st statement) setConditions(c map[string]map[string][]string) {
	block := map[string]any{}
	for op, keys := range c {
		in := map[string]any{}
		for k, v := range keys {
			in[k] = anys(v)
		}
		if len(in) > 0 {
			block[op] = in
		}
	}
	delete(st, "Condition")
	if len(block) > 0 {
		st["Condition"] = block
	}
}

func anys(list []string) []any {
	out := make([]any, len(list))
	for i := range list {
		out[i] = list[i]
	}
	return out
}

// any picks an element.
func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// A mutation changes one statement of a document, or reports that it can't.
// Those that are quiet change nothing of what it permits.
type mutation struct {
	name  string
	quiet bool
	do    func(r *rand.Rand, d *document, at int) bool
}

var mutations = []mutation{
	{"drop an action", false, func(r *rand.Rand, d *document, at int) bool {
		name, list := d.Statement[at].oneOf("Action", "NotAction")
		if len(list) < 2 {
			return false
		}
		i := r.IntN(len(list))
		d.Statement[at][name] = anys(slices.Delete(list, i, i+1))
		return true
	}},
	{"add an action", false, func(r *rand.Rand, d *document, at int) bool {
		name, list := d.Statement[at].oneOf("Action", "NotAction")
		d.Statement[at][name] = anys(append(list, pick(r, []string{"s3:PutObject", "iam:PassRole", "ec2:Run*", "sqs:*", "*:Describe*", "made:Up"})))
		return true
	}},
	{"widen a resource", false, func(r *rand.Rand, d *document, at int) bool {
		name, list := d.Statement[at].oneOf("Resource", "NotResource")
		i := r.IntN(len(list))
		if list[i] == "*" {
			return false
		}
		fields := strings.SplitN(list[i], ":", 6)
		k := 3 + r.IntN(len(fields)-3)
		fields[k] = pick(r, []string{"*", fields[k] + "*"})
		list[i] = strings.Join(fields, ":")
		d.Statement[at][name] = anys(list)
		return true
	}},
	{"narrow a resource", false, func(r *rand.Rand, d *document, at int) bool {
		name, list := d.Statement[at].oneOf("Resource", "NotResource")
		i := r.IntN(len(list))
		switch stem, run := strings.CutSuffix(list[i], "*"); {
		case list[i] == "*":
			list[i] = pick(r, []string{"arn:aws:s3:::narrow/*", "arn:aws:ec2:eu-west-1:*:*/*"})
		case run:
			list[i] = stem + pick(r, []string{"prod-*", "x", "?*"})
		default:
			list[i] += pick(r, []string{"x", "/narrow"})
		}
		d.Statement[at][name] = anys(list)
		return true
	}},
	{"flip the effect", false, func(_ *rand.Rand, d *document, at int) bool {
		d.Statement[at]["Effect"] = map[any]string{"Allow": "Deny", "Deny": "Allow"}[d.Statement[at]["Effect"]]
		return true
	}},
	{"drop a condition", false, func(r *rand.Rand, d *document, at int) bool {
		c := d.Statement[at].conditions()
		if len(c) == 0 {
			return false
		}
		op := pick(r, slices.Sorted(maps.Keys(c)))
		delete(c[op], pick(r, slices.Sorted(maps.Keys(c[op]))))
		d.Statement[at].setConditions(c)
		return true
	}},
	{"change a condition", false, func(r *rand.Rand, d *document, at int) bool {
		c := d.Statement[at].conditions()
		if len(c) == 0 {
			return false
		}
		op := pick(r, slices.Sorted(maps.Keys(c)))
		key := pick(r, slices.Sorted(maps.Keys(c[op])))
		i := r.IntN(len(c[op][key]))
		c[op][key][i] = otherValue(c[op][key][i])
		d.Statement[at].setConditions(c)
		return true
	}},
	{"add a condition", false, func(r *rand.Rand, d *document, at int) bool {
		c := d.Statement[at].conditions()
		one := pick(r, [][3]string{
			{"StringEquals", "aws:PrincipalTag/team", "red"},
			{"Bool", "aws:SecureTransport", "true"},
			{"NotIpAddress", "aws:SourceIp", "10.0.0.0/8"},
			{"ForAnyValue:StringLike", "aws:TagKeys", "cost-*"},
			{"Null", "aws:MultiFactorAuthAge", "false"},
			{"StringNotLike", "aws:username", "admin-*"},
		})
		if c[one[0]] == nil {
			c[one[0]] = map[string][]string{}
		}
		c[one[0]][one[1]] = append(c[one[0]][one[1]], one[2])
		d.Statement[at].setConditions(c)
		return true
	}},
	{"drop a statement", false, func(_ *rand.Rand, d *document, at int) bool {
		d.Statement = slices.Delete(d.Statement, at, at+1)
		return true
	}},
	{"reverse the statements", true, func(_ *rand.Rand, d *document, _ int) bool {
		slices.Reverse(d.Statement)
		return true
	}},
	{"split a statement", true, func(_ *rand.Rand, d *document, at int) bool {
		list := strs(d.Statement[at]["Action"])
		if len(list) < 2 {
			return false
		}
		second := maps.Clone(d.Statement[at])
		d.Statement[at]["Action"], second["Action"] = anys(list[:len(list)/2]), anys(list[len(list)/2-1:])
		delete(second, "Sid")
		d.Statement = append(d.Statement, second)
		return true
	}},
	{"say part of it again", true, func(_ *rand.Rand, d *document, at int) bool {
		list := strs(d.Statement[at]["Resource"])
		if len(list) == 0 {
			return false
		}
		again := maps.Clone(d.Statement[at])
		again["Resource"] = strings.TrimSuffix(list[0], "*") + map[bool]string{true: "part/*", false: ""}[strings.HasSuffix(list[0], "*") && list[0] != "*"]
		if list[0] == "*" {
			again["Resource"] = "arn:aws:s3:::part/*"
		}
		delete(again, "Sid")
		d.Statement = append(d.Statement, again)
		return true
	}},
}

// otherValue changes a value of a condition and keeps its type.
func otherValue(v string) string {
	switch {
	case v == "true":
		return "false"
	case v == "false":
		return "true"
	case strings.Trim(v, "0123456789") == "" && v != "":
		return v + "1"
	case strings.Contains(v, "/") && strings.Trim(v, "0123456789./") == "":
		return "198.51.100.0/24"
	case strings.HasPrefix(v, "20") && strings.HasSuffix(v, "Z"):
		return "2031-01-01T00:00:00Z"
	case strings.HasPrefix(v, "arn:"):
		return v + "x"
	}
	return "other-" + v
}
