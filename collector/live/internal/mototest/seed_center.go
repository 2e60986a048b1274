package mototest

// ownKey is the access key of the management account.
const ownKey = "AKIAIOSFODNN7EXAMPLE"

// seedCenter gives a group and a user of Identity Center permissions in an account.
func seedCenter(s seeder, target string) {
	sso := func(name, body string) string { return s.json("sso", "SWBExternalService."+name, body) }
	store := func(name, body string) string { return s.json("identitystore", "AWSIdentityStore."+name, body) }
	found := sso("ListInstances", `{}`)
	instance, id := field(s.tb, found, "InstanceArn"), field(s.tb, found, "IdentityStoreId")
	set := field(s.tb, sso("CreatePermissionSet", `{"InstanceArn":"`+instance+`","Name":"Reader","SessionDuration":"PT1H"}`), "PermissionSetArn")
	of := `{"InstanceArn":"` + instance + `","PermissionSetArn":"` + set + `",`
	sso("PutInlinePolicyToPermissionSet", of+`"InlinePolicy":`+quoted(allow("", "s3:List*", "*"))+`}`)
	sso("AttachCustomerManagedPolicyReferenceToPermissionSet", of+`"CustomerManagedPolicyReference":{"Name":"Work","Path":"/team/"}}`)
	group := field(s.tb, store("CreateGroup", `{"IdentityStoreId":"`+id+`","DisplayName":"auditors"}`), "GroupId")
	user := field(s.tb, store("CreateUser", `{"IdentityStoreId":"`+id+`","UserName":"ben","DisplayName":"Ben","Name":{"GivenName":"Ben","FamilyName":"`+Telltale+`"},`+
		`"Emails":[{"Value":"`+Telltale+`@example.com","Type":"work","Primary":true}]}`), "UserId")
	store("CreateGroupMembership", `{"IdentityStoreId":"`+id+`","GroupId":"`+group+`","MemberId":{"UserId":"`+user+`"}}`)
	assign := func(kind, principal string) {
		sso("CreateAccountAssignment", of+`"TargetId":"`+target+`","TargetType":"AWS_ACCOUNT","PrincipalType":"`+kind+`","PrincipalId":"`+principal+`"}`)
	}
	assign("GROUP", group)
	assign("USER", user)
}
