"""What several vendors of one house share."""
