"""Pages of companies: the book, the directory, a company's own pages, and what those who verify see."""
