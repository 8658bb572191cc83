"""Screening people for a team: screens, invites, decisions, and what the law asks to be kept."""
