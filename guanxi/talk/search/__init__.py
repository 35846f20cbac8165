"""Finding what was said and done: entries by word, pinyin, number and specification, for whoever reaches them."""
