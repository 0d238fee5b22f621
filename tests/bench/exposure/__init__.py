"""How exposed: grades against how often faces are found again, and whether what is hidden stays hidden."""
