package live

import (
	"context"
	"net/url"
	"slices"

	"pathfinder/collector/live/internal/call"
)

// ec2 is the API of EC2, which is called without its client.
var ec2 = call.API{Service: "EC2", Prefix: "ec2", Version: "2016-11-15"}

// regionOps are what finding the regions of an account takes.
var regionOps = []call.Operation{{Service: "EC2", Name: "DescribeRegions", Actions: []string{"ec2:DescribeRegions"}}}

// enabledRegions lists the regions that are enabled in an account.
func enabledRegions(ctx context.Context, login *call.Login, from string) ([]string, error) {
	var out struct {
		Regions []struct {
			Name  string `xml:"regionName"`
			OptIn string `xml:"optInStatus"`
		} `xml:"regionInfo>item"`
	}
	// Without AllRegions only those that are enabled are listed.
	if err := login.Query(ctx, from, ec2, "DescribeRegions", url.Values{}, &out); err != nil {
		return nil, err
	}
	var names []string
	for _, r := range out.Regions {
		if r.OptIn != "not-opted-in" {
			names = append(names, r.Name)
		}
	}
	slices.Sort(names)
	return names, nil
}
