"""The dashboard: one HTML file for a results folder, with nothing in it from elsewhere."""
