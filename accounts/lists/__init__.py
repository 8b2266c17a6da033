"""Lists that are filtered, sorted and paged by their address, whatever their rows are."""
