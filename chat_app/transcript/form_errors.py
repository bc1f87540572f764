"""What is wrong with an answer, and where in its form."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, said to a person, and where: names of fields and places in lists."""

    text: str
    path: tuple[str | int, ...] = ()

    def below(self, key: str | int) -> Fault:
        """The same, seen from one level further up."""
        return replace(self, path=(key, *self.path))

    def __str__(self) -> str:
        where = ".".join(map(str, self.path))
        return f"{where}: {self.text}" if where else self.text


class FormError(ValueError):
    """What was filled in cannot be meant."""

    def __init__(self, *faults: Fault | str) -> None:
        self.faults = tuple(Fault(one) if isinstance(one, str) else one for one in faults)
        super().__init__("; ".join(map(str, self.faults)))
