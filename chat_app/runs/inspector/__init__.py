"""What the inspector knows of a thread and does to it; nothing of it runs while none is open."""
