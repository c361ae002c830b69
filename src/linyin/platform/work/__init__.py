"""Long work: how it is declared, asked for, leased, run, and kept running."""
