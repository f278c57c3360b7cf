"""What PyPI shows: README.md, with whole addresses in the place of paths in this repository."""

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

SOURCE = "https://github.com/backprop-course/backprop-course"
_LINK = re.compile(r"(?P<picture>!?)\[(?P<text>[^\]]*)\]\((?!https?:|#)(?P<path>[^)]+)\)")


def with_addresses(text: str, version: str) -> str:
    """Let links and pictures lead to the files of this version's tag."""

    def whole(link: re.Match[str]) -> str:
        kind = "raw" if link["picture"] else "blob"
        return f"{link['picture']}[{link['text']}]({SOURCE}/{kind}/v{version}/{link['path']})"

    return _LINK.sub(whole, text)


class ReadmeHook(MetadataHookInterface):
    """Hatchling calls it for the dynamic field `readme`."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Put the text into the metadata."""
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        metadata["readme"] = {"content-type": "text/markdown", "text": with_addresses(text, metadata["version"])}
