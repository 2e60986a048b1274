package service

// table holds every service.
var table = []Service{
	organizations,
	iam,
	s3,
	kms,
	sqs,
	sns,
	lambda,
	dynamodb,
	secretsmanager,
	ecr,
	ssm,
	events,
	logs,
	efs,
	opensearch,
	glue,
	backup,
	apigateway,
	glacier,
	kinesis,
	kafka,
}
