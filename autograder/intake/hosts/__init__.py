"""One module a host: which names at the top of a download are its own, and whose files lie below them."""
