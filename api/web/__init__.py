"""The service over HTTP: interviews, kits, pages and the practice door, one FastAPI application."""
