package service

import (
	"context"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
)

// ec2 reads what takes no call for each thing. EBS snapshots, which do, are a
// service of their own that can be left out.
var ec2 = Service{
	Name: "ec2", Title: "Amazon EC2", What: "instances and VPC endpoints", Scope: Regional,
	Types:      []string{"AWS::EC2::Instance", "AWS::EC2::VPCEndpoint"},
	Operations: ops("EC2", "ec2", "DescribeInstances", "DescribeVpcEndpoints"),
	Lists:      2, Each: 0,
	Read: readEC2,

	Config: []string{"AWS::EC2::Instance", "AWS::EC2::VPCEndpoint"},
}

var ec2API = call.API{Service: "EC2", Prefix: "ec2", Version: "2016-11-15"}

// ec2Tags are tags in the XML of EC2.
type ec2Tags []struct {
	Key   string `xml:"key"`
	Value string `xml:"value"`
}

func (t ec2Tags) fact() snapshot.Fact[snapshot.Tags] {
	list := make([]tag, len(t))
	for i := range t {
		list[i] = tag(t[i])
	}
	return tagList(list)
}

type instance struct { // no user data, which may hold secrets
	ID    string `xml:"instanceId"`
	State string `xml:"instanceState>name"`
	// Profile is the ARN of the instance profile.
	Profile string  `xml:"iamInstanceProfile>arn"`
	Tags    ec2Tags `xml:"tagSet>item"`
	owner   string
}

type vpcEndpoint struct {
	ID      string  `xml:"vpcEndpointId"`
	Type    string  `xml:"vpcEndpointType"`
	VPC     string  `xml:"vpcId"`
	Service string  `xml:"serviceName"`
	State   string  `xml:"state"`
	Policy  string  `xml:"policyDocument"`
	Owner   string  `xml:"ownerId"`
	Tags    ec2Tags `xml:"tagSet>item"`
}

func readEC2(ctx context.Context, u *Unit) error {
	instances, noInstances := readInstances(ctx, u)
	endpoints, noEndpoints := readEndpoints(ctx, u)
	switch {
	case noInstances != nil && noEndpoints != nil:
		return noInstances
	case noInstances != nil:
		u.Missing("instances", noInstances)
	case noEndpoints != nil:
		u.Missing("VPC endpoints", noEndpoints)
	}
	for _, i := range instances {
		// Those of others are in subnets that are shared with them. Terminated ones
		// are listed for an hour.
		if i.owner == u.Account && i.State != "terminated" {
			u.Add(&snapshot.Resource{
				ARN: u.ARN("ec2", "instance/"+i.ID), Type: "AWS::EC2::Instance", InstanceProfile: i.Profile, Tags: i.Tags.fact(),
			})
		}
	}
	for i := range endpoints {
		if e := &endpoints[i]; (e.Owner == "" || e.Owner == u.Account) && e.State != "deleted" {
			u.Add(u.endpoint(e))
		}
	}
	return ctx.Err()
}

// readInstances lists instances, with those that services of AWS manage in the
// account: they run under instance profiles too.
func readInstances(ctx context.Context, u *Unit) ([]instance, error) {
	managed := true
	return tokenPages(func(token string) ([]instance, string, error) {
		var out struct {
			Reservations []struct {
				Owner     string     `xml:"ownerId"`
				Instances []instance `xml:"instancesSet>item"`
			} `xml:"reservationSet>item"`
			NextToken string `xml:"nextToken"`
		}
		in := queryOf("MaxResults", "1000", "NextToken", token)
		if managed {
			in.Set("IncludeManagedResources", "true")
		}
		err := u.query(ctx, ec2API, "DescribeInstances", in, &out)
		if managed && call.Is(err, "UnknownParameter") { // where EC2 knows no such instances yet
			managed = false
			in.Del("IncludeManagedResources")
			err = u.query(ctx, ec2API, "DescribeInstances", in, &out)
		}
		var all []instance
		for _, r := range out.Reservations {
			for _, i := range r.Instances {
				i.owner = r.Owner
				all = append(all, i)
			}
		}
		return all, out.NextToken, err
	})
}

func readEndpoints(ctx context.Context, u *Unit) ([]vpcEndpoint, error) {
	return tokenPages(func(token string) ([]vpcEndpoint, string, error) {
		var out struct {
			Endpoints []vpcEndpoint `xml:"vpcEndpointSet>item"`
			NextToken string        `xml:"nextToken"`
		}
		err := u.query(ctx, ec2API, "DescribeVpcEndpoints", queryOf("MaxResults", "1000", "NextToken", token), &out)
		return out.Endpoints, out.NextToken, err
	})
}

// endpoint makes the resource of an endpoint. Kinds that take no policy answer
// without one.
func (u *Unit) endpoint(e *vpcEndpoint) *snapshot.Resource {
	r := &snapshot.Resource{ARN: u.ARN("ec2", "vpc-endpoint/"+e.ID), Type: "AWS::EC2::VPCEndpoint", Tags: e.Tags.fact()}
	r.Policy = u.document(r.ARN, &e.Policy, nil)
	r.VPCID = e.VPC
	r.Extra = extra(struct {
		Service string `json:"ServiceName,omitzero"`
		Type    string `json:"VpcEndpointType,omitzero"`
	}{e.Service, e.Type})
	return r
}
