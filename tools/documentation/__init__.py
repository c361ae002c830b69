"""How the documentation is made: pages from data, and a site from pages."""
