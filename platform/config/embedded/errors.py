class EmbeddedError(Exception):
    """Something on this machine keeps the embedded platform from running; the message says what to do."""
