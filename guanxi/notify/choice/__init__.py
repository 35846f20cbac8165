"""What a person wants to be told of outside the house, and when not."""
