"""Run npm in frontend/ with the Node that the set-up chose: ``python3 scripts/npm.py run check``."""

import subprocess
import sys

from toolchain import FRONTEND, find_npm


def main() -> int:
    npm = find_npm()
    if npm is None:
        sys.stderr.write("There is no Node here yet; run `make setup`.\n")
        return 1
    command = [*npm.command, *sys.argv[1:]]
    return subprocess.run(command, cwd=FRONTEND, env=npm.environment(), check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
