"""Requests to GitHub: how they are sent, repeated, paged and refused."""
