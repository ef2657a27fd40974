"""What people ask: one module for each noun."""
