package service

import (
	"context"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
)

var events = Service{
	Name: "events", Title: "Amazon EventBridge", What: "event buses", Scope: Regional,
	Types:      []string{"AWS::Events::EventBus"},
	Operations: ops("EventBridge", "events", "ListEventBuses", "DescribeEventBus", "ListTagsForResource"),
	Lists:      3, Each: 2, // every region has a bus named default
	Read: readBuses,
}

var eventsAPI = call.JSONAPI{Service: "EventBridge", Prefix: "events", Target: "AWSEvents"}

// An eventBus is what ListEventBuses and DescribeEventBus say of a bus.
type eventBus struct {
	Name, Arn, Policy string
	KmsKeyIdentifier  string // only DescribeEventBus
}

func readBuses(ctx context.Context, u *Unit) error {
	buses, err := tokenPages(func(token string) ([]eventBus, string, error) {
		var out struct {
			EventBuses []eventBus
			NextToken  string
		}
		err := u.json(ctx, eventsAPI, "ListEventBuses", params{"Limit": 100}.then("NextToken", token), &out)
		return out.EventBuses, out.NextToken, err
	})
	if err != nil {
		return err
	}
	return each(ctx, buses, func(ctx context.Context, b eventBus) { readBus(ctx, u, b) })
}

// readBus takes the policy from the list and asks for the key, which is not in it.
func readBus(ctx context.Context, u *Unit, b eventBus) {
	const vanished = "ResourceNotFoundException"
	r := &snapshot.Resource{ARN: b.Arn, Type: "AWS::Events::EventBus"}
	r.Policy = u.document(r.ARN, &b.Policy, nil)
	var more eventBus
	switch err := u.json(ctx, eventsAPI, "DescribeEventBus", params{"Name": b.Name}, &more); {
	case call.Is(err, vanished):
		return
	case err != nil:
		u.Missing(r.ARN+" key", err)
		r.Encryption = keyNotRead()
	case more.KmsKeyIdentifier != "":
		r.Encryption = u.encryption(more.KmsKeyIdentifier, "alias/aws/events")
	}
	var tagged struct{ Tags []tag }
	switch err := u.json(ctx, eventsAPI, "ListTagsForResource", params{"ResourceARN": b.Arn}, &tagged); {
	case call.Is(err, vanished):
		return
	case err != nil:
		u.Missing(r.ARN+" tags", err)
	default:
		r.Tags = tagList(tagged.Tags)
	}
	u.Add(r)
}
