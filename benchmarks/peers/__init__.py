"""The same scoring as others would write it: floats, each rounded by its own means to the digits of the rules."""
