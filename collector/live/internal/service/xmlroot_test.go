package service

import (
	"testing"
)

func TestIsRoot(t *testing.T) {
	t.Parallel()
	tests := []struct {
		operation, body string
		want            bool
	}{
		{"GetBucketAcl", `<?xml version="1.0"?><!-- x --><AccessControlPolicy xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>`, true},
		{"GetBucketAcl", `<ListBucketResult/>`, false},
		{"GetBucketPolicy", " \n{}", true},
		{"GetBucketPolicy", `<ListBucketResult/>`, false},
		{"GetBucketTagging", `{}`, false},
		{"GetBucketTagging", ``, false},
		{"GetBucketTagging", `<`, false},
		{"ListAccessPoints", `<ListAccessPointsResult/>`, true},
		{"ListAccessPoints", `<GetAccessPointResult/>`, false},
		{"ListAccessPoints", `<Result/>`, false},
	}
	for _, tt := range tests {
		if got := isRoot(tt.operation, rootOf([]byte(tt.body))); got != tt.want {
			t.Errorf("%s: %q: got %t, want %t", tt.operation, tt.body, got, tt.want)
		}
	}
}

func FuzzRootOf(f *testing.F) {
	f.Add(`<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`)
	f.Add("{\"a\": 1}")
	f.Add("<a:b xmlns:a='c'")
	f.Fuzz(func(t *testing.T, body string) {
		if root := rootOf([]byte(body)); len(root) > len(body) {
			t.Errorf("%q holds no %q", body, root)
		}
	})
}
