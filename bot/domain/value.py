"""Values: what is said, found and decided, of which every message makes several."""

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(cls: type[T]) -> type[T]:
    """Make a class a dataclass with slots that nothing changes, as `frozen` would.

    That nothing changes it is checked by the type checker alone. At run time a frozen dataclass
    sets each of its fields by a call, so that it takes three times as long to make, and is packed
    for another process by Python code instead of C.
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)
