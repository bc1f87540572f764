"""Schedules: messages that the server sends again and again."""

SCHEDULES = "Schedules"
SCHEDULES_EMPTY = "You have no schedules."
SCHEDULES_EMPTY_MEANS = "A schedule sends a message for you, each time in a chat of its own."
NO_SCHEDULES_HERE = "This server has no schedules."
NO_SCHEDULES_ALLOWED = "Schedules are turned off here."
NEW_SCHEDULE = "New schedule"
CREATE_SCHEDULE = "Create schedule"
SCHEDULE_NAME, SCHEDULE_NAME_HINT = "Schedule name", "The beginning of the message, if empty"
SCHEDULE_MESSAGE = "Message"
SCHEDULE_REPEATS = "Repeats"
REPEATS = {
    "hourly": "Every hour",
    "daily": "Every day",
    "weekdays": "Every weekday",
    "weekly": "Every week",
    "monthly": "Every month",
    "custom": "Own cron expression",
}
SCHEDULE_MINUTE = "Minute of the hour"
SCHEDULE_TIME = "Time of the day"
SCHEDULE_DAY = "Day of the week"
SCHEDULE_DATE = "Day of the month"
SCHEDULE_CRON = "Cron expression"
SCHEDULE_CRON_HINT = "Minute, hour, day of the month, month, day of the week"
SCHEDULE_ZONE = "Time zone"
DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
AT_MINUTE = "Every hour at minute {minute}"
EVERY_DAY = "Every day at {time}"
EVERY_WEEKDAY = "Every weekday at {time}"
EVERY_WEEK = "Every {day} at {time}"
EVERY_MONTH = "Every month on day {date} at {time}"
NEXT_RUN = "Next run {time}"
NO_NEXT_RUN = "No next run"
PAUSE_SCHEDULE, RESUME_SCHEDULE = "Pause", "Resume"
SCHEDULE_DELETE_SURE = "Delete this schedule?"
KEEP_SCHEDULE = "Keep"
LAST_CHAT = "Last chat"
NO_LAST_CHAT = "Has not run yet"
SCHEDULE_CREATED = "Created: {name}. {when}."
SCHEDULE_GONE = "This schedule does not exist any more."
SCHEDULE_NO_MESSAGE = "Enter a message."
SCHEDULE_TOO_LONG = "This message is too long for a schedule."
SCHEDULE_NO_ASSISTANT = "Choose an assistant."
SCHEDULE_NEEDS_FORM = "This assistant takes a form. Schedules can only send a message."
SCHEDULE_TOO_MANY = "You have {most} schedules, and no more are allowed. Delete one first."
SCHEDULE_BAD_CRON = "This is no cron expression with five fields, such as 0 9 * * 1."
SCHEDULE_NEVER = "This cron expression has no next time."
SCHEDULE_BAD_ZONE = "This time zone is not known."
