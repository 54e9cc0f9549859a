"""Who changed what, when and from where: rows that are written once."""
