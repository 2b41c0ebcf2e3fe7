"""One attempt out: a callback is posted once and the outcome reported."""
