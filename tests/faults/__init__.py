"""What must be true after a fault: processes of their own are killed at a chosen moment."""

BEFORE_COMMIT, AFTER_COMMIT = "before the commit", "after the commit"
