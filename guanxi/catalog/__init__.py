"""What companies sell: categories, listings with their sizes, prices by quantity. Knows nothing of deals."""
