package terraform_test

var iamCases = []kindCase{
	{
		name:    "user made",
		changes: []change{{kind: "aws_iam_user", actions: "create", after: `"name":"eve","path":"/team/","tags_all":{"a":"b"}`, unknown: `"arn":true,"id":true,"unique_id":true`}},
		want:    []string{"arn:aws:iam::A:user/team/eve: created"},
		holds:   `"Tags":{"a":"b"}`,
	},
	{
		name:    "user bounded by a policy that is not known",
		changes: []change{{kind: "aws_iam_user", actions: "update", before: `"name":"ann","path":"/"`, after: `"name":"ann","path":"/","tags_all":{}`, unknown: `"permissions_boundary":true`, config: `"permissions_boundary":{"references":["local.x"]}`}},
		want:    []string{"arn:aws:iam::A:user/ann: permissions boundary set"},
		holds:   `:policy/permissions-boundary-known-after-apply-`,
	},
	{
		name:    "user renamed",
		changes: []change{{kind: "aws_iam_user", actions: "update", before: `"name":"ann","path":"/"`, after: `"name":"anna","path":"/x/","tags_all":{}`}},
		want: []string{
			"arn:aws:iam::A:user/ann: renamed to arn:aws:iam::A:user/x/anna",
			"arn:aws:iam::A:role/app: trust policy: arn:aws:iam::A:user/ann is now arn:aws:iam::A:user/x/anna",
		},
	},
	{
		name:    "user removed: its unique id stays behind",
		changes: []change{{kind: "aws_iam_user", actions: "delete", before: `"name":"ann","arn":"arn:aws:iam::111122223333:user/ann"`}},
		want:    []string{"arn:aws:iam::A:user/ann: removed", "arn:aws:iam::A:role/app: trust policy: arn:aws:iam::A:user/ann is now AIDAANN000000000"},
	},
	{
		name:    "user replaced: the new one is not the one that was trusted",
		changes: []change{{kind: "aws_iam_user", actions: "delete create", before: `"name":"ann"`, after: `"name":"ann","path":"/","tags_all":{}`, unknown: `"arn":true`}},
		want: []string{
			"arn:aws:iam::A:user/ann: removed", "arn:aws:iam::A:role/app: trust policy: arn:aws:iam::A:user/ann is now AIDAANN000000000",
			"arn:aws:iam::A:user/ann: created",
		},
	},
	{
		name: "tags that are known only after apply are not those of before, and others stay known",
		changes: []change{
			{address: "aws_iam_user.a", kind: "aws_iam_user", actions: "update", before: `"name":"ann","path":"/","tags_all":{"team":"red"}`, after: `"name":"ann","path":"/","arn":"arn:aws:iam::111122223333:user/ann","tags":{"k":"v","team":null}`, unknown: `"tags":{"team":true},"tags_all":true`},
			{address: "aws_iam_role.r", kind: "aws_iam_role", actions: "create", after: `"name":"new","path":"/","assume_role_policy":` + quote(read), unknown: `"arn":true,"tags":true,"tags_all":true`, config: `"tags":{}`},
		},
		want: []string{"arn:aws:iam::A:user/ann: tags changed", "arn:aws:iam::A:role/new: created"},
		gaps: []string{
			"tags of arn:aws:iam::111122223333:user/ann: aws_iam_user.a: known only after apply",
			"tags of arn:aws:iam::111122223333:role/new: aws_iam_role.r: known only after apply",
		},
		holds: `"Tags":{"k":"v"}`,
		lacks: `"red"`,
	},
	{
		name:    "user of an unknown name",
		changes: []change{{kind: "aws_iam_user", actions: "create", after: `"path":"/","tags_all":{}`, unknown: `"name":true,"arn":true`}},
		want:    []string{"arn:aws:iam::A:user/known-after-apply-89a2a8c9: created"},
		gaps:    []string{"aws_iam_user.x: its name is known only after apply; answers call it known-after-apply-89a2a8c9"},
	},
	{
		name:    "user changed that the snapshot does not hold",
		changes: []change{{kind: "aws_iam_user", actions: "update", before: `"name":"zoe"`, after: `"name":"zoe","tags_all":{}`}},
		want:    []string{"arn:aws:iam::A:user/zoe: created", "arn:aws:iam::A:user/zoe: policy arn:aws:iam::A:policy/unread-known-after-apply-89a2a8c9 attached"},
		gaps:    []string{"aws_iam_user.x: it is changed, but the snapshot does not hold it; what hangs on it is not known"},
	},
	{
		name:    "group made, renamed and removed",
		changes: []change{{address: "aws_iam_group.a", kind: "aws_iam_group", actions: "create", after: `"name":"new","path":"/"`}, {address: "aws_iam_group.b", kind: "aws_iam_group", actions: "update", before: `"name":"staff","path":"/"`, after: `"name":"crew","path":"/"`}},
		want:    []string{"arn:aws:iam::A:group/new: created", "arn:aws:iam::A:group/staff: renamed to arn:aws:iam::A:group/crew"},
		holds:   `"GroupList":["crew"]`,
	},
	{
		name:    "group removed: memberships go with it",
		changes: []change{{kind: "aws_iam_group", actions: "delete", before: `"name":"staff"`}},
		want:    []string{"arn:aws:iam::A:group/staff: removed"},
		lacks:   `"staff"`,
	},
	{
		name: "role made with its blocks",
		changes: []change{{
			kind: "aws_iam_role", actions: "create", config: `"inline_policy":[{}],"managed_policy_arns":{}`,
			after:   `"name":"new","path":"/","assume_role_policy":` + quote(read) + `,"tags_all":{},"inline_policy":[{"name":"a","policy":` + quote(read) + `},{"name":"b"}],"managed_policy_arns":["arn:aws:iam::aws:policy/X"]`,
			unknown: `"arn":true,"inline_policy":[{},{"policy":true}]`,
		}},
		want: []string{
			"arn:aws:iam::A:role/new: created", "arn:aws:iam::A:role/new: inline policy a added", "arn:aws:iam::A:role/new: inline policy b added",
			"arn:aws:iam::A:role/new: policy arn:aws:iam::aws:policy/X attached",
		},
		holds: `{"UnknownBecause":"known only after apply: aws_iam_role.x.inline_policy"}`,
	},
	{
		name: "role with dynamic blocks, which the configuration does not show",
		changes: []change{{
			kind: "aws_iam_role", actions: "create", config: `"name":{},"assume_role_policy":{}`,
			after:   `"name":"new","path":"/","assume_role_policy":` + quote(read) + `,"tags_all":{},"inline_policy":[{"name":"deny"}]`,
			unknown: `"arn":true,"inline_policy":[{"policy":true}],"managed_policy_arns":true`,
		}},
		want:  []string{"arn:aws:iam::A:role/new: created", "arn:aws:iam::A:role/new: inline policy deny added"},
		holds: `{"UnknownBecause":"known only after apply: aws_iam_role.x.inline_policy"}`,
	},
	{
		name:    "role whose blocks nobody asked for keeps what others put",
		changes: []change{{kind: "aws_iam_role", actions: "create", after: `"name":"new","path":"/","assume_role_policy":` + quote(read) + `,"tags_all":{}`, unknown: `"arn":true,"inline_policy":true,"managed_policy_arns":true`}},
		want:    []string{"arn:aws:iam::A:role/new: created"},
	},
	{
		name: "role changed: what differs",
		changes: []change{{
			kind: "aws_iam_role", actions: "update", config: `"inline_policy":[{}]`,
			before: `"name":"app","assume_role_policy":"{}","inline_policy":[{"name":"one","policy":"{}"},{"name":"two","policy":"{}"}],"managed_policy_arns":["arn:aws:iam::111122223333:policy/p"]`,
			after:  `"name":"app","assume_role_policy":"{}","tags_all":{},"inline_policy":[{"name":"two","policy":"{}"},{"name":"three","policy":` + quote(read) + `}],"managed_policy_arns":[]`,
		}},
		want: []string{
			"arn:aws:iam::A:role/app: inline policy three added", "arn:aws:iam::A:role/app: inline policy one removed",
			"arn:aws:iam::A:role/app: policy arn:aws:iam::A:policy/p detached",
		},
	},
	{
		name:    "trust policy that is not known",
		changes: []change{{kind: "aws_iam_role", actions: "update", before: `"name":"app","assume_role_policy":"{}"`, after: `"name":"app","tags_all":{}`, unknown: `"assume_role_policy":true`}},
		want:    []string{"arn:aws:iam::A:role/app: trust policy changed"},
		holds:   `{"UnknownBecause":"known only after apply: aws_iam_role.x.assume_role_policy"}`,
	},
	{
		name:    "role removed",
		changes: []change{{kind: "aws_iam_role", actions: "delete", before: `"name":"app"`}},
		want:    []string{"arn:aws:iam::A:role/app: removed"},
	},
	{
		name:    "service-linked role",
		changes: []change{{kind: "aws_iam_service_linked_role", actions: "create", after: `"aws_service_name":"ecs.amazonaws.com","tags_all":{}`, unknown: `"arn":true,"name":true`}},
		want: []string{
			"arn:aws:iam::A:role/aws-service-role/ecs.amazonaws.com/known-after-apply-bc130a9a: created",
			"arn:aws:iam::A:role/aws-service-role/ecs.amazonaws.com/known-after-apply-bc130a9a: policy arn:aws:iam::A:policy/service-linked-known-after-apply-bc130a9a attached",
		},
		gaps: []string{"aws_iam_service_linked_role.x: its name is known only after apply; answers call it known-after-apply-bc130a9a"},
	},
	{
		name: "managed policy made and attached, whatever the order",
		changes: []change{
			{kind: "aws_iam_role_policy_attachment", actions: "create", after: `"role":"app"`, unknown: `"policy_arn":true`, config: `"policy_arn":{"references":["aws_iam_policy.x.arn","aws_iam_policy.x"]}`},
			{kind: "aws_iam_policy", actions: "create", after: `"name":"new","path":"/app/","policy":` + quote(read), unknown: `"arn":true`},
		},
		want: []string{"arn:aws:iam::A:policy/app/new: created", "arn:aws:iam::A:role/app: policy arn:aws:iam::A:policy/app/new attached"},
	},
	{
		name:    "managed policy changed to what is not known",
		changes: []change{{kind: "aws_iam_policy", actions: "update", before: `"name":"p","arn":"arn:aws:iam::111122223333:policy/p","policy":"{}"`, after: `"name":"p","arn":"arn:aws:iam::111122223333:policy/p"`, unknown: `"policy":true`}},
		want:    []string{"arn:aws:iam::A:policy/p: new default version"},
		holds:   `known only after apply: aws_iam_policy.x.policy`,
	},
	{
		name:    "managed policy removed while it is attached: what it says is unknown",
		changes: []change{{kind: "aws_iam_policy", actions: "delete", before: `"arn":"arn:aws:iam::111122223333:policy/p"`}},
		want:    []string{"arn:aws:iam::A:policy/p: removed"},
		holds:   `"AttachedManagedPolicies":[{"PolicyName":"p"`,
	},
	{
		name: "inline policies of all three kinds",
		changes: []change{
			{kind: "aws_iam_user_policy", actions: "update", before: `"user":"ann","name":"own","policy":"{}"`, after: `"user":"ann","name":"own","policy":` + quote(write)},
			{kind: "aws_iam_group_policy", actions: "delete", before: `"group":"staff","name":"own","policy":"{}"`},
			{kind: "aws_iam_role_policy", actions: "create", after: `"role":"app","name":"new"`, unknown: `"policy":true`},
		},
		want: []string{"arn:aws:iam::A:group/staff: inline policy own removed", "arn:aws:iam::A:user/ann: inline policy own changed", "arn:aws:iam::A:role/app: inline policy new added"},
	},
	{
		name:    "inline policy on a role that is not known",
		changes: []change{{kind: "aws_iam_role_policy", actions: "create", after: `"name":"new","policy":` + quote(read), unknown: `"role":true`, config: `"role":{"references":["local.role"]}`}},
		gaps:    []string{"aws_iam_role_policy.x: what it belongs to is known only after apply (role), so it is missing from the answers"},
	},
	{
		name: "attachments taken away and put",
		changes: []change{
			{kind: "aws_iam_user_policy_attachment", actions: "delete", before: `"user":"ann","policy_arn":"arn:aws:iam::111122223333:policy/p"`},
			{kind: "aws_iam_group_policy_attachment", actions: "create", after: `"group":"staff"`, unknown: `"policy_arn":true`},
		},
		want: []string{
			"arn:aws:iam::A:user/ann: policy arn:aws:iam::A:policy/p detached",
			"arn:aws:iam::A:group/staff: policy arn:aws:iam::A:policy/policy-arn-known-after-apply-7e066e44 attached",
		},
	},
	{
		name:    "aws_iam_policy_attachment takes away what it no longer lists",
		changes: []change{{kind: "aws_iam_policy_attachment", actions: "update", before: `"policy_arn":"arn:aws:iam::111122223333:policy/p","users":["ann"],"roles":["app"]`, after: `"policy_arn":"arn:aws:iam::111122223333:policy/p","users":["bob"],"roles":["app"]`}},
		want:    []string{"arn:aws:iam::A:user/bob: policy arn:aws:iam::A:policy/p attached", "arn:aws:iam::A:user/ann: policy arn:aws:iam::A:policy/p detached"},
	},
	{
		name: "memberships from both ends",
		changes: []change{
			{kind: "aws_iam_group_membership", actions: "update", before: `"group":"staff","users":["ann"]`, after: `"group":"staff","users":["bob"]`},
			{kind: "aws_iam_user_group_membership", actions: "create", after: `"user":"ann","groups":["crew"]`},
		},
		want: []string{"arn:aws:iam::A:user/bob: joined group staff", "arn:aws:iam::A:user/ann: left group staff", "arn:aws:iam::A:user/ann: joined group crew"},
	},
	{
		name: "exclusive lists take away nothing that is not known",
		changes: []change{
			{kind: "aws_iam_role", actions: "update", before: `"name":"gone","path":"/","tags_all":{}`, after: `"name":"gone","path":"/","tags_all":{"a":"b"},"assume_role_policy":""`},
			{kind: "aws_iam_role_policy_attachments_exclusive", actions: "create", after: `"role_name":"gone","policy_arns":[]`},
		},
		want: []string{"arn:aws:iam::A:role/gone: created", "arn:aws:iam::A:role/gone: policy arn:aws:iam::A:policy/unread-known-after-apply-92e81a0b attached"},
		gaps: []string{"aws_iam_role.x: it is changed, but the snapshot does not hold it; what hangs on it is not known"},
	},
	{
		name: "exclusive lists take away all else",
		changes: []change{
			{kind: "aws_iam_role_policies_exclusive", actions: "create", after: `"role_name":"app","policy_names":["two"]`},
			{kind: "aws_iam_role_policy_attachments_exclusive", actions: "create", after: `"role_name":"app","policy_arns":["arn:aws:iam::aws:policy/X"]`},
		},
		want: []string{
			"arn:aws:iam::A:role/app: inline policy one removed",
			"arn:aws:iam::A:role/app: policy arn:aws:iam::aws:policy/X attached", "arn:aws:iam::A:role/app: policy arn:aws:iam::A:policy/p detached",
		},
	},
	{
		name:    "exclusive lists that go take nothing away",
		changes: []change{{kind: "aws_iam_role_policies_exclusive", actions: "delete", before: `"role_name":"app","policy_names":["two"]`}},
	},
	{
		name: "instance profiles, providers and the alias",
		changes: []change{
			{address: "aws_iam_instance_profile.a", kind: "aws_iam_instance_profile", actions: "create", after: `"name":"new","path":"/","role":"app"`, unknown: `"arn":true`},
			{address: "aws_iam_instance_profile.b", kind: "aws_iam_instance_profile", actions: "delete", before: `"name":"app","arn":"arn:aws:iam::111122223333:instance-profile/app"`},
			{address: "aws_iam_openid_connect_provider.a", kind: "aws_iam_openid_connect_provider", actions: "create", after: `"url":"https://new.test/","client_id_list":["sts"]`, unknown: `"arn":true`},
			{address: "aws_iam_openid_connect_provider.b", kind: "aws_iam_openid_connect_provider", actions: "delete", before: `"arn":"arn:aws:iam::111122223333:oidc-provider/old.test"`},
			{kind: "aws_iam_saml_provider", actions: "delete create", before: `"arn":"arn:aws:iam::111122223333:saml-provider/old"`, after: `"name":"new"`, unknown: `"arn":true`},
			{kind: "aws_iam_account_alias", actions: "create", after: `"account_alias":"new"`},
		},
		want: []string{
			"arn:aws:iam::A:role/app: instance profile arn:aws:iam::A:instance-profile/app delivers it no more",
			"arn:aws:iam::A:saml-provider/old: removed", "arn:aws:iam::A:oidc-provider/old.test: removed",
			"arn:aws:iam::A:oidc-provider/new.test: created", "arn:aws:iam::A:saml-provider/new: created", "A: account alias changed",
			"arn:aws:iam::A:role/app: instance profile arn:aws:iam::A:instance-profile/new delivers it",
		},
	},
}
