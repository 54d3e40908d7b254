"""The local stack: PostgreSQL and Airflow on one machine, for working and for the demo."""
