"""What may be chosen at a start: environments and hardware profiles."""
