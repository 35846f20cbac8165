"""Prices for chosen customers: lists with priority and validity that go before the prices of the shop."""
