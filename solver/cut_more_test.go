package solver_test

import (
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

const (
	cutStranger = "arn:aws:iam::222222222222:user/x"
	cutLetAll   = `{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}`
)

// Whom answers do not list, as nothing names it, has ways all the same where
// everybody is let in, or its account (E20, E99): asked about by name it is closed
// off, and kept.
func TestCutOfWhomNothingNames(t *testing.T) {
	t.Parallel()
	public := func(w *cutWorld) { w.data.Policy = cutDoc(policy.Resource, cutPublic); blockNothing(w) }
	foreign := func(w *cutWorld) { w.data.Policy = cutDoc(policy.Resource, cutForeign); blockNothing(w) }
	byRole := func(w *cutWorld) {
		w.reader.Inline, w.reader.Trust = may(cutRead), cutDoc(policy.Trust, cutLetAll)
		w.admin.Inline, w.admin.Trust = may(cutBecome), cutDoc(policy.Trust, cutLetAll)
	}
	from := func(who ...string) solver.CutQuestion { return solver.CutQuestion{From: who, Brief: true} }
	closed := []string{"cut resource-policy data #0"}
	tests := []cutRow{
		{name: "a user, as everybody", world: public, q: from(cutStranger), want: closed},
		{name: "a session, as everybody", world: public, q: from("arn:aws:sts::222222222222:assumed-role/x/y"), want: closed},
		{name: "a session of a role that is there, as everybody", world: public, q: from("arn:aws:sts::111111111111:assumed-role/admin/y"), want: closed},
		{name: "a service, as everybody", world: public, q: from("lambda.amazonaws.com"), want: closed},
		{name: "an account, as everybody", world: public, q: from("222222222222"), want: closed},
		{name: "its root user stands for it", world: public, q: from("arn:aws:iam::222222222222:root"), want: closed},
		{name: "a user, by its account", world: foreign, q: from(cutStranger), want: closed},
		{name: "a user of another account", world: foreign, q: from("arn:aws:iam::333333333333:user/x")},
		{name: "another account", world: foreign, q: from("333333333333")},
		{name: "a service is of no account", world: foreign, q: from("lambda.amazonaws.com")},
		{
			name: "through roles", world: byRole, q: from(cutStranger, "arn:aws:iam::333333333333:user/x"),
			want: []string{"cut trust-policy role/reader #0", "2 cross role/reader (all)"},
		},
		{name: "kept, as everybody", world: public, q: solver.CutQuestion{From: []string{"anonymous"}, Keep: []string{cutStranger}, Brief: true}, want: []string{"open anonymous for user/x"}},
		{name: "kept, an account as everybody", world: public, q: solver.CutQuestion{From: []string{"anonymous"}, Keep: []string{"222222222222"}, Brief: true}, want: []string{"open anonymous for root"}},
		{name: "kept, by its account", world: foreign, q: solver.CutQuestion{From: []string{"222222222222"}, Keep: []string{cutStranger}, Brief: true}, want: []string{"open root for user/x"}},
		{name: "kept, without access", world: foreign, q: solver.CutQuestion{From: []string{"outside"}, Keep: []string{"lambda.amazonaws.com"}, Brief: true}, want: closed},
		{
			name: "kept, by another way",
			world: func(w *cutWorld) {
				w.data.Policy = cutDoc(policy.Resource, cutPublic, cutForeign)
				blockNothing(w)
			},
			q: solver.CutQuestion{From: []string{"anonymous"}, Keep: []string{cutStranger}, Brief: true}, want: closed,
		},
		{
			name:  "kept, through a role",
			world: func(w *cutWorld) { w.reader.Inline, w.reader.Trust = may(cutRead), cutDoc(policy.Trust, cutLetAll) },
			q:     solver.CutQuestion{From: []string{"ann"}, Keep: []string{cutStranger}, Brief: true},
			want:  []string{"open user/ann for user/x but " + cutNotReader},
		},
	}
	for i := range tests {
		tests[i].run(t)
	}
}

const cutNotReader = `{"Effect":"Deny","Action":["sts:AssumeRole"],"Resource":["arn:aws:iam::111111111111:role/reader"]}`

// What somebody to be kept may lose, as far as is known, is not taken either (E236):
// whether the bucket is closed to the public was not read.
func TestCutKeepsWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	world := func(w *cutWorld) { w.data.Policy = cutDoc(policy.Resource, cutPublic); w.eve.Inline = may(cutRead) }
	tests := []cutRow{
		{
			name: "nobody knows whether it counts", world: world,
			q:    solver.CutQuestion{From: []string{"anonymous"}, Keep: []string{"222222222222"}, Brief: true},
			want: []string{"open anonymous for root"},
		},
		{
			name: "who is named besides",
			world: func(w *cutWorld) {
				w.data.Policy = cutDoc(policy.Resource, cutPublic, `{"Effect":"Allow","Principal":{"AWS":"222222222222"},"Action":"s3:ListBucket","Resource":"arn:aws:s3:::data"}`)
			},
			q:    solver.CutQuestion{From: []string{"anonymous"}, Keep: []string{"222222222222"}, Brief: true},
			want: []string{"open anonymous for root"},
		},
		{
			name: "it is known to be open", world: func(w *cutWorld) { world(w); blockNothing(w) },
			q:    solver.CutQuestion{From: []string{"anonymous"}, Keep: []string{"222222222222"}, Brief: true},
			want: []string{"open anonymous for root"},
		},
		{
			name: "somebody else is kept, who does not need it", world: func(w *cutWorld) { world(w); blockNothing(w) },
			q:    solver.CutQuestion{From: []string{"anonymous"}, Keep: []string{"eve"}, Brief: true},
			want: []string{"cut resource-policy data #0"},
		},
	}
	for i := range tests {
		tests[i].run(t)
	}
}

