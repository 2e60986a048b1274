package mototest

import "net/http"

// seedKeys makes KMS keys and returns the ARN of the one that encrypts.
func seedKeys(s seeder) string {
	do := func(name, body string) string { return s.json("kms", "TrentService."+name, body) }
	arn := field(s.tb, do("CreateKey", `{"Description":"shop","Tags":[{"TagKey":"team","TagValue":"shop"}]}`), "Arn")
	do("CreateAlias", `{"AliasName":"alias/shop","TargetKeyId":"`+arn+`"}`)
	do("CreateGrant", `{"KeyId":"`+arn+`","GranteePrincipal":"arn:aws:iam::`+s.account+`:role/app","Operations":["Decrypt","GenerateDataKey"],"Name":"app"}`)
	do("CreateKey", `{"Description":"plain"}`)
	return arn
}

// seedData makes queues, topics, tables, secrets and parameters.
func seedData(s seeder, own, other, key string) {
	const prefix = "arn:aws:"
	at := func(service, resource string) string {
		return prefix + service + ":" + s.region + ":" + own + ":" + resource
	}
	share := func(action, resource string) string {
		return allow(`{"AWS":"arn:aws:iam::`+other+`:role/app"}`, action, resource)
	}
	s.json("sqs", "AmazonSQS.CreateQueue", `{"QueueName":"jobs","Attributes":{"KmsMasterKeyId":"alias/shop","Policy":`+quoted(share("sqs:SendMessage", at("sqs", "jobs")))+`},"tags":{"team":"shop"}}`)
	s.json("sqs", "AmazonSQS.CreateQueue", `{"QueueName":"plain"}`)
	topic := field(s.tb, s.query("sns", "CreateTopic", "Name", "news"), "TopicArn")
	s.query("sns", "SetTopicAttributes", "TopicArn", topic, "AttributeName", "Policy", "AttributeValue", share("sns:Publish", topic))
	s.json("dynamodb", "DynamoDB_20120810.CreateTable", `{"TableName":"orders","AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],`+
		`"BillingMode":"PAY_PER_REQUEST","StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_IMAGE"},"SSESpecification":{"Enabled":true,"KMSMasterKeyId":"`+key+`"}}`)
	secret := field(s.tb, s.json("secretsmanager", "secretsmanager.CreateSecret", `{"Name":"db","SecretString":"`+Telltale+`-secret-value","KmsKeyId":"`+key+`","ClientRequestToken":"11111111-2222-3333-4444-555555555555"}`), "ARN")
	s.json("secretsmanager", "secretsmanager.PutResourcePolicy", `{"SecretId":"`+secret+`","ResourcePolicy":`+quoted(share("secretsmanager:GetSecretValue", "*"))+`}`)
	s.json("ssm", "AmazonSSM.PutParameter", `{"Name":"/shop/password","Value":"`+Telltale+`-parameter","Type":"SecureString","Tier":"Advanced"}`)
}

// seedBuckets makes buckets with all that decides who reaches them.
func seedBuckets(s seeder, own, other, key string) {
	put := func(bucket, sub, body string) {
		s.to(bucket+".s3."+s.region+".amazonaws.com", "s3", http.MethodPut, "/"+sub, body, "Content-Type", "application/xml")
	}
	const ns = ` xmlns="http://s3.amazonaws.com/doc/2006-03-01/"`
	for _, name := range []string{"shop-orders", "shop-plain"} {
		put(name, "", `<CreateBucketConfiguration`+ns+`><LocationConstraint>`+s.region+`</LocationConstraint></CreateBucketConfiguration>`)
	}
	put("shop-orders", "?policy", allow(`{"AWS":"arn:aws:iam::`+other+`:root"}`, "s3:GetObject", "arn:aws:s3:::shop-orders/*"))
	put("shop-orders", "?ownershipControls", `<OwnershipControls`+ns+`><Rule><ObjectOwnership>BucketOwnerPreferred</ObjectOwnership></Rule></OwnershipControls>`)
	put("shop-orders", "?publicAccessBlock", `<PublicAccessBlockConfiguration`+ns+`><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>false</RestrictPublicBuckets></PublicAccessBlockConfiguration>`)
	put("shop-orders", "?encryption", `<ServerSideEncryptionConfiguration`+ns+`><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>`+key+`</KMSMasterKeyID></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>`)
	put("shop-orders", "?tagging", `<Tagging`+ns+`><TagSet><Tag><Key>team</Key><Value>shop</Value></Tag></TagSet></Tagging>`)
	control := own + ".s3-control." + s.region + ".amazonaws.com"
	s.to(control, "s3", http.MethodPut, "/v20180820/accesspoint/orders-ap", `<CreateAccessPointRequest xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/"><Bucket>shop-orders</Bucket></CreateAccessPointRequest>`, "X-Amz-Account-Id", own)
	point := "arn:aws:s3:" + s.region + ":" + own + ":accesspoint/orders-ap"
	s.to(control, "s3", http.MethodPut, "/v20180820/accesspoint/orders-ap/policy", `<PutAccessPointPolicyRequest xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/"><Policy>`+
		allow(`{"AWS":"arn:aws:iam::`+other+`:role/app"}`, "s3:GetObject", point+"/object/*")+`</Policy></PutAccessPointPolicyRequest>`, "X-Amz-Account-Id", own)
	s.to(control, "s3", http.MethodPut, "/v20180820/configuration/publicAccessBlock", `<PublicAccessBlockConfiguration xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/"><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>`, "X-Amz-Account-Id", own)
}
