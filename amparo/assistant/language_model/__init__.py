"""An optional language model that may word an answer, from our own articles and nothing else."""
