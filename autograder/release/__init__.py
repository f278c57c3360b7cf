"""Makes the files that students get from the author's text, and searches them for answers before it writes them."""
