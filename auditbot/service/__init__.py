"""Running auditbot as a service of a school: backups that are tried, keys that change, units of the system."""
