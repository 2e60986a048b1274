package main

import (
	"pathfinder/graphmodel/inventory"
	"pathfinder/solver"
	"pathfinder/solver/audit"
)

// writeTables writes the table of all access and the database into a folder.
func (t *auditing) writeTables(string, *inventory.Inventory, *solver.Survey, *audit.Report) ([]string, error) {
	return nil, nil
}
