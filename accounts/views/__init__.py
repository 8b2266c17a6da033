"""Pages of accounts: the entrance, one's own account, second factors, people."""
