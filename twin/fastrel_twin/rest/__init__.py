"""The REST API by noun. Each module has `ROUTES`: method, path below `/api/v3`, handler."""
