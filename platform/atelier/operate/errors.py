"""The one error of this package: a sentence for the person at the keyboard."""


class CannotGoOn(Exception):
    """Stops the command; the message is one sentence that says what to do."""
