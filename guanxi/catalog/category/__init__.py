"""The tree of trades: sector, group, leaf. It ships as tree.csv; the operator's instance may have its own."""
