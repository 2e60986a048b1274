package main

import (
	"pathfinder/graphmodel/inventory"
	"pathfinder/render/tables"
	"pathfinder/solver"
	"pathfinder/solver/audit"
)

// writeTables writes the table of all access and the database into a folder.
func (t *auditing) writeTables(dir string, inv *inventory.Inventory, survey *solver.Survey, rep *audit.Report, path string) ([]string, error) {
	return tables.Write(dir, t.format, &tables.Input{
		Inventory: inv, Survey: survey, Report: rep, Snapshot: path, Created: inv.Created, Version: thisVersion().Version,
	})
}
