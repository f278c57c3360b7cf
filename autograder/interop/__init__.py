"""The only package that imports nbgrader and otter."""

import sys

# `import nbformat` loads jsonschema, and that a package which compiles 38 grammars for web addresses (1.3 s). No
# notebook's schema has an address, and jsonschema does without the package where it is not to be had.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
