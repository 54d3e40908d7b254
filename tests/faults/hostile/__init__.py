"""Files that somebody might send by accident or on purpose to harm the intake or whoever opens its papers."""
