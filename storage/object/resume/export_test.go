package resume

// ParseMetadata is for the fuzz target.
var ParseMetadata = parseMetadata
