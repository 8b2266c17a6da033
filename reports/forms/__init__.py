"""What people say of a report: which rows, which files, who gets it; and how the list of reports is narrowed."""
