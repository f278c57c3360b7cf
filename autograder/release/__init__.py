"""What students get, made from the author's text and checked for leaks before a byte is written."""
