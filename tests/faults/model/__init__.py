"""The engine as a model: thousands of interleavings under a virtual clock."""
