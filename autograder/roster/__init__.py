"""Who is in the class: the roster, as the instructor or a host wrote it."""
