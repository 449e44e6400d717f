"""What people read: text for the terminal, Markdown for a pull request, one HTML page."""
