"""The candidate's pages, rendered on the server: lobby, kit, notice, interview, report."""

from api.pages.routes import router

__all__ = ["router"]
