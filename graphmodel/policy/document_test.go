package policy_test

import (
	"strings"
	"testing"

	"pathfinder/graphmodel/policy"
)

const allow = `"Effect":"Allow","Action":"s3:GetObject","Resource":"*"`

func TestDocument(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		kind       policy.Kind
		statements int
		unreadable bool
		damaged    bool
	}{
		{name: "E1 a list of statements", text: `{"Version":"2012-10-17","Statement":[{` + allow + `},{` + allow + `}]}`, kind: policy.Identity, statements: 2},
		{name: "E1 one bare statement", text: `{"Version":"2012-10-17","Statement":{` + allow + `}}`, kind: policy.Identity, statements: 1},
		{name: "E1 an empty list", text: `{"Version":"2012-10-17","Statement":[]}`, kind: policy.Identity},
		{name: "E1 order of keys has no effect", text: `{"Statement":{` + allow + `},"Version":"2012-10-17"}`, kind: policy.Identity, statements: 1},
		{name: "E1 unknown element", text: `{"Statements":[],"Statement":{` + allow + `}}`, kind: policy.Identity, statements: 1, unreadable: true, damaged: true},
		{name: "E1 no Statement", text: `{"Version":"2012-10-17"}`, kind: policy.Identity, unreadable: true, damaged: true},
		{name: "E1 Id in a resource policy", text: `{"Id":"x","Statement":[]}`, kind: policy.Resource},
		{name: "E2 no Version", text: `{"Statement":{` + allow + `}}`, kind: policy.Identity, statements: 1},
		{name: "E2 another Version", text: `{"Version":"2015-01-01","Statement":{` + allow + `}}`, kind: policy.Identity, statements: 1, unreadable: true, damaged: true},
		{name: "E4 two Sids alike", text: `{"Statement":[{"Sid":"a",` + allow + `},{"Sid":"a",` + allow + `}]}`, kind: policy.Identity, statements: 2},
		{name: "E8 a key twice", text: `{"Statement":{` + allow + `,"Effect":"Deny"}}`, kind: policy.Identity, unreadable: true, damaged: true},
		{name: "E8 a condition key twice in other case", text: `{"Statement":{` + allow + `,"Condition":{"StringEquals":{"aws:x":"1","AWS:X":"2"}}}}`, kind: policy.Identity, statements: 1, damaged: true},
		{name: "E8 a key in two operators", text: `{"Statement":{` + allow + `,"Condition":{"StringEquals":{"aws:x":"1"},"StringLike":{"aws:x":"2"}}}}`, kind: policy.Identity, statements: 1},
		{name: "E9 characters beyond U+00FF", text: `{"Statement":{"Sid":"日本",` + allow + `}}`, kind: policy.Resource, statements: 1},
		{name: "E11 one broken statement of two", text: `{"Statement":[{` + allow + `},{"Effect":"allow"}]}`, kind: policy.Identity, statements: 2, damaged: true},
		{name: "E11 no JSON", text: `{`, kind: policy.Identity, unreadable: true, damaged: true},
		{name: "E11 a list", text: `[]`, kind: policy.Identity, unreadable: true, damaged: true},
		{name: "E11 empty", text: ``, kind: policy.Identity, unreadable: true, damaged: true},
		{name: "E12 nonsense that AWS saves", text: `{"Statement":{"Effect":"Allow","Action":"no:Such","Resource":"arn:aws:none:::x"}}`, kind: policy.Identity, statements: 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := policy.Parse([]byte(tt.text), tt.kind)
			if len(d.Statements) != tt.statements || d.Unreadable() != tt.unreadable || d.Damaged() != tt.damaged {
				t.Errorf("%s\nstatements %d, unreadable %v, damaged %v; want %d, %v, %v\n%v",
					tt.text, len(d.Statements), d.Unreadable(), d.Damaged(), tt.statements, tt.unreadable, tt.damaged, d.Faults)
			}
			if string(d.Text()) != tt.text {
				t.Errorf("Text() = %q", d.Text())
			}
			for _, s := range d.Statements {
				if d.Unreadable() && !s.Broken {
					t.Errorf("E11: statement %d of an unreadable document is not broken", s.Index)
				}
			}
		})
	}
}

