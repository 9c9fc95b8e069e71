"""Labels for breads."""
