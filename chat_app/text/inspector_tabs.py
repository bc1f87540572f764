"""The inspector's tabs Runs, Memory and Request."""

RUN_NOT_OVER = "A run goes on or waits here. Delete this one when nothing goes any more."
RUN_GONE = "This run does not exist any more."
