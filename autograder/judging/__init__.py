"""One submission: cells and checks in, one result out."""
