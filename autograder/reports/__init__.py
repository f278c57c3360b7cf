"""Stage 6: pages for people. Everything a student wrote is data here: escaped, bounded, never markup."""
