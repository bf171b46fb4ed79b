"""Attributes that are computed on first use, without a lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

Value = TypeVar("Value")


class lazy(Generic[Value]):  # noqa: N801 - a decorator, like property
    """An attribute that a method computes on first use; the instance keeps it.

    Up to Python 3.11, ``functools.cached_property`` holds one lock for all instances while it computes. A run that lets
    others go first at a checkpoint in there would keep them all waiting for this lock. Without one, two threads that
    first use the attribute of one instance at the same time may both compute it, and the last value stays.
    """

    def __init__(self, method: Callable[[Any], Value]) -> None:
        self._method = method
        self._name = method.__name__
        self.__doc__ = method.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> lazy[Value]: ...

    @overload
    def __get__(self, instance: object, owner: type) -> Value: ...

    def __get__(self, instance: object | None, owner: type) -> lazy[Value] | Value:
        """Return the value, and keep it where Python finds it before this descriptor."""
        if instance is None:
            return self
        value: Value = self._method(instance)
        vars(instance)[self._name] = value
        return value
