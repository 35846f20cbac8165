"""What was said in one talk, said again in another. Where it came from and what companies agreed there stays there."""

KIND = "forward"
