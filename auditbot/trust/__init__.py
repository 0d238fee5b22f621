"""Many schools: their audits in one night, their counts on one page, and refusals that move along with a pupil."""
