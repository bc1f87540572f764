"""What app processes of several hosts share, where ``REDIS_URL`` names a Redis.

==================  =====================================================================
module              what is in it
==================  =====================================================================
`redis`             the one place that connects, with time limits, and tells of outages
`logins`            the logins of people, and a stream of what changes of them
`accounts`          accounts with a password; `counters`: their failed sign-ins
`budgets`           what people have used in a day, and their runs under way
`once`              names that may be used once, such as a sign-in at a provider
`lease`             what one process at a time may do
==================  =====================================================================

`chat_app.middleware.shared_limits` has what processes tell each other of limits on addresses.
Without ``REDIS_URL`` there is none of it: the processes of one host share the data folder.
"""
