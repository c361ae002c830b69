"""The Django project: people and grants, audit trail, jobs, resources, pages, API."""
