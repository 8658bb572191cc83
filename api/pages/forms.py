"""What people type into forms."""

from starlette.datastructures import FormData


def text_in(form: FormData, field: str) -> str:
    """A field's text without blanks around it; empty where it is missing, or a file."""
    value = form.get(field)
    text = value if isinstance(value, str) else ""
    text = text.replace("\r\n", "\n")  # a browser counts it as one character
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").strip()
