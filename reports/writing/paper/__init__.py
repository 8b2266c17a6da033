"""What a printed report says, as plain data: every word and every figure is written here, none in the template."""
