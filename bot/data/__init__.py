"""The files that practitioners edit and the weights that training made, and their loaders."""
