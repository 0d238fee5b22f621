"""The computer this runs on: what it refuses, what children are given of the environment, what libraries keep."""
