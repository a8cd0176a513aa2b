"""How Django draws forms here: one field template for every form of every system."""

from django.forms.renderers import DjangoTemplates


class Renderer(DjangoTemplates):
    """Django's own widget templates with our field template around them."""

    field_template_name = "screens/field.html"
