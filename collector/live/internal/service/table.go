package service

// table holds every service.
var table = []Service{
	organizations,
	iam,
	sqs,
}
