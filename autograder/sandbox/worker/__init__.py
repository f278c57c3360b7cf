"""What runs inside the sandbox. Not secret and not trusted; must import nothing of the rest of the package."""
