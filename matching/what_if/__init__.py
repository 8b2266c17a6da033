"""What would become of one match if something were otherwise; nothing of it is kept."""
