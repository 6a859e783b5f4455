"""The contract's values and errors, by noun; `connectors.base` has them all."""