func TestVersionDecidesOnVariables(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, version string
		want          bool
	}{
		{name: "E3 2012-10-17", version: `"Version":"2012-10-17",`, want: true},
		{name: "E3 2008-10-17", version: `"Version":"2008-10-17",`},
		{name: "E2 without", version: ``},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := policy.Parse([]byte(`{`+tt.version+`"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::data/${aws:username}",
				"Condition":{"StringEquals":{"aws:x":"${aws:username}"}}}}`), policy.Identity)
			s := d.Statements[0]
			ctx := present("aws:username", "ann", "aws:x", "ann")
			p, _, _ := s.Resources[0].Expand(ctx)
			if got := p.Match("arn:aws:s3:::data/ann") != 0; got != tt.want {
				t.Errorf("the resource covers data/ann: %v, want %v", got, tt.want)
			}
			if got := s.Conditions[0].Test(ctx) == policy.True; got != tt.want {
				t.Errorf("the condition holds: %v, want %v", got, tt.want)
			}
			if d.Variables() != tt.want {
				t.Errorf("Variables() = %v", d.Variables())
			}
		})
	}
}

// The table of E6, cell by cell: which elements break a statement where.
func TestElementsByKind(t *testing.T) {
	t.Parallel()
	const (
		fine = iota
		refused
		broken
	)
	kinds := []policy.Kind{
		policy.Identity, policy.Boundary, policy.Session, policy.Trust, policy.Resource, policy.SCP, policy.RCP, policy.Endpoint,
	}
	tests := []struct {
		name, text string
		want       [8]int // in the order of kinds
	}{
		{
			name: "E6 neither Principal nor Resource", text: `"Effect":"Deny","Action":"sts:AssumeRole"`,
			want: [8]int{broken, broken, broken, refused, refused, broken, broken, broken},
		},
		{
			name: "E6 Resource without Principal", text: `"Effect":"Deny","Action":"sts:AssumeRole","Resource":"*"`,
			want: [8]int{fine, fine, fine, broken, refused, fine, refused, refused},
		},
		{
			name: "E6 Principal without Resource", text: `"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"`,
			want: [8]int{broken, broken, broken, fine, fine, broken, broken, broken},
		},
		{
			name: "E6 Principal and Resource", text: `"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Resource":"*"`,
			want: [8]int{broken, broken, broken, broken, fine, broken, fine, fine},
		},
		{
			name: "E6 Deny with NotPrincipal", text: `"Effect":"Deny","NotPrincipal":{"AWS":"111111111111"},"Action":"sts:AssumeRole","Resource":"*"`,
			want: [8]int{broken, broken, broken, broken, fine, broken, refused, fine},
		},
		{
			name: "E25 Allow with NotPrincipal", text: `"Effect":"Allow","NotPrincipal":{"AWS":"111111111111"},"Action":"sts:AssumeRole","Resource":"*"`,
			want: [8]int{broken, broken, broken, broken, refused, broken, refused, refused},
		},
		{
			name: "E6 NotAction and NotResource", text: `"Effect":"Deny","NotAction":"sts:*","NotResource":"arn:aws:s3:::data"`,
			want: [8]int{fine, fine, fine, broken, refused, fine, refused, refused},
		},
		{
			name: "E6 an Allow of its own", text: `"Effect":"Allow","Principal":"*","Action":"sts:*","Resource":"*"`,
			want: [8]int{broken, broken, broken, broken, fine, broken, refused, fine},
		},
		{
			name: "E6 a Deny for one account", text: `"Effect":"Deny","Principal":{"AWS":"111111111111"},"Action":"sts:*","Resource":"*"`,
			want: [8]int{broken, broken, broken, broken, fine, broken, refused, fine},
		},
		{
			name: "E28 a Deny of every action", text: `"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"`,
			want: [8]int{broken, broken, broken, broken, fine, broken, refused, fine},
		},
		{
			name: "E109 the default policy of AWS", text: `"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"`,
			want: [8]int{broken, broken, broken, broken, fine, broken, fine, fine},
		},
		{
			name: "E6 Action and NotAction", text: `"Effect":"Deny","Principal":"*","Action":"sts:*","NotAction":"s3:*","Resource":"*"`,
			want: [8]int{broken, broken, broken, broken, broken, broken, broken, broken},
		},
		{
			name: "E6 Resource and NotResource", text: `"Effect":"Deny","Principal":"*","Action":"sts:*","Resource":"*","NotResource":"*"`,
			want: [8]int{broken, broken, broken, broken, broken, broken, broken, broken},
		},
		{
			name: "E6 Principal and NotPrincipal", text: `"Effect":"Deny","Principal":"*","NotPrincipal":"*","Action":"sts:*","Resource":"*"`,
			want: [8]int{broken, broken, broken, broken, broken, broken, broken, broken},
		},
		{
			name: "E5 no Effect", text: `"Principal":"*","Action":"sts:*","Resource":"*"`,
			want: [8]int{broken, broken, broken, broken, broken, broken, broken, broken},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for i, kind := range kinds {
				d := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[{`+tt.text+`}]}`), kind)
				got := fine
				if len(d.Faults) > 0 {
					got = refused
				}
				if d.Statements[0].Broken {
					got = broken
				}
				if got != tt.want[i] {
					t.Errorf("in a %v: %d, want %d (0 fine, 1 refused, 2 broken); %v", kind, got, tt.want[i], d.Faults)
				}
			}
		})
	}
}

func TestEffect(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, effect string
		want         policy.Effect
	}{
		{name: "E5 Allow", effect: `"Allow"`, want: policy.Allow},
		{name: "E5 Deny", effect: `"Deny"`, want: policy.Deny},
		{name: "E5 case counts", effect: `"allow"`},
		{name: "E5 another word", effect: `"Permit"`},
		{name: "E5 a boolean", effect: `true`},
		{name: "E5 a list", effect: `["Allow"]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := statement(t, policy.Identity, `{"Effect":`+tt.effect+`,"Action":"s3:*","Resource":"*"}`)
			if s.Effect != tt.want || s.Broken != (tt.want == policy.EffectInvalid) {
				t.Errorf("Effect %v, broken %v; want %v", s.Effect, s.Broken, tt.want)
			}
		})
	}
}

