package call

// JSONError is jsonError, for tests.
var JSONError = jsonError
