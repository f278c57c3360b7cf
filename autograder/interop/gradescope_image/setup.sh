#!/usr/bin/env bash
# Gradescope runs this once, when it builds the image. Python of the version that made this archive, because its
# packages are pinned to what they were there; bubblewrap for sandbox tier A (tier B needs nothing).
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq python3 python3-venv bubblewrap
python3 -m venv /opt/uv
/opt/uv/bin/pip install --quiet uv
export UV_PYTHON_INSTALL_DIR=/autograder/python
/opt/uv/bin/uv venv --quiet --python @PYTHON@ /autograder/venv
/opt/uv/bin/uv pip install --quiet --python /autograder/venv/bin/python -r /autograder/source/requirements.txt
# What hidden inputs are drawn with: made here, so that it is neither in the archive nor the same in two images.
(umask 077 && head -c 32 /dev/urandom > /autograder/secret.key)
