package service

// table holds every service.
var table = []Service{
	organizations,
	iam,
	kms,
	sqs,
	sns,
	lambda,
	dynamodb,
	secretsmanager,
	ecr,
	ssm,
}
