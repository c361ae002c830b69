"""The pages, records and actions of the room `ledger`."""
