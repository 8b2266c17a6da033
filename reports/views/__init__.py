"""Pages: one module for each kind of thing; the addresses stand in reports/urls.py."""
