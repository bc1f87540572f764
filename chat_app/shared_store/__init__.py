"""What app processes of several hosts share, where ``REDIS_URL`` names a Redis.

==================  =====================================================================
module              what is in it
==================  =====================================================================
`redis`             the one place that connects, with time limits, and tells of outages
==================  =====================================================================

Without ``REDIS_URL`` there is none of it: the processes of one host share the data folder.
"""
