"""What the marketplace tells us: stores, products, orders, payments, parcels."""
