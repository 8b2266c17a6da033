"""What a company is told of those who fit it, and of nobody else."""
