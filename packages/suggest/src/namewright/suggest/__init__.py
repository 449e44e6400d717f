"""Guarded domain name suggestions from a fine-tuned model: a batch job and an HTTP API."""
