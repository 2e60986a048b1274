// Package tables writes all access of an organization as tables: one row for each
// principal, resource and kind of path as Parquet, CSV or JSON lines, and a database of
// SQLite in which everything is normalized, with views for the questions that people
// ask. docs/audit-schema.md describes both.
//
// Rows stream: what is kept in memory grows with principals, resources and different
// terms, not with rows.
package tables
