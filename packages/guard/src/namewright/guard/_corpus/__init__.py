"""The synthetic requests that the classifier is trained on, and how they are made."""
