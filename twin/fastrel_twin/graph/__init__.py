"""The twin's GraphQL, a module for each kind of object."""
