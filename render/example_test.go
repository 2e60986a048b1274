package render_test

import (
	"fmt"
	"os"

	"pathfinder/render"
	"pathfinder/solver"
)

func ExampleWhoCan() {
	const bucket, ana, reader = "arn:aws:s3:::reports", "arn:aws:iam::111122223333:user/ana", "arn:aws:iam::111122223333:role/reader"
	answer := &solver.WhoCanAnswer{
		Resource: bucket, Actions: []string{"s3:GetObject"}, Complete: true,
		Access: []solver.Access{{
			Principal: ana, Resource: bucket, Path: []solver.Step{{Principal: ana}, {Principal: reader, Kind: "assume-role"}},
			Grants: []solver.Grant{{Actions: []string{"s3:GetObject"}, Resources: []string{bucket + "/*"}}},
		}},
	}
	err := render.WhoCan(os.Stdout, answer, render.Options{Width: 80, Accounts: map[string]string{"111122223333": "shop"}})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// Who can do s3:GetObject on arn:aws:s3:::reports
	//
	// ┌───────────────────┬───────────────────────┬──────────────┬─────────┐
	// │ Principal         │ How                   │ May          │ Only if │
	// ├───────────────────┼───────────────────────┼──────────────┼─────────┤
	// │ user/ana          │ → role/reader in shop │ s3:GetObject │         │
	// │ shop 111122223333 │                       │ on …/*       │         │
	// └───────────────────┴───────────────────────┴──────────────┴─────────┘
	// 1 principal
	//
	// Public: no. Anonymous callers reach nothing here.
	//
	// Complete: nothing is missing that could change this answer.
}
