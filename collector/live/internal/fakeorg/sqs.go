package fakeorg

import (
	"fmt"
	"net/http"
	"strings"

	"pathfinder/collector/live/internal/wire"
)

func (o *Org) listQueues(account string, r *wire.Request) *http.Response {
	var urls []string
	for i := range o.draw(o.cfg.Queues+1, "queues", account, r.Region) {
		urls = append(urls, fmt.Sprintf("https://sqs.%s.amazonaws.com/%s/queue-%d", r.Region, account, i))
	}
	first, last, next := o.page(len(urls), 1000, asked(r)["NextToken"])
	answer := obj("QueueUrls", urls[first:last])
	if next != "" {
		answer["NextToken"] = next
	}
	return object(r, answer)
}

func queueOf(account string, r *wire.Request) string {
	url := asked(r)["QueueUrl"]
	return "arn:aws:sqs:" + r.Region + ":" + account + ":" + url[strings.LastIndexByte(url, '/')+1:]
}

func (o *Org) queueAttributes(account string, r *wire.Request) *http.Response {
	arn := queueOf(account, r)
	attributes := obj("QueueArn", arn, "SqsManagedSseEnabled", "true")
	if o.draw(2, "policy", arn) == 0 {
		other := o.accounts[o.draw(len(o.accounts), "sender", arn)]
		attributes["Policy"] = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + other + `"},"Action":"sqs:SendMessage","Resource":"` + arn + `"}]}`
	}
	return object(r, obj("Attributes", attributes))
}

func (o *Org) queueTags(account string, r *wire.Request) *http.Response {
	if o.draw(3, "tags", queueOf(account, r)) == 0 {
		return object(r, obj())
	}
	return object(r, obj("Tags", obj("team", fmt.Sprint("team-", o.draw(5, queueOf(account, r))))))
}
