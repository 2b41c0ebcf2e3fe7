"""Object bytes: made from an object's recipe when first read, kept by obstore."""
