"""How well faces are found and named, measured. Run: python -m tests.bench.faces"""
