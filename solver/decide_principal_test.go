package solver_test

import "testing"

// Section B: the unique ids behind principal ARNs.
func TestUniqueIDs(t *testing.T) {
	t.Parallel()
	runRows(t, []row{
		{"E75 the ARN stands for the entity", "U s3:GetObject O | rbp +s3:GetObject@O P=U", "ALLOW"},
		{"E76 raw id of the user itself", "U s3:GetObject O | rbp +s3:GetObject@O P=AIDAANNANN", "ALLOW"},
		{"E76 raw id of a deleted user", "U s3:GetObject O | rbp +s3:GetObject@O P=AIDAGONEGONE", "IDENY"},
		{"E76 raw id of the session's role", "S s3:GetObject O | rbp +s3:GetObject@O P=AROAAPPAPP", "ALLOW"},
		{"E76 raw id of a deleted role", "S s3:GetObject O | rbp +s3:GetObject@O P=AROAGONEGONE", "IDENY"},
		{"E76 raw id in a Deny on a live user", "U s3:GetObject O | idp +s3:*@* | rbp -s3:*@O P=AIDAANNANN", "XDENY"},
		{"E76 dangling Deny hits nobody", "U s3:GetObject O | idp +s3:*@* | rbp -s3:*@O P=AIDAGONEGONE", "ALLOW"},
		{"E76 raw role id is limited like the role ARN", "S s3:GetObject O | pb +ec2:*@* | rbp +s3:GetObject@O P=AROAAPPAPP", "IDENY"},
		{"E76 raw id of a role does not name the root user", "rootA s3:GetObject O | set owner=B | rbp +s3:GetObject@O P=AROAAPPAPP", "IDENY"},
		{
			"E78 condition text matches a recreated role",
			"S s3:GetObject O | set id=AROANEWNEW | idp +s3:*@* | rbp +s3:GetObject@O P=A ?ArnEquals aws:PrincipalArn=R", "ALLOW",
		},
		{"E80 literal star in aws:userid excludes nobody", "S s3:GetObject O | idp +s3:*@* | rbp -s3:*@O P=* ?StringNotEquals aws:userid=AROAAPPAPP:*", "XDENY"},
		{"E80 pattern in aws:userid excludes the role", "S s3:GetObject O | idp +s3:*@* | rbp -s3:*@O P=* ?StringNotLike aws:userid=AROAAPPAPP:*", "ALLOW"},
		{"E80 root's userid is the account id", "rootA s3:GetObject O | rbp -s3:*@O P=* ?StringEquals aws:userid=A", "XDENY"},
		{"E80 federated user's userid", "F s3:GetObject O | rbp +s3:*@O P=* ?StringEquals aws:userid=111111111111:fay", "ALLOW low"},
		{"E80 anonymous", "anonymous s3:GetObject O | rbp +s3:*@O P=* ?StringEquals aws:userid=anonymous", "ALLOW"},
		{"E18 a federated session names no user", "U s3:GetObject O | rbp +s3:GetObject@O P=F", "IDENY"},
	})
}

