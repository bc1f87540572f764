"""What happens next on a thread, pure: events in, the next value and effects out."""
