"""A run's plan read for people: figures, the picture of its largest flows, its rests in words, what staff asked."""