// What is lost with a grant is also what a key lets through no more (E128), what its
// policy lets through no more as a boundary, and what several grants give that all go.
func TestCutLoses(t *testing.T) {
	t.Parallel()
	const (
		key     = "arn:aws:kms:eu-west-1:111111111111:key/k"
		keyAll  = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"kms:*","Resource":"*"}`
		keyAnn  = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:user/ann"},"Action":"kms:Decrypt","Resource":"*"}`
		decrypt = `{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"}`
		readAll = `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`
	)
	// A bucket "spare" is encrypted with the key of the bucket, or with none.
	sealed := func(spare string, grants int, statements ...string) func(w *cutWorld) {
		return func(w *cutWorld) {
			w.data.EncryptionKey = key
			w.more = []*inventory.Resource{
				{ARN: key, Type: "AWS::KMS::Key", Name: "k", Region: "eu-west-1", Account: "111111111111", Policy: cutDoc(policy.Resource, statements...), HasGrants: inventory.Have},
				{
					ARN: "arn:aws:s3:::spare", Type: "AWS::S3::Bucket", Name: "spare", Account: "111111111111", EncryptionKey: spare,
					HasPolicy: inventory.None, HasTags: inventory.None, S3: &inventory.S3{Ownership: "BucketOwnerEnforced", HasACL: inventory.Have},
				},
			}
			for range grants {
				w.more[0].KMSGrants = append(w.more[0].KMSGrants, inventory.KMSGrant{ID: "g", Grantee: w.ann.ARN, Operations: []string{"Decrypt"}})
			}
			w.ann.Inline = may(readAll)
		}
	}
	leave := solver.CutQuestion{From: []string{"ann"}, Leave: []string{"arn:aws:iam::111111111111:user/ann/own"}}
	tests := []cutRow{
		{
			name: "a statement of a key, and another bucket with it", world: sealed(key, 0, keyAnn), q: leave,
			want: []string{"cut resource-policy key/k #0 - user/ann on key/k 1 - user/ann on spare 1"},
		},
		{
			name: "a statement of a key, and another bucket without", world: sealed("", 0, keyAnn), q: leave,
			want: []string{"cut resource-policy key/k #0 - user/ann on key/k 1"},
		},
		{
			name: "a grant of a key", world: sealed(key, 1), q: leave,
			want: []string{"cut kms-grant key/k #0 - user/ann on key/k 1 - user/ann on spare 1"},
		},
		{
			name: "two grants that give the same", world: sealed(key, 2), q: leave,
			want: []string{
				"cut kms-grant key/k #0 - user/ann on key/k 1 - user/ann on spare 1",
				"cut kms-grant key/k #1 - user/ann on key/k 1 - user/ann on spare 1",
			},
		},
		{
			name: "what opens a key to somebody",
			world: func(w *cutWorld) {
				sealed(key, 0, keyAll)(w)
				w.ann.Inline = append(may(readAll), &inventory.Policy{Name: "keys", Doc: cutDoc(policy.Identity, decrypt)})
			},
			q:    leave,
			want: []string{"cut identity-policy user/ann/keys #0 - user/ann on key/k 1 - user/ann on spare 1"},
		},
		{
			name: "a boundary of somebody else",
			world: func(w *cutWorld) {
				p := &inventory.Policy{Name: "p", ARN: "arn:aws:iam::111111111111:policy/p", Doc: cutDoc(policy.Identity, cutSend, cutOther)}
				w.ann.Attached, w.bob.Boundary, w.bob.Inline = []*inventory.Policy{p}, p, may(`{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}`, cutSend)
			},
			q:    solver.CutQuestion{From: []string{"ann"}},
			want: []string{"cut identity-policy policy/p #1 - user/ann - user/bob on data 1"},
		},
		{
			name: "a boundary that lets the same through without it",
			world: func(w *cutWorld) {
				p := &inventory.Policy{Name: "p", ARN: "arn:aws:iam::111111111111:policy/p", Doc: cutDoc(policy.Identity, `{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}`, cutOther)}
				w.ann.Attached, w.bob.Boundary, w.bob.Inline = []*inventory.Policy{p}, p, may(`{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}`, cutSend)
			},
			q:    solver.CutQuestion{From: []string{"ann"}},
			want: []string{"cut identity-policy policy/p #1"},
		},
	}
	for i := range tests {
		tests[i].run(t)
	}
}

// blockNothing says that nothing blocks public access.
func blockNothing(w *cutWorld) {
	w.data.S3.PublicAccessBlock = inventory.PublicAccessBlock{Known: inventory.Have}
	w.ann.Account.PublicAccessBlock = inventory.PublicAccessBlock{Known: inventory.Have}
}
