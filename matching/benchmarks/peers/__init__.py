"""The same question to other tools: the ten best capacities of every need, by the same rules over the same columns."""
