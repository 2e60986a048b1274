package solver

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// inMany lists labs in which one of n like things is what somebody escalates by.
func inMany(n int) map[string]func(l *lab, at int) {
	on := func(action, resource string) string {
		return `{"Effect":"Allow","Action":` + commaList(action) + `,"Resource":` + commaList(resource) + `}`
	}
	when := func(statement, condition string) string {
		return strings.TrimSuffix(statement, "}") + `,"Condition":{` + condition + `}}`
	}
	each := func(f func(i int) string) (out []string) {
		for i := range n {
			out = append(out, f(i))
		}
		return out
	}
	user := func(l *lab, statements ...string) {
		l.who = l.user("climber", policyOf(policy.Identity, statements...))
	}
	teams := func(l *lab, at int, deciding string) {
		for i := range n {
			st := on("iam:PassRole", labIAM+"role/none")
			if i == at {
				st = deciding
			}
			l.account.Held().Policies = append(l.account.Held().Policies, managedOf(fmt.Sprintf("team-%03d", i), st))
		}
	}
	const ofTeams = `"ArnLike":{"iam:PolicyARN":"` + labIAM + `policy/team-*"}`
	return map[string]func(l *lab, at int){
		"policies attachable": func(l *lab, at int) {
			teams(l, at, allowsOn("iam:*"))
			user(l, when(on("iam:AttachUserPolicy", labIAM+"user/climber"), ofTeams))
		},
		"policies attachable to another": func(l *lab, at int) {
			teams(l, at, allowsAll)
			user(l, when(on("iam:AttachUserPolicy", labIAM+"user/other"), ofTeams), on("iam:CreateAccessKey", labIAM+"user/other"))
			l.user("other")
		},
		"groups": func(l *lab, at int) {
			for i := range n {
				st := allowsOn(fmt.Sprintf("s3:GetObject%d", i), "iam:PassRole")
				if i == at {
					st = allowsAll
				}
				l.group(fmt.Sprintf("g-%03d", i), nil, policyOf(policy.Identity, st))
			}
			user(l, allowsOn("iam:AddUserToGroup"))
		},
		"groups of another": func(l *lab, at int) {
			for i := range n {
				st := allowsOn(fmt.Sprintf("s3:GetObject%d", i), "iam:PassRole")
				if i == at {
					st = allowsOn("iam:AttachUserPolicy")
				}
				l.group(fmt.Sprintf("g-%03d", i), nil, policyOf(policy.Identity, st))
			}
			user(l, allowsOn("iam:AddUserToGroup"))
		},
		"policy names": func(l *lab, at int) {
			list := each(func(i int) string { return on("iam:CreatePolicy", fmt.Sprintf("%spolicy/p-%03d-*", labIAM, i)) })
			user(l, append(list, when(on("iam:AttachUserPolicy", labIAM+"user/*"), fmt.Sprintf(`"ArnLike":{"iam:PolicyARN":"%spolicy/p-%03d-*"}`, labIAM, at)))...)
		},
		"attached names": func(l *lab, at int) {
			list := each(func(i int) string {
				return when(on("iam:AttachUserPolicy", labIAM+"user/*"), fmt.Sprintf(`"ArnLike":{"iam:PolicyARN":"%spolicy/p-%03d-*"}`, labIAM, i))
			})
			user(l, append(list, on("iam:CreatePolicy", fmt.Sprintf("%spolicy/p-%03d-*", labIAM, at)))...)
		},
		"role names": func(l *lab, at int) {
			list := each(func(i int) string { return on("iam:CreateRole", fmt.Sprintf("%srole/p-%03d-*", labIAM, i)) })
			user(l, append(list, on("iam:PutRolePolicy", fmt.Sprintf("%srole/p-%03d-*", labIAM, at)))...)
		},
		"role names with boundary": func(l *lab, at int) {
			list := each(func(i int) string {
				return when(on("iam:CreateRole", fmt.Sprintf("%srole/p-%03d-*", labIAM, i)), `"ArnLike":{"iam:PermissionsBoundary":"arn:aws:iam::aws:policy/AdministratorAccess"}`)
			})
			user(l, append(list, on("iam:PutRolePolicy", fmt.Sprintf("%srole/p-%03d-*", labIAM, at)))...)
		},
		"role names of two calls": func(l *lab, at int) {
			list := each(func(i int) string { return on("iam:CreateRole", fmt.Sprintf("%srole/p-%03d-*", labIAM, i)) })
			user(l, append(list, each(func(i int) string {
				if i == at {
					return on("iam:PutRolePolicy", fmt.Sprintf("%srole/p-%03d-*", labIAM, i))
				}
				return on("iam:PutRolePolicy", fmt.Sprintf("%srole/q-%03d-*", labIAM, i))
			})...)...)
		},
		"role names of two calls with boundary": func(l *lab, at int) {
			list := each(func(i int) string {
				return when(on("iam:CreateRole", fmt.Sprintf("%srole/p-%03d-*", labIAM, i)), `"ArnLike":{"iam:PermissionsBoundary":"arn:aws:iam::aws:policy/AdministratorAccess"}`)
			})
			user(l, append(list, each(func(i int) string {
				if i == at {
					return on("iam:PutRolePolicy", fmt.Sprintf("%srole/p-%03d-*", labIAM, i))
				}
				return on("iam:PutRolePolicy", fmt.Sprintf("%srole/q-%03d-*", labIAM, i))
			})...)...)
		},
		"policy names of two calls": func(l *lab, at int) {
			list := each(func(i int) string { return on("iam:CreatePolicy", fmt.Sprintf("%spolicy/p-%03d-*", labIAM, i)) })
			user(l, append(list, each(func(i int) string {
				name := "q"
				if i == at {
					name = "p"
				}
				return when(on("iam:AttachUserPolicy", labIAM+"user/*"), fmt.Sprintf(`"ArnLike":{"iam:PolicyARN":"%spolicy/%s-%03d-*"}`, labIAM, name, i))
			})...)...)
		},
		"names taken": func(l *lab, at int) {
			list := each(func(i int) string { return on("iam:CreateRole", fmt.Sprintf("%srole/p-%03d", labIAM, i)) })
			for i := range n {
				if i != at {
					l.role(fmt.Sprintf("p-%03d", i), trustOf(`{"Service":"none.amazonaws.com"}`))
				}
			}
			user(l, append(list, on("iam:PutRolePolicy", labIAM+"role/p-*"))...)
		},
		"actions gained": func(l *lab, at int) {
			some := []string{"sqs:ReceiveMessage", "sns:Publish", "s3:GetObject", "dynamodb:GetItem", "dynamodb:PutItem", "ec2:StartInstances", "ec2:StopInstances", "ecs:ListTasks", "ecr:GetAuthorizationToken", "logs:PutLogEvents", "kms:Encrypt", "kms:Sign", "rds:StopDBInstance", "rds:StartDBInstance", "ses:SendEmail", "ssm:GetParameter", "xray:PutTraceSegments", "cloudwatch:PutMetricData", "kinesis:PutRecord", "firehose:PutRecord", "glue:GetTable", "athena:GetQueryResults", "batch:ListJobs", "events:PutEvents", "states:StartSyncExecution", "s3:PutObject", "s3:ListBucket", "sqs:SendMessage", "sqs:DeleteMessage", "cognito-idp:ListUsers"}
			less := append([]string{}, some...)
			if at >= 0 {
				less[at*len(some)/n] = "iam:CreateAccessKey"
			}
			user(l, allowsOn(less...), allowsOn("iam:CreateAccessKey"))
			l.target = l.user("other", policyOf(policy.Identity, allowsOn(some...)))
		},
		"statements gained": func(l *lab, at int) {
			st := func(i int) string { return on("s3:GetObject", fmt.Sprintf("arn:aws:s3:::data-%03d/*", i)) }
			list := each(st)
			l.target = l.user("other", policyOf(policy.Identity, list...))
			if at >= 0 {
				list[at] = on("s3:GetObject", "arn:aws:s3:::mine/*")
			}
			user(l, append(list, on("iam:CreateAccessKey", labIAM+"user/other"))...)
		},
		"resources gained": func(l *lab, at int) {
			list := each(func(i int) string { return fmt.Sprintf("arn:aws:s3:::data-%03d/*", i) })
			l.target = l.user("other", policyOf(policy.Identity, on("s3:GetObject,s3:PutObject", strings.Join(list, ","))))
			if at >= 0 {
				list[at] = "arn:aws:s3:::mine/*"
			}
			user(l, on("s3:GetObject,s3:PutObject", strings.Join(list, ",")), on("iam:CreateAccessKey", labIAM+"user/other"))
		},
		"a team": func(l *lab, at int) {
			user(l, allowsOn("sts:AssumeRole"))
			for i := range n {
				st := allowsOn("lambda:InvokeFunction", "s3:GetObject")
				if i == at {
					st = allowsOn("iam:PassRole", "lambda:CreateFunction")
				}
				l.role(fmt.Sprintf("r-%03d", i), trustOf(`{"AWS":"`+labIAM+`user/climber"}`), policyOf(policy.Identity, st))
			}
			l.role("admin", trustOf(`{"Service":"lambda.amazonaws.com"}`), policyOf(policy.Identity, allowsAll))
		},
		"a changing team": func(l *lab, at int) {
			user(l, allowsOn("sts:AssumeRole"))
			for i := range n {
				st := on("iam:CreateAccessKey", fmt.Sprintf("%suser/other", labIAM))
				if i == at {
					st = on("iam:PutUserPolicy", labIAM+"user/other")
				}
				l.role(fmt.Sprintf("r-%03d", i), trustOf(`{"AWS":"`+labIAM+`user/climber"}`), policyOf(policy.Identity, st))
			}
			l.user("other")
		},
		"behind another": func(l *lab, at int) {
			user(l, on("iam:CreateAccessKey", labIAM+"user/other"))
			other := l.user("other")
			for i := range n {
				r := l.role(fmt.Sprintf("r-%03d", i), trustOf(`{"AWS":"`+other.ARN+`"}`))
				if i == at {
					r.Inline = append(r.Inline, policyOf(policy.Identity, allowsOn("s3:GetObject")))
				}
			}
			l.target = other
		},
		"own tags that roles ask for": func(l *lab, at int) {
			user(l, on("iam:TagUser", labIAM+"user/climber"), allowsOn("sts:AssumeRole"))
			for i := range n {
				st := allowsOn("s3:ListAllMyBuckets")
				if i == at {
					st = allowsAll
				}
				l.role(fmt.Sprintf("r-%03d", i), policyOf(policy.Trust, when(`{"Effect":"Allow","Principal":{"AWS":"`+labAccount+`"},"Action":"sts:AssumeRole"}`, fmt.Sprintf(`"StringEquals":{"aws:PrincipalTag/team":"t%d"}`, i))).Doc, policyOf(policy.Identity, st))
			}
		},
		"own tags that roles of little ask for": func(l *lab, at int) {
			user(l, on("iam:TagUser", labIAM+"user/climber"), allowsOn("sts:AssumeRole", "s3:ListAllMyBuckets"))
			for i := range n {
				st := allowsOn("s3:ListAllMyBuckets")
				if i == at {
					st = allowsOn("s3:GetObject")
				}
				l.role(fmt.Sprintf("r-%03d", i), policyOf(policy.Trust, when(`{"Effect":"Allow","Principal":{"AWS":"`+labAccount+`"},"Action":"sts:AssumeRole"}`, fmt.Sprintf(`"StringEquals":{"aws:PrincipalTag/team":"t%d"}`, i))).Doc, policyOf(policy.Identity, st))
			}
		},
		"tags that statements ask for": func(l *lab, at int) {
			list := each(func(i int) string {
				return when(on("iam:CreateAccessKey", "*"), fmt.Sprintf(`"StringEquals":{"aws:ResourceTag/team":"t%d"}`, i))
			})
			user(l, append(list, when(on("iam:TagUser", "*"), fmt.Sprintf(`"StringEquals":{"aws:RequestTag/team":"t%d"}`, at)))...)
			l.user("admin", policyOf(policy.Identity, allowsAll))
		},
		"tags that values ask for": func(l *lab, at int) {
			list := each(func(i int) string { return fmt.Sprintf("t%d", i) })
			user(l, when(on("iam:CreateAccessKey", "*"), `"StringEquals":{"aws:ResourceTag/team":`+commaList(strings.Join(list, ","))+`}`),
				when(on("iam:TagUser", "*"), fmt.Sprintf(`"StringEquals":{"aws:RequestTag/team":"t%d"}`, at)))
			l.user("admin", policyOf(policy.Identity, allowsAll))
		},
		"own tags that values ask for": func(l *lab, at int) {
			list := each(func(i int) string { return fmt.Sprintf("t%d", i) })
			user(l, when(allowsAll, `"StringEquals":{"aws:PrincipalTag/team":`+commaList(strings.Join(list, ","))+`}`),
				when(on("iam:TagUser", "*"), fmt.Sprintf(`"StringEquals":{"aws:RequestTag/team":"t%d"}`, at)))
		},
		"own tags that values of a trust policy ask for": func(l *lab, at int) {
			list := each(func(i int) string { return fmt.Sprintf("t%d", i) })
			user(l, allowsOn("sts:AssumeRole"), when(on("iam:TagUser", "*"), fmt.Sprintf(`"StringEquals":{"aws:RequestTag/team":"t%d"}`, at)))
			l.role("admin", policyOf(policy.Trust, when(`{"Effect":"Allow","Principal":{"AWS":"`+labAccount+`"},"Action":"sts:AssumeRole"}`, `"StringEquals":{"aws:PrincipalTag/team":`+commaList(strings.Join(list, ","))+`}`)).Doc, policyOf(policy.Identity, allowsAll))
		},
		"tags of what is made": func(l *lab, at int) {
			list := each(func(i int) string { return fmt.Sprintf("t%d", i) })
			user(l, allowsOn("iam:PassRole"), when(on("lambda:CreateFunction", "*"), `"StringEquals":{"aws:RequestTag/team":`+commaList(strings.Join(list, ","))+`}`),
				when(on("lambda:TagResource", "*"), fmt.Sprintf(`"StringEquals":{"aws:RequestTag/team":"t%d"}`, at)),
				when(on("lambda:InvokeFunction", "*"), fmt.Sprintf(`"StringEquals":{"aws:ResourceTag/team":"t%d"}`, at)))
			l.role("admin", trustOf(`{"Service":"lambda.amazonaws.com"}`), policyOf(policy.Identity, allowsAll))
		},
		"policies that allow everything": func(l *lab, at int) {
			for i := range n {
				l.account.Held().Policies = append(l.account.Held().Policies, managedOf(fmt.Sprintf("all-%03d", i), allowsAll))
			}
			user(l, when(on("iam:AttachUserPolicy", labIAM+"user/climber"), fmt.Sprintf(`"ArnEquals":{"iam:PolicyARN":"%spolicy/all-%03d"}`, labIAM, at)))
		},
		"boundaries asked for": func(l *lab, at int) {
			for i := range n {
				st := allowsOn("s3:GetObject")
				if i == at {
					st = allowsAll
				}
				l.account.Held().Policies = append(l.account.Held().Policies, managedOf(fmt.Sprintf("bound-%03d", i), st))
			}
			user(l, when(on("iam:CreateRole,iam:PutRolePolicy", labIAM+"role/*"), `"ArnLike":{"iam:PermissionsBoundary":"`+labIAM+`policy/bound-*"}`))
		},
		"wide boundaries": func(l *lab, at int) {
			for i := range n {
				l.account.Held().Policies = append(l.account.Held().Policies, managedOf(fmt.Sprintf("bound-%03d", i), allowsAll))
			}
			user(l, allowsAll)
			l.who.Boundary = managedOf("low")
			l.who.Boundary.Doc = policyOf(policy.Boundary, when(allowsOn("iam:PutUserPermissionsBoundary"), fmt.Sprintf(`"ArnEquals":{"iam:PermissionsBoundary":"%spolicy/bound-%03d"}`, labIAM, at))).Doc
			l.account.Held().Policies = append(l.account.Held().Policies, l.who.Boundary)
		},
		"regions": func(l *lab, at int) {
			const ecs = "arn:aws:ecs:"
			regions := strings.Fields(regionsList)[:min(n, 12)]
			list := []string{allowsOn("iam:PassRole")}
			for _, r := range regions {
				list = append(list, on("ecs:RegisterTaskDefinition,ecs:RunTask", ecs+r+":*:task-definition/*"))
			}
			if at < 0 {
				list = append(list, on("ecs:CreateCluster", ecs+"me-south-1:*:cluster/*"))
			} else {
				list = append(list, on("ecs:CreateCluster", ecs+regions[at*len(regions)/n]+":*:cluster/*"))
			}
			user(l, list...)
			l.role("admin", trustOf(`{"Service":"ecs-tasks.amazonaws.com"}`), policyOf(policy.Identity, allowsAll))
		},
		"things made for another": func(l *lab, at int) {
			fn := func(i int) string { return fmt.Sprintf("arn:aws:lambda:us-east-1:%s:function:f-%03d", labAccount, i) }
			list := each(fn)
			user(l, on("iam:PassRole", "*"), on("lambda:CreateFunction", strings.Join(list, ",")), allowsOn("sts:AssumeRole"))
			l.role("caller", trustOf(`{"AWS":"`+labIAM+`user/climber"}`), policyOf(policy.Identity, on("lambda:InvokeFunction", fn(at))))
			l.role("admin", trustOf(`{"Service":"lambda.amazonaws.com"}`), policyOf(policy.Identity, allowsAll))
		},
		"those who assume a role": func(l *lab, at int) {
			for i := range 10 * n {
				p := l.user(fmt.Sprintf("u-%03d", i), policyOf(policy.Identity, allowsOn("sts:AssumeRole")))
				if l.who == nil || i == 10*at+9 {
					l.who = p
				}
			}
			to := l.who.ARN
			if at < 0 {
				to = labIAM + "user/u-none"
			}
			l.role("writer", trustOf(`{"AWS":"`+labAccount+`"}`), policyOf(policy.Identity, on("iam:PutUserPolicy", to)))
		},
		"tags of others": func(l *lab, at int) {
			user(l, on("iam:TagUser", labIAM+"user/climber"), when(on("iam:CreateAccessKey", "*"), `"StringEquals":{"aws:ResourceTag/owner":"${aws:PrincipalTag/owner}"}`))
			for i := range n {
				u := l.user(fmt.Sprintf("u-%03d", i))
				u.Tags = map[string]string{"owner": fmt.Sprintf("o%d", i)}
				if i == at {
					u.Inline = append(u.Inline, policyOf(policy.Identity, allowsAll))
				}
			}
		},
		"policies rewritten one after the other": func(l *lab, at int) {
			user(l, allowsOn("iam:SetDefaultPolicyVersion"))
			for i := range 10 {
				pol := managedOf(fmt.Sprintf("p-%03d", i), allowsOn("s3:GetObject"))
				for j := range 4 {
					st := allowsOn(fmt.Sprintf("s3:Get%d%d*", i, j))
					if i*4+j == at*40/n {
						st = allowsAll
					}
					pol.Versions = append(pol.Versions, versionOf(j, st))
				}
				l.who.Attached = append(l.who.Attached, pol)
			}
		},
	}
}

