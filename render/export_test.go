package render

// ActionText is how tables tell actions.
var ActionText = actionText
