"""Makes a synthetic dataset of business descriptions, brandable domain names and unsafe requests."""
