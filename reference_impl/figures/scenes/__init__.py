"""The visual explanation: scenes drawn as SVG by Python, and moved by one small script."""
