"""What words were read to hold is kept between audits: it does not depend on consent, and reading is what costs."""
