"""What an operator does beside serving: backup and restore, upgrade, erasure, retention (docs/operate)."""
