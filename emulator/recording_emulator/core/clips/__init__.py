"""Media that plays, written without an encoder: pure functions from a clip to its bytes."""
