"""How exposed the children in published photos are, without a register, a vector or a comparison of faces."""