func TestBareValuesAndLists(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, a, b string // two statements that mean the same
	}{
		{
			name: "E7 a bare action and resource",
			a:    `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`,
			b:    `{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["*"]}`,
		},
		{
			name: "E7 a bare condition value",
			a:    `{` + allow + `,"Condition":{"StringEquals":{"aws:x":"1"}}}`,
			b:    `{` + allow + `,"Condition":{"StringEquals":{"aws:x":["1"]}}}`,
		},
		{
			name: "E7 a boolean is its text",
			a:    `{` + allow + `,"Condition":{"Bool":{"aws:SecureTransport":true}}}`,
			b:    `{` + allow + `,"Condition":{"Bool":{"aws:SecureTransport":"true"}}}`,
		},
		{
			name: "E7 a number is its text",
			a:    `{` + allow + `,"Condition":{"NumericLessThan":{"aws:MultiFactorAuthAge":900}}}`,
			b:    `{` + allow + `,"Condition":{"NumericLessThan":{"aws:MultiFactorAuthAge":"900"}}}`,
		},
		{
			name: "E7 escapes of JSON are undone",
			a:    `{"Effect":"Allow","Action":"s3:\u0047etObject","Resource":"arn:aws:s3:::data\/k"}`,
			b:    `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::data/k"}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a, b := statement(t, policy.Identity, tt.a), statement(t, policy.Identity, tt.b)
			if d := sameMeaning(a, b); a.Broken || d != "" {
				t.Errorf("%s\nis not\n%s\n%s", tt.a, tt.b, d)
			}
		})
	}
}

func TestUnreadable(t *testing.T) {
	t.Parallel()
	d := policy.Unreadable(policy.Resource, "the bucket policy could not be read: access denied")
	if !d.Unreadable() || !d.Damaged() || d.Kind != policy.Resource || len(d.Statements) != 0 {
		t.Errorf("E11: %+v", d)
	}
	if got := d.Faults[0].String(); !strings.Contains(got, "access denied") {
		t.Errorf("the fault %q does not say why", got)
	}
	if len(d.Review()) != 0 {
		t.Errorf("Review() = %v", d.Review())
	}
}

func TestKindNames(t *testing.T) {
	t.Parallel()
	for k, want := range map[policy.Kind]string{
		policy.KindInvalid: "invalid", policy.Identity: "identity-policy", policy.Boundary: "permissions-boundary",
		policy.Session: "session-policy", policy.Trust: "trust-policy", policy.Resource: "resource-policy",
		policy.SCP: "service-control-policy", policy.RCP: "resource-control-policy", policy.Endpoint: "endpoint-policy",
	} {
		if k.String() != want {
			t.Errorf("kind %d is called %q, want %q", k, k, want)
		}
	}
}
