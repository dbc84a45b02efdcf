"""Commands that people write as comments on a tracker, and the answers to them."""
