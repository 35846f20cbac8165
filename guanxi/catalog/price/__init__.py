"""What a quantity costs this buyer now: one function, used by page, card, basket and quote."""
