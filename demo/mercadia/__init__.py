"""The pages of Mercadia, with Amparo's button on each of them."""
