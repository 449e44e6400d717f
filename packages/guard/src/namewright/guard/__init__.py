"""Is this request, or this domain name, safe? A small content guard without torch that any service can import."""
