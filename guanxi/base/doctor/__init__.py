"""What must be right before we serve (`safety`), and what an operator wants to know about a running place (`checks`)."""
