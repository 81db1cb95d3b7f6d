"""Detection: the probe that proposes labels, the patterns and lexicons it uses."""
