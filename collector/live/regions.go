package live

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"pathfinder/collector/live/internal/call"
)

// ec2 is the API of EC2, which is called without its client.
var ec2 = call.API{Service: "EC2", Prefix: "ec2", Version: "2016-11-15"}

// regionOps are what finding the regions of an account takes.
var regionOps = []call.Operation{{Service: "EC2", Name: "DescribeRegions", Actions: []string{"ec2:DescribeRegions"}}}

// reachable returns a function that reports whether a region answers. That a name does
// not exist is what a resolver says, which may be out of order: the name of EC2 exists
// in every region.
func (c *collection) reachable(login *call.Login) func(context.Context, string) bool {
	return func(ctx context.Context, region string) bool {
		_, err := enabledRegions(ctx, login, region)
		return err == nil
	}
}

// checkRegions refuses names that no region has: nothing would answer there, and
// nothing would seem to be there. Without the permission to ask nothing is refused.
func (c *collection) checkRegions(ctx context.Context) error {
	if len(c.cfg.Regions) == 0 {
		return nil
	}
	known, err := listRegions(ctx, c.session.Own(), c.session.Region, url.Values{"AllRegions": {"true"}})
	if err != nil {
		return ctx.Err()
	}
	for _, region := range c.cfg.Regions {
		if !slices.Contains(known, region) {
			return fmt.Errorf("--regions: there is no region %q in the partition %s; there are %s", region, c.session.Partition, strings.Join(known, ", "))
		}
	}
	return nil
}

// enabledRegions lists the regions that are enabled in an account.
func enabledRegions(ctx context.Context, login *call.Login, from string) ([]string, error) {
	return listRegions(ctx, login, from, nil) // without AllRegions only those that are enabled
}

func listRegions(ctx context.Context, login *call.Login, from string, params url.Values) ([]string, error) {
	var out struct {
		Regions []struct {
			Name  string `xml:"regionName"`
			OptIn string `xml:"optInStatus"`
		} `xml:"regionInfo>item"`
	}
	if err := login.Query(ctx, from, ec2, "DescribeRegions", params, &out); err != nil {
		return nil, err
	}
	var names []string
	for _, r := range out.Regions {
		if r.OptIn != "not-opted-in" || params != nil {
			names = append(names, r.Name)
		}
	}
	if len(names) == 0 {
		return nil, errors.New("AWS lists no region")
	}
	slices.Sort(names)
	return names, nil
}
