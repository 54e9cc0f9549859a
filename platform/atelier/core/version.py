"""The release this is. Images carry it as their tag."""

VERSION = "0.1.0"
