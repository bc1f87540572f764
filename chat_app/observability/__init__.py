"""What operators see: health, metrics, logs as JSON and traces. Knows no setting and no Reflex."""
