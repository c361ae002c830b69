"""Resources: declared once over a model or a lake table; lists, forms, files and API follow."""

from linyin.platform.resources.columns import Column
from linyin.platform.resources.filters import Filter
from linyin.platform.resources.resource import RESOURCES, RecordPart, Resource
from linyin.platform.resources.source import Page, Query, Source

__all__ = ["RESOURCES", "Column", "Filter", "Page", "Query", "RecordPart", "Resource", "Source"]
