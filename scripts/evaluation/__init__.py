"""What `scripts/eval.py` is made of: tables whose columns are known, ways to spoil them, figures, and the page of figures."""
