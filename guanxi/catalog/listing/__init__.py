"""A thing for sale, in one or more sizes."""
