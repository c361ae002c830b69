"""The example enterprise “林荫通信 / Linyin Communications”: invented, illustrative."""

from linyin.demo.writing import write

__all__ = ["write"]
