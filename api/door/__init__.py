"""A door for chat clients: interviews for practice, in the form of OpenAI's chat completions."""

from api.door.routes import router

__all__ = ["router"]
