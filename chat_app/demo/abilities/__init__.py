"""What the demo can show beside plain tools: one module per ability.

Each has the tools that it needs, which a real model may use too, and a `reply`, which is what the
scripted model says: None where the question is about something else.
"""
