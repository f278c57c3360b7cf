"""Grading on a Dask cluster: the client, its messages, and the code that runs in a worker."""
