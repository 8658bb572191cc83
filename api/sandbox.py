"""A process that reads what strangers sent: bounded first, then the command line as anybody's.

python -m api.sandbox LARGEST_FILE online|offline COMMAND...
"""

import sys

from knowledge.confined import confine

MOST_SECONDS = 300
MOST_MEMORY = 12 * 2**30
"""Address space, of which PyTorch takes much and uses little."""


def main() -> None:
    """Shut in, then run the command."""
    largest_file, network = int(sys.argv[1]), sys.argv[2]
    del sys.argv[1:3]
    confine(
        seconds=MOST_SECONDS,
        memory=MOST_MEMORY,
        largest_file=largest_file,
        offline=network == "offline",
    )
    from api.cli import main as command

    command()


if __name__ == "__main__":
    main()
