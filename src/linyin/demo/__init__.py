"""The example enterprise “林荫通信 / Linyin Communications”: invented, illustrative."""

from typing import TYPE_CHECKING

from linyin.lazy import lazy_face

if TYPE_CHECKING:
    from linyin.demo.writing import write as write_example
else:
    __getattr__, __dir__ = lazy_face(__name__)

__all__ = [
    "write_example",
]
