"""From results that an untrusted job handed over to feedback that is signed; and whether a result can be believed."""
