"""Whether the parts of the platform work, for those who run it."""
