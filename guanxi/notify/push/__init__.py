"""Web push (RFC 8030, 8291, 8292): what happened reaches a device whose browser is closed, by the operator's own keys."""