// Section C1: what Allows and Denies add up to.
func TestCore(t *testing.T) {
	t.Parallel()
	runRows(t, []row{
		{"E83 nothing allows", "U s3:GetObject O", "IDENY"},
		{"E83 a Deny outweighs Allows", "U s3:GetObject O | idp +*@* ; -s3:Get*@data/*", "XDENY"},
		{"E83 Deny in another document", "U s3:GetObject O | idp +*@* | idp -s3:*@*", "XDENY"},
		{"E84 Deny without any Allow is explicit", "U s3:GetObject O | scp -s3:*@*", "XDENY"},
		{"E84 a gap in a gate is implicit", "U s3:GetObject O | idp +s3:*@* | scp +ec2:*@*", "IDENY"},
		{"E84 Deny beside a gap is explicit", "U s3:GetObject O | idp -s3:*@* | scp +ec2:*@*", "XDENY"},
		{"E85 identity policies add up", "U s3:GetObject O | idp +s3:Put*@* | idp +s3:Get*@*", "ALLOW"},
		{"E85 session policies add up", "S s3:GetObject O | idp +s3:*@* | sess +ec2:*@* | sess +s3:Get*@*", "ALLOW"},
		{"E86 identity alone", "U s3:GetObject O | idp +s3:*@*", "ALLOW"},
		{"E86 role ARN and account named, boundary allows", "S s3:GetObject O | pb +s3:*@* | rbp +s3:GetObject@O P=A,R", "ALLOW"},
		{"E88 account principal gives nobody access", "U s3:GetObject O | rbp +s3:GetObject@O P=A", "IDENY"},
		{"E88 with an identity policy", "U s3:GetObject O | idp +s3:GetObject@O | rbp +s3:GetObject@O P=A", "ALLOW"},
		{"E88 as an ARN", "U s3:GetObject O | rbp +s3:GetObject@O P=rootA", "IDENY"},
		{"E89 star is no delegation", "U s3:GetObject O | pb +ec2:*@* | rbp +s3:GetObject@O P=*", "ALLOW"},
		{"E89 narrowed star", "U s3:GetObject O | rbp +s3:GetObject@O P=* ?ArnEquals aws:PrincipalArn=U", "ALLOW"},
		{"E89 narrowed by something else", "U s3:GetObject O | rbp +s3:GetObject@O P=* ?StringEquals aws:PrincipalAccount=A", "ALLOW low"},
		{"E89 and past a boundary", "U s3:GetObject O | idp +s3:*@* | pb +ec2:*@* | rbp +s3:GetObject@O P=* ?StringEquals aws:PrincipalAccount=A", "ALLOW low"},
		{"E89 beside an identity policy", "U s3:GetObject O | idp +s3:*@* | rbp +s3:GetObject@O P=* ?StringEquals aws:PrincipalAccount=A", "ALLOW"},
		{"E89 of another account", "UB s3:GetObject O | idp +s3:*@* | rbp +s3:GetObject@O P=* ?StringEquals aws:PrincipalAccount=B", "ALLOW"},
		{"E89 in a Deny", "U s3:GetObject O | idp +s3:*@* | rbp -s3:GetObject@O P=* ?StringEquals aws:PrincipalAccount=A", "XDENY"},
		{"E89 denied all the same", "U s3:GetObject O | scp -s3:*@* | rbp +s3:GetObject@O P=* ?StringEquals aws:PrincipalAccount=A", "XDENY"},
		{"E89 narrowed to somebody else", "U s3:GetObject O | rbp +s3:GetObject@O P=* ?ArnEquals aws:PrincipalArn=UB", "IDENY"},
		{"E95 roles insist on their trust policy", "U sts:AssumeRole T | idp +sts:*@*", "IDENY"},
		{"E95 keys insist on their policy", "U kms:Decrypt K | idp +kms:*@*", "IDENY"},
		{"E95 secrets do not", "U secretsmanager:GetSecretValue X | idp +secretsmanager:*@*", "ALLOW"},
		{"E35 a star that runs on", "U sqs:SendMessage Q | idp +sqs:*@arn:aws:sqs:*:q1", "ALLOW low"},
		{"E35 an inner star does not", "U sqs:SendMessage Q | idp +sqs:*@arn:aws:sqs:us*q1", "IDENY"},
		{"E35 a run-on in a fence", "U sqs:SendMessage Q | idp +sqs:*@* ; -sqs:*@!arn:aws:sqs:*:q1", "ALLOW low"},
		{"E37 a short ARN in an identity policy", "U sqs:SendMessage Q | idp +sqs:*@arn:aws:sqs:us-east-1:111111111111", "ALLOW"},
		{"E39 actions without resource", "U s3:ListAllMyBuckets * | idp +s3:*@arn:aws:s3:::*", "IDENY"},
		{"E40 NotResource in an Allow", "U s3:GetObject O | idp +s3:*@!other/*", "ALLOW"},
		{"E29 NotAction in a Deny", "U s3:GetObject O | idp +*@* ; -!iam:*,sts:*@*", "XDENY"},
		{"E99 partitions never mix", "arn:aws-cn:iam::333333333333:user/x s3:GetObject O | idp +s3:*@* | rbp +s3:*@O P=*", "IDENY"},
		{"E100 GetCallerIdentity can't be denied", "U sts:GetCallerIdentity * | idp -*@*", "ALLOW"},
		{"E100 not even for federated users", "F sts:GetCallerIdentity *", "ALLOW"},
		{"E32 all checks of a call have to pass", "U s3:GetObject O | idp +s3:*@* | and kms:Decrypt K A | rbp +kms:*@* P=A", "IDENY"},
		{"E32 and they do", "U s3:GetObject O | idp +s3:*,kms:*@* | and kms:Decrypt K A | rbp +kms:*@* P=A", "ALLOW"},
		{"E32 explicit denial is the strongest word", "U s3:GetObject O | and kms:Decrypt K A | rbp -kms:*@* P=*", "XDENY"},
	})
}

