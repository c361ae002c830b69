"""The pages, records and actions of the room `governance`."""
