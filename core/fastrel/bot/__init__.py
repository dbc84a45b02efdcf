"""Commands that people write as comments on a tracker, and what they are answered."""