const regionsList = "us-east-1 us-east-2 us-west-1 us-west-2 eu-west-1 eu-west-2 eu-west-3 eu-central-1 eu-north-1 ap-south-1 ap-southeast-1 ap-southeast-2 sa-east-1"

func commaList(text string) string { return `["` + strings.ReplaceAll(text, ",", `","`) + `"]` }

// Whichever of many like things somebody escalates by, the way is found as among few; and where
// it is none of them, it is as with few, too.
func TestOneOfMany(t *testing.T) {
	t.Parallel()
	text := func(t *testing.T, at int, build func(l *lab, at int)) string {
		l := newLab()
		build(l, at)
		e := l.climbs(t, l.who, nil)
		if e == nil {
			return "nothing"
		}
		return fmt.Sprint(e.Admin, e.Methods(), e.Certain())
	}
	const n = 40
	few := inMany(2)
	for name, build := range inMany(n) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := text(t, 1, few[name])
			if want == "nothing" {
				t.Fatal("nothing among few")
			}
			for _, at := range []int{0, n / 2, n - 1} {
				if got := text(t, at, build); got != want {
					t.Errorf("by that at %d of %d: %s, want %s", at, n, got, want)
				}
			}
			if got, want := text(t, -1, build), text(t, -1, few[name]); got != want {
				t.Errorf("by none: %s, want %s", got, want)
			}
		})
	}
}

