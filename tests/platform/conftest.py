from workspace import django_db_modify_db_settings, other_workspace, workspace

__all__ = ["django_db_modify_db_settings", "other_workspace", "workspace"]
