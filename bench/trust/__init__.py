"""What a trust's night costs: a simulation from measured costs, and forty small schools on a cluster."""
