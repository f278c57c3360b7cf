"""The code that runs inside the sandbox. It is not secret and not trusted. It imports nothing else of this package."""
