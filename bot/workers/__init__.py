"""What happens by itself: thin shells that wait and write; others decide."""
