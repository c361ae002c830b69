"""Forms in the look of the platform: ``{{ form }}`` and ``{{ field.as_field_group }}``."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting

__all__ = ["Renderer"]


class Renderer(TemplatesSetting):
    """Label, field, help and error as `templates/platform/forms` writes them."""

    form_template_name = "platform/forms/form.html"
    field_template_name = "platform/forms/field.html"