// The principal table of E87, complete: what silence of the other policies can
// still stop when the resource policy allows. The boundary and the session
// policy of a row are silent about S3.
func TestPrincipalTable(t *testing.T) {
	t.Parallel()
	silent := []struct{ name, clauses string }{
		{"identity silent", ""},
		{"boundary silent", " | idp +s3:*@* | pb +ec2:*@*"},
		{"session policy silent", " | idp +s3:*@* | sess +ec2:*@*"},
	}
	const none = "" // no such policy for this caller
	tests := []struct {
		caller, facts, named string
		want                 [3]string
	}{
		{"U", "", "U", [3]string{"ALLOW", "ALLOW", none}},
		{"U", "", "*", [3]string{"ALLOW", "ALLOW", none}},
		{"U", "", "A", [3]string{"IDENY", "IDENY", none}},
		{"U", "", "UB", [3]string{"IDENY", "IDENY", none}},
		{"S", "", "R", [3]string{"ALLOW", "IDENY", "IDENY"}},
		{"S", "", "S", [3]string{"ALLOW", "ALLOW", "ALLOW"}},
		{"S", "", "S2", [3]string{"IDENY", "IDENY", "IDENY"}},
		{"S", "", "*", [3]string{"ALLOW", "ALLOW", "ALLOW"}},
		{"S", "", "A", [3]string{"IDENY", "IDENY", "IDENY"}},
		{"S", "", "A,R", [3]string{"ALLOW", "IDENY", "IDENY"}},
		{"S", "", "R,S", [3]string{"ALLOW", "ALLOW", "ALLOW"}},
		{"F", " | set by=U", "F", [3]string{"ALLOW", "ALLOW", "ALLOW"}},
		{"F", " | set by=U", "U", [3]string{"IDENY", "IDENY", "IDENY"}},
		{"F", " | set by=U | sess +s3:*@*", "U", [3]string{"ALLOW", "IDENY", "ALLOW"}},
		{"F", " | set by=U", "*", [3]string{"ALLOW", "ALLOW", "ALLOW"}},
		{"F", " | set by=U", "A", [3]string{"IDENY", "IDENY", "IDENY"}},
		{"F", " | set by=U", "UB", [3]string{"IDENY", "IDENY", "IDENY"}},
	}
	var rows []row
	for _, tt := range tests {
		for i, s := range silent {
			if tt.want[i] == none {
				continue
			}
			text := tt.caller + " s3:GetObject O | rbp +s3:GetObject@O P=" + tt.named + tt.facts
			name := "E87 " + tt.caller + tt.facts + " named as " + tt.named
			rows = append(rows, row{name + ", " + s.name, text + s.clauses, tt.want[i]})
			rows = append(rows, row{name + ", " + s.name + ", and a Deny", text + s.clauses + " | idp -s3:Get*@*", "XDENY"})
		}
	}
	runRows(t, rows)
}

