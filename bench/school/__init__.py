"""A made-up school of a realistic size, and what whole commands cost in it: python -m bench.school --help"""
