"""What an operator sees and does beyond people and companies: money that waits, work that failed, disputes to rule. Every act has a reason."""