// Whichever of very many like things somebody escalates by, the way is found, or it is said
// that there may be one.
func TestOneOfTooMany(t *testing.T) {
	t.Parallel()
	for _, n := range []int{100, 600} {
		for name, build := range inMany(n) {
			if n > 100 && !strings.Contains(name, "values") && !strings.Contains(name, "gained") {
				continue // these take long, and their bounds are below
			}
			t.Run(fmt.Sprintf("%s, %d", name, n), func(t *testing.T) {
				t.Parallel()
				for _, at := range []int{0, n / 2, n - 1} {
					l := newLab()
					build(l, at)
					list, gaps := l.solver(t).Escalations(true)
					found := slices.ContainsFunc(list, func(e Escalation) bool { return e.Principal == l.who })
					said := slices.ContainsFunc(gaps, func(g Gap) bool { return g.What == l.who.ARN })
					if !found && !said {
						t.Errorf("by that at %d: neither found nor said: %v", at, gaps)
					}
				}
			})
		}
	}
}

func versionOf(j int, st string) inventory.PolicyVersion {
	return inventory.PolicyVersion{ID: fmt.Sprint("v", j+2), Doc: policyOf(policy.Identity, st).Doc}
}

// Of whom not everything is followed it is said, unless it is an administrator anyway; of
// others it is not.
func TestWhatIsNotFollowedIsSaid(t *testing.T) {
	t.Parallel()
	groups := func(l *lab, n int) {
		for i := range n {
			l.group(fmt.Sprintf("g-%03d", i), nil, policyOf(policy.Identity, allowsOn(fmt.Sprintf("s3:GetObject%d", i), "iam:PassRole")))
		}
	}
	tagging := `{"Effect":"Allow","Action":"iam:TagUser","Resource":"` + labIAM + `user/climber"}`
	for _, tt := range []struct {
		name      string
		lab       func(l *lab, n int)
		few, many int
	}{
		{"groups to join", func(l *lab, n int) {
			groups(l, n)
			l.who = l.user("climber", policyOf(policy.Identity, allowsOn("iam:AddUserToGroup")))
		}, 3, 70},
		{"policies to attach", func(l *lab, n int) {
			for i := range n {
				l.account.Held().Policies = append(l.account.Held().Policies, managedOf(fmt.Sprintf("team-%03d", i), allowsOn(fmt.Sprintf("s3:GetObject%d", i), "iam:PassRole")))
			}
			l.who = l.user("climber", policyOf(policy.Identity, `{"Effect":"Allow","Action":"iam:AttachUserPolicy","Resource":"*","Condition":{"ArnLike":{"iam:PolicyARN":"`+labIAM+`policy/team-*"}}}`))
		}, 3, 40},
		{"boundaries of what is made", func(l *lab, n int) {
			for i := range n {
				l.account.Held().Policies = append(l.account.Held().Policies, managedOf(fmt.Sprintf("bound-%03d", i), allowsOn("s3:GetObject")))
			}
			l.who = l.user("climber", policyOf(policy.Identity, `{"Effect":"Allow","Action":["iam:CreateRole","iam:PutRolePolicy"],"Resource":"*","Condition":{"ArnLike":{"iam:PermissionsBoundary":"`+labIAM+`policy/bound-*"}}}`))
		}, 3, 40},
		{"tags like those of others", func(l *lab, n int) {
			l.who = l.user("climber", policyOf(policy.Identity, tagging, `{"Effect":"Allow","Action":"iam:CreateAccessKey","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/owner":"${aws:PrincipalTag/owner}"}}}`))
			for i := range n {
				l.user(fmt.Sprintf("u-%03d", i)).Tags = map[string]string{"owner": fmt.Sprintf("o%d", i)}
			}
		}, 3, 40},
		{"roles to act as together", func(l *lab, n int) {
			l.who = l.user("climber", policyOf(policy.Identity, allowsOn("sts:AssumeRole")))
			for i := range n {
				l.role(fmt.Sprintf("r-%03d", i), trustOf(`{"AWS":"`+labIAM+`user/climber"}`), policyOf(policy.Identity, allowsOn("lambda:InvokeFunction")))
			}
		}, 3, 80},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for n, want := range map[int]bool{tt.few: false, tt.many: true} {
				l := newLab()
				tt.lab(l, n)
				list, gaps := l.solver(t).Escalations(true)
				if len(list) > 0 {
					t.Errorf("%d: escalations: %v", n, list)
				}
				if got := slices.ContainsFunc(gaps, func(g Gap) bool { return g.What == l.who.ARN }); got != want {
					t.Errorf("%d: said %v, want %v: %v", n, got, want, gaps)
				}
				l.who.Inline = append(l.who.Inline, policyOf(policy.Identity, allowsAll))
				if _, gaps := l.solver(t).Escalations(true); len(gaps) > 0 {
					t.Errorf("%d: of an administrator: %v", n, gaps)
				}
			}
		})
	}
}