// E90 to E101: two accounts.
func TestAcrossAccounts(t *testing.T) {
	t.Parallel()
	runRows(t, []row{
		{"E90 resource policy only", "UB s3:GetObject O | rbp +s3:GetObject@O P=UB", "IDENY"},
		{"E90 identity only", "UB s3:GetObject O | idp +s3:*@*", "IDENY"},
		{"E90 both sides", "UB s3:GetObject O | idp +s3:*@* | rbp +s3:GetObject@O P=UB", "ALLOW"},
		{"E90 delegated to the account", "UB s3:GetObject O | idp +s3:*@* | rbp +s3:GetObject@O P=B", "ALLOW"},
		{"E90 boundary limits a named user", "UB s3:GetObject O | idp +s3:*@* | pb +ec2:*@* | rbp +s3:GetObject@O P=UB", "IDENY"},
		{"E90 session policy limits a named session", "SB s3:GetObject O | idp +s3:*@* | sess +ec2:*@* | rbp +s3:GetObject@O P=SB", "IDENY"},
		{"E91 a session belongs to its role's account", "S s3:GetObject O | idp +s3:*@*", "ALLOW"},
		{"E92 star without identity policy", "UB s3:GetObject O | rbp +s3:GetObject@O P=*", "IDENY"},
		{"E92 star with one", "UB s3:GetObject O | idp +s3:*@* | rbp +s3:GetObject@O P=*", "ALLOW"},
		{"E92 unsigned", "anonymous s3:GetObject O | rbp +s3:GetObject@O P=*", "ALLOW"},
		{"E93 root of the other account", "rootB s3:GetObject O | rbp +s3:GetObject@O P=B", "ALLOW"},
		{"E93 its users can't use what was given to another", "UB s3:GetObject O | idp +*@* | rbp +s3:GetObject@O P=RB", "IDENY"},
		{"E94 no resource policy, no crossing", "UB ec2:StartInstances arn:aws:ec2:us-east-1:A:instance/i-1 | idp +ec2:*@*", "IDENY"},
		{"E97 Deny on the account hits its users", "U s3:GetObject O | idp +s3:*@* | rbp -s3:*@O P=A", "XDENY"},
		{"E97 and root", "rootA s3:GetObject O | rbp -s3:*@O P=A", "XDENY"},
		{"E97 Deny on a role hits its sessions", "S s3:GetObject O | idp +s3:*@* | rbp -s3:*@O P=R", "XDENY"},
		{"E97 Deny on a session hits that one", "S s3:GetObject O | idp +s3:*@* | rbp -s3:*@O P=S", "XDENY"},
		{"E97 and no other", "S s3:GetObject O | idp +s3:*@* | rbp -s3:*@O P=S2", "ALLOW"},
		{"E97 Deny on a user hits the sessions federated by it", "F s3:GetObject O | set by=U | rbp +s3:*@O P=F ; -s3:*@O P=U", "XDENY"},
		{"E98 listed with account", "U s3:GetObject O | idp +s3:*@* | rbp -s3:*@O NP=U,A", "ALLOW"},
		{"E98 not listed", "UB s3:GetObject O | idp +s3:*@* | rbp -s3:*@O NP=U,A ; +s3:*@O P=UB", "XDENY"},
		{"E98 the account is missing", "U s3:GetObject O | idp +s3:*@* | rbp -s3:*@O NP=U", "XDENY low"},
		{"E98 only the account", "U s3:GetObject O | idp +s3:*@* | rbp -s3:*@O NP=A", "XDENY low"},
		{"E98 a boundary is always hit", "U s3:GetObject O | idp +s3:*@* | pb +s3:*@* | rbp -s3:*@O NP=U,A", "XDENY"},
		{"E98 role and account", "S s3:GetObject O | idp +s3:*@* | rbp -s3:*@O NP=R,A", "ALLOW"},
		{"E98 role, session and account", "S s3:GetObject O | idp +s3:*@* | rbp -s3:*@O NP=R,S,A", "ALLOW"},
		{"E98 session and account without the role", "S s3:GetObject O | idp +s3:*@* | rbp -s3:*@O NP=S,A", "XDENY low"},
		{"E98 root is spared by its account", "rootA s3:GetObject O | rbp -s3:*@O NP=A", "ALLOW"},
		{"E98 root is not spared by a user", "rootA s3:GetObject O | rbp -s3:*@O NP=U", "XDENY"},
		{"E98 a listed service", "sns.amazonaws.com sqs:SendMessage Q | rbp -sqs:*@Q NP=sns.amazonaws.com ; +sqs:*@Q P=sns.amazonaws.com", "ALLOW"},
		{"E98 an unlisted service", "sns.amazonaws.com sqs:SendMessage Q | rbp -sqs:*@Q NP=U,A ; +sqs:*@Q P=sns.amazonaws.com", "XDENY"},
		{"E98 anonymous callers never", "anonymous s3:GetObject O | rbp +s3:*@O P=* ; -s3:*@O NP=A", "XDENY"},
		{"E98 a federated user listed with its account", "F s3:GetObject O | set by=U | rbp +s3:*@O P=F ; -s3:*@O NP=F,A", "ALLOW low"},
		{"E25 Allow with NotPrincipal is public", "anonymous s3:GetObject O | rbp +s3:*@O NP=U,A", "ALLOW"},
		{"E101 Deny in the caller's SCP", "UB s3:GetObject O | idp +s3:*@* | rbp +s3:*@O P=UB | scp +*@* ; -s3:*@*", "XDENY"},
		{"E101 Deny in the resource's RCP", "UB s3:GetObject O | idp +s3:*@* | rbp +s3:*@O P=UB | rcp -s3:*@* P=*", "XDENY"},
		{"E101 Deny in the caller's boundary", "UB s3:GetObject O | idp +s3:*@* | rbp +s3:*@O P=UB | pb +*@* ; -s3:*@*", "XDENY"},
		{"E101 Deny in the bucket policy", "UB s3:GetObject O | idp +s3:*@* | rbp +s3:*@O P=UB ; -s3:*@O P=B", "XDENY"},
	})
}

