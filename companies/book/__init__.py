"""The book as a file: how .xlsx and .csv with companies, needs and capacities are read, answered and written."""
