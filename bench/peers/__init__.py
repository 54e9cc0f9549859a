"""What the platform is measured against."""