// Section C2: boundary, session, federated user, root.
func TestOwnLimits(t *testing.T) {
	t.Parallel()
	const token = "aws:TokenIssueTime=2026-01-01T00:00:00Z"
	runRows(t, []row{
		{"E102 a boundary cuts identity policies", "U s3:GetObject O | idp +s3:*@* | pb +ec2:*@*", "IDENY"},
		{"E102 and gives nothing", "U s3:GetObject O | pb +s3:*@*", "IDENY"},
		{"E102 its Deny is absolute", "U s3:GetObject O | pb -s3:*@* | rbp +s3:*@O P=U", "XDENY"},
		{"E102 not for root", "rootA s3:GetObject O | pb +ec2:*@*", "ALLOW"},
		{"E103 a session policy cuts", "S s3:GetObject O | idp +s3:*@* | sess +ec2:*@*", "IDENY"},
		{"E103 and gives nothing", "S s3:GetObject O | sess +s3:*@*", "IDENY"},
		{"E103 intersection with the boundary", "S s3:GetObject O | idp +s3:*@* | pb +s3:Put*@* | sess +s3:*@*", "IDENY"},
		{"E104 no session policy, no rights", "F s3:GetObject O | set by=U | idp +s3:*@*", "IDENY"},
		{"E104 with one", "F s3:GetObject O | set by=U | idp +s3:*@* | sess +s3:Get*@*", "ALLOW"},
		{"E104 IAM is closed", "F iam:GetUser U | idp +*@* | sess +*@*", "IDENY"},
		{"E104 STS is closed", "F sts:AssumeRole T | idp +*@* | sess +*@* | rbp +sts:AssumeRole P=F", "IDENY"},
		{"E105 MFA of a GetSessionToken session", "U iam:DeleteUser UB | set owner=A | ctx aws:MultiFactorAuthPresent=true | idp +iam:*@* ?Bool aws:MultiFactorAuthPresent=true", "ALLOW"},
		{"E105 long-term keys", "U iam:DeleteUser UB | set owner=A | idp +iam:*@* ?Bool aws:MultiFactorAuthPresent=true", "IDENY"},
		{"E105 keys from GetSessionToken, IAM without MFA", "U iam:GetUser U | ctx " + token + " | idp +iam:*@*", "IDENY low"},
		{"E105 with MFA", "U iam:GetUser U | ctx aws:MultiFactorAuthPresent=true " + token + " | idp +iam:*@*", "ALLOW"},
		{"E105 the console's keys", "U iam:GetUser U | ctx aws:SignInSessionArn=arn:aws:signin:us-east-1:A:session/x " + token + " | idp +iam:*@*", "ALLOW"},
		{"E105 other calls of STS", "U sts:GetFederationToken F | ctx " + token + " | idp +sts:*@*", "IDENY"},
		{"E105 AssumeRole", "U sts:AssumeRole T | ctx " + token + " | rbp +sts:AssumeRole P=U", "ALLOW"},
		{"E105 other services", "U s3:GetObject O | ctx " + token + " | idp +s3:*@*", "ALLOW"},
		{"E106 root needs no policy", "rootA s3:GetObject O", "ALLOW"},
		{"E106 a resource policy binds root", "rootA s3:GetObject O | rbp -s3:*@O P=*", "XDENY"},
		{"E106 an SCP binds root", "rootA s3:GetObject O | scp +*@* ; -s3:*@*", "XDENY"},
		{"E106 an SCP gap binds root", "rootA s3:GetObject O | scp +ec2:*@*", "IDENY"},
		{"E106 not root of the management account", "rootA s3:GetObject O | set mgmt | scp -s3:*@*", "ALLOW"},
		{"E106 a key policy has to let root in", "rootA kms:Decrypt K | rbp +kms:*@* P=U", "IDENY"},
		{"E106 and does", "rootA kms:Decrypt K | rbp +kms:*@* P=A", "ALLOW"},
		{"E106 other accounts have to grant", "rootB s3:GetObject O", "IDENY"},
		{"E107 root can't assume roles", "rootA sts:AssumeRole T | rbp +sts:AssumeRole P=A", "IDENY"},
	})
}
