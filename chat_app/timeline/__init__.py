"""What happened in a run, as a value, for the inspector. Pure: no I/O, clock or Reflex."""