// Of many that somebody takes over some are listed, and the others counted.
func TestManyTakenOver(t *testing.T) {
	t.Parallel()
	for n, want := range map[int][2]int{1: {0, 0}, 26: {25, 0}, 60: {25, 34}} {
		l := newLab()
		l.who = l.user("climber", policyOf(policy.Identity, allowsOn("iam:CreateAccessKey")))
		for i := range n {
			l.user(fmt.Sprintf("u-%03d", i), policyOf(policy.Identity, allowsOn("s3:GetObject")))
		}
		e := l.climbs(t, l.who, nil)
		if e == nil || len(e.Others) != want[0] || e.More != want[1] {
			t.Errorf("%d: %+v, want %v", n, e, want)
		}
	}
}

// Who may set tags is told the way at home before an account where it may just assume a role.
func TestTaggersAreToldTheWayAtHome(t *testing.T) {
	t.Parallel()
	for _, tags := range []string{"iam:GetUser", "iam:TagUser"} {
		l := newLab()
		l.who = l.user("climber", policyOf(policy.Identity, allowsOn("sts:AssumeRole", "iam:PassRole", "iam:PutRolePolicy", "lambda:CreateFunction", "lambda:InvokeFunction", tags)))
		l.role("runner", trustOf(`{"Service":"lambda.amazonaws.com"}`))
		away := &inventory.Account{ID: "222233334444", Partition: "aws", IAM: true}
		away.Held().Roles = []*inventory.Principal{{
			Kind: inventory.Role, Name: "ops", Path: "/", Account: away, ARN: "arn:aws:iam::222233334444:role/ops",
			Trust: trustOf(`{"AWS":"` + labAccount + `"}`), Inline: []*inventory.Policy{policyOf(policy.Identity, allowsAll)},
		}}
		s := l.solver(t, away)
		var ends []string
		for _, e := range theFirst(s.Escalations(true)) {
			if e.Principal == l.who {
				ends = append(ends, e.Path[len(e.Path)-1].Principal)
			}
		}
		if want := []string{labIAM + "role/runner", "arn:aws:iam::222233334444:role/ops"}; !slices.Equal(ends, want) {
			t.Errorf("with %s: ends %q, want %q", tags, ends, want)
		}
	}
}
