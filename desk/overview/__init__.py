"""The blocks of the overview, one module each: what is planned, decided, ending, new; answered as plain data.

Every block asks a fixed number of queries, and every exact figure with a link is the count of the rows behind it.
"""
