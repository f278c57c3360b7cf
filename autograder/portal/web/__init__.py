"""The pages of the portal: routes with their rights, and what each of them shows."""
