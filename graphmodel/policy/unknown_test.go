package policy_test

import (
	"testing"

	"pathfinder/graphmodel/policy"
)

// A statement that is not known is broken, says why, and leaves the others be.
func TestUnknownStatement(t *testing.T) {
	t.Parallel()
	doc := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[
		{"Sid":"Fence","UnknownBecause":"the parameter Vpc has no default"},
		{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`), policy.Identity)
	if doc.Unreadable() || !doc.Damaged() || len(doc.Statements) != 2 || len(doc.Faults) != 1 {
		t.Fatalf("the document is %+v", doc)
	}
	st, fault := doc.Statements[0], doc.Faults[0]
	if !st.Broken || st.Sid != "Fence" || doc.Statements[1].Broken {
		t.Errorf("the statements are %+v and %+v", st, doc.Statements[1])
	}
	if fault.Statement != 0 || fault.Message != "the statement is not known: the parameter Vpc has no default" {
		t.Errorf("the fault is %+v", fault)
	}
}
