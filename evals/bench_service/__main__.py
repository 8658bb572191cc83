"""`python -m evals.bench_service [kills|load|ratios|backup ...] [--quick]`."""

import argparse
import asyncio
import os

from evals.bench_service import backup, kills, load, ratios

SECTIONS = {
    "kills": kills.main,
    "load": load.main,
    "ratios": ratios.main,
    "backup": backup.main,
}


def main() -> None:
    """Run the sections asked for, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("section", nargs="*", choices=[*SECTIONS, []])
    parser.add_argument("--quick", action="store_true", help="at most two minutes a section")
    asked = parser.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"
    for name in asked.section or SECTIONS:
        print(f"\n== {name} ==", flush=True)
        asyncio.run(SECTIONS[name](asked.quick))


if __name__ == "__main__":
    main()
