"""A price list, once read, into the shop: what is new, what changes, what stays; nothing is written before somebody says so."""
