package service

// Unescaped is unescaped, for tests.
var Unescaped = unescaped
