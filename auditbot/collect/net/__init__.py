"""What goes over the network: the guard, requests, addresses, validators, archives of what was sent."""
