"""Django's PostgreSQL with statements the server remembers (settings.DATABASES)."""
