"""Weigh one possible surname: what stands around it is computed once, and an ordered table of rules reads that."""
