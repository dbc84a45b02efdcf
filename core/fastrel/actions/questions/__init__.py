"""Questions to people, and the prompters that answer them."""
