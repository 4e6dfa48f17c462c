"""Readers of other people's rating files; `registry` finds the formats by itself."""
