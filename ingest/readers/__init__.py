"""One module per kind of medium; `registry` finds them by itself."""
