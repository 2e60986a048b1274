package collector_test

import (
	"fmt"

	"pathfinder/collector"
)

func ExampleOpen() {
	inv, err := collector.Open("../fixtures/queue")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, a := range inv.Accounts {
		fmt.Println(a.ID, a.Name, len(a.Principals()), "users and roles", len(a.Held().Resources), "resources")
	}

	_, err = collector.Open("../fixtures/nosuch")
	fmt.Println(err)
	// Output:
	// 111122223333 account-b 5 users and roles 0 resources
	// 123456789012 account-a 1 users and roles 3 resources
	// ../fixtures/nosuch: there is no such file or folder; give a snapshot folder, a folder of iam-collect, or output of get-account-authorization-details
}
