"""What the reader sees, as a value: events in, transcript out. Pure: no I/O, clock or Reflex."""
