"""Cases: matters between buyer, seller and marketplace, with deadlines and money."""
