"""Marks → what other systems take: one module a format. Pure: text or bytes come out, the command line writes them."""
