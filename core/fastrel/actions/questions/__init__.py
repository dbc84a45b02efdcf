"""What a person is asked, and who answers: at a terminal, beforehand, or nobody."""
