"""Pages for people, made from results and marks. All text of a student is escaped and bounded, never markup."""
