"""Read publishers' own factor files whole into rows of the factors schema."""
