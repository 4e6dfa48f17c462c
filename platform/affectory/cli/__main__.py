"""`python -m affectory.cli` is the `affectory` command."""

import sys

from affectory.cli import main

sys.exit(main())
