"""Who may open and do what: the written table for every address, and that nobody is shown what is not theirs."""
