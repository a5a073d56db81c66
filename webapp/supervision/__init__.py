"""Start, watch and stop every process of the embedded default: what `make run` calls."""
