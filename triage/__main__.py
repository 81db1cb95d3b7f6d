"""``python -m triage``: the command, where no script is on the path."""

from triage.cli import main

if __name__ == "__main__":
    main()
