"""What storage says when it cannot go on."""


class StorageError(Exception):
    """The database or the data folder cannot be used as it is.

    The message is written for a person at a terminal: complete sentences that say what happened
    and what to do about it.
    """
